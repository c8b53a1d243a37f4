"""What the order pages of both frontends share."""

from decimal import Decimal
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.orders import queries
from modules.orders.forms import NoteForm
from modules.orders.lists import label
from modules.orders.models import Event, Line, Order
from modules.orders.states import STATES, UNCOUNTED, Action, allowed
from orion.contracts.addresses import country_name
from orion.contracts.money import Money
from orion.contracts.pages import render
from orion.contracts.scope import Scope

#: Events that are no status: title, tone.
HAPPENED = {
    "replaced": (_l("Contents replaced by an import"), "info"),
    "refund": (_l("Refunded"), "warning"),
    # TRANSLATORS: A step of an order was undone.
    "undone": (_l("Undone"), ""),
    "note": (_l("Note"), ""),
}
SOURCES = {"manual": _l("Entered here"), "import": _l("Imported"), "seed": _l("Sample data")}


def detail(scope: Scope, public_id: str, frontend: str, note: NoteForm | None = None) -> ResponseReturnValue:
    """One document's page; `note` is a note that could not be written yet."""
    whole = queries.whole(scope, public_id)
    order = whole.order
    return render(
        "orders/order.html",
        note.answer_status if note else 200,
        order=order,
        doing=_doing(scope, order) if frontend == "vendor" else None,
        note=(note or NoteForm()) if frontend == "vendor" and scope.allows("orders.edit") else None,
        shipments=queries.shipments(scope, order),
        invoice=whole.invoice,
        refunded=Money(order.refunded, order.currency) if order.refunded else None,
        frontend=frontend,
        label=label(order),
        country=country_name(order.country),
        state=STATES[order.status],
        source=SOURCES[order.source],
        total=Money(order.total, order.currency),
        vendor=whole.vendor,
        platform=whole.platform,
        customer=whole.customer if _may_open_customers(scope) else None,
        lines=[(line, price(line), Money(line.total, line.currency)) for line in queries.lines(scope, order)],
        related=[(other, Money(other.total, other.currency)) for other in queries.related(scope, order)],
        timeline=_timeline(scope, order),
    )


def price(line: Line) -> Money | str:
    """A line's unit price: money where its currency can say it exactly, else as the source wrote it."""
    if not line.unit_price:
        return ""
    exact = Decimal(line.unit_price)
    money = Money.of(exact, line.currency)
    return money if money.amount == exact else f"{exact.normalize():f} {line.currency}"


def _may_open_customers(scope: Scope) -> bool:
    return scope.allows("customers.view") and scope.has("customers.customer_profiles")


#: What is most likely to be done next to a sale.
NEXT = {
    "draft": "place",
    "placed": "confirm",
    "confirmed": "pack",
    "packed": "ship",
    "part_shipped": "ship",
    "shipped": "deliver",
}
#: Action → the permission of its page.
NEEDS = {"place": "orders.edit", "cancel": "orders.edit", "refund": "orders.refund"}


def _doing(scope: Scope, order: Order) -> dict[str, Any]:
    """What this person can do to the document now: the next step, and all others."""
    found = [
        {
            "id": action.id,
            "label": action.label,
            "url": _address_of(action, order),
            "asks": not _is_step(action),
        }
        for action in (allowed(order.status) if order.kind == "sale" else ())
        if scope.allows(NEEDS.get(action.id, "orders.fulfil"))
    ]
    if order.status == "draft" and not scope.has("orders.order_entry"):
        found = [one for one in found if one["id"] != "place"]
    wanted = NEXT.get(order.status)
    return {
        "next": next((one for one in found if one["id"] == wanted), None),
        "others": [one for one in found if one["id"] != wanted],
        "edit": order.status == "draft" and scope.allows("orders.edit") and scope.has("orders.order_entry"),
        "papers": scope.has("orders.order_papers"),
        "invoice": scope.allows("orders.edit") and order.status not in UNCOUNTED,
    }


def _is_step(action: Action) -> bool:
    return action.undoable or action.id == "place"


def _address_of(action: Action, order: Order) -> str:
    if action.undoable:
        return url_for("orders_vendor.step", public_id=order.public_id, action=action.id)
    return url_for(f"orders_vendor.{action.id}", public_id=order.public_id)


def _timeline(scope: Scope, order: Order) -> list[dict[str, Any]]:
    """What happened, the latest first; last of all that it was placed, where no event says so."""
    events = queries.events(scope, order)
    begun = [] if order.source == "manual" and order.kind == "sale" else [_placed(order)]
    return [*(_happened(*event) for event in events), *begun]


def _happened(event: Event, who: str | None) -> dict[str, Any]:
    title, tone = HAPPENED.get(event.kind) or STATES[event.kind]
    return {"title": title, "at": event.at, "text": event.text, "tone": tone, "who": who}


def _placed(order: Order) -> dict[str, Any]:
    title = _("Refunded") if order.kind == "refund" else _("Placed")
    return {
        "title": title,
        "at": order.placed_at,
        "tone": STATES[order.status][1] if order.kind == "refund" else "",
    }
