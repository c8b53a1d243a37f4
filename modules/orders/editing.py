"""The pages on which something is done to an order: entering, sending, refunding."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.orders import queries, services
from modules.orders.forms import EntryForm, RefundForm, ShipForm, by_place, entry_form
from modules.orders.models import Line, Order
from modules.orders.states import allowed
from orion.contracts.errors import Invalid
from orion.contracts.forms import done, form_page
from orion.contracts.scope import Scope


def enter(scope: Scope, customer_id: str) -> ResponseReturnValue:
    """The page of a new order, for a customer if one is named."""
    about = {}
    if customer_id and scope.allows("customers.view"):
        known = queries.customer(scope, customer_id)
        about = {"customer_name": known.name, "email": known.email, "country": known.country}
    form = entry_form(None, (), _platforms(scope), **about)
    if _goes_on(form):
        with form.attempt():
            now = _now()
            return _entered(scope, services.enter(scope, form.entry(), now=now), now)
    return _entry_page(form, _("New order"), url_for(".orders"))


def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page of a draft."""
    order = queries.order(scope, public_id)
    here = [(code, name) for code, name, id_ in queries.platforms(scope) if id_ == order.platform_id]
    form = entry_form(order, queries.lines(scope, order), here)
    if _goes_on(form):
        with form.attempt():
            now = _now()
            return _entered(scope, services.edit(scope, public_id, form.entry(), now=now), now)
    return _entry_page(
        form, _("Order %(number)s", number=order.number), url_for(".order", public_id=public_id)
    )


def _entered(scope: Scope, order: Order, now: datetime) -> ResponseReturnValue:
    """A draft is kept; placing it too is the other button."""
    if request.form.get("then") == "place":
        services.advance(scope, [order.public_id], "place", now=now)
        said = _("Order %(number)s is placed.", number=order.number)
    else:
        said = _("Draft %(number)s is kept.", number=order.number)
    return done(said, url_for(".order", public_id=order.public_id))


def _goes_on(form: EntryForm) -> bool:
    """Whether the form was sent to be kept, and not to get more lines or a product."""
    if request.method != "POST":
        return False
    if request.form.get("pick"):
        form.add_line(_picked(request.form["pick"]))
        return False
    if "more" in request.form:
        form.add_rows()
        return False
    return "search" not in request.form and form.sent()


def _picked(text: str) -> dict[str, Any]:
    """What a product picker's button says: JSON of `{sku, title, unit_price, tax_rate}`."""
    try:
        found = json.loads(text)
        price, rate = found.get("unit_price"), found.get("tax_rate")
        return {
            "sku": str(found.get("sku", ""))[:120],
            "title": str(found.get("title", ""))[:300],
            "unit_price": price if isinstance(price, int) else None,
            "tax_rate": rate if isinstance(rate, int | float) else None,
        }
    except (ValueError, AttributeError):
        raise Invalid(_("This product can't be read: type it in.")) from None


def _entry_page(form: EntryForm, title: str, back: str) -> ResponseReturnValue:
    return form_page(form, "orders/entry.html", title=title, back=back)


def ship(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page of a parcel."""
    order, lines = _order_to(scope, public_id, "ship")
    lines = [line for line in lines if line.to_ship]
    form = ShipForm(data={"lines": [{"quantity": line.to_ship} for line in lines]})
    if form.sent() and len(form.lines) == len(lines):
        units = {
            line.position: part.form.quantity.data or 0 for line, part in zip(lines, form.lines, strict=True)
        }
        with form.attempt(), by_place(lines):
            services.ship(
                scope, public_id, units, now=_now(), carrier=form.carrier.data, tracking=form.tracking.data
            )
            sent = sum(units.values())
            return done(
                ngettext("One unit is on its way.", "%(num)s units are on their way.", sent),
                url_for(".order", public_id=public_id),
            )
    title = _("Ship order %(number)s", number=order.number)
    return _lines_page(form, "orders/ship.html", title, order, lines)


def refund(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page of a refund."""
    order, lines = _order_to(scope, public_id, "refund")
    lines = [line for line in lines if line.refundable or line.left > 0]
    form = RefundForm(money_in=order.currency, data={"lines": [{} for _line in lines], "restock": True})
    if form.sent() and len(form.lines) == len(lines):
        wanted = [part.form.line(line.position) for line, part in zip(lines, form.lines, strict=True)]
        with form.attempt(), by_place(lines):
            made = services.refund(
                scope, public_id, wanted, now=_now(), reason=form.reason.data, restock=form.restock.data
            )
            said = _("Refund %(number)s is written.", number=made.number)
            return done(said, url_for(".order", public_id=public_id))
    title = _("Refund order %(number)s", number=order.number)
    return _lines_page(form, "orders/refund.html", title, order, lines)


def _order_to(scope: Scope, public_id: str, action: str) -> tuple[Order, Sequence[Line]]:
    """An order and its lines. Raises NotFound, and Invalid where the action can't be done."""
    order = queries.order(scope, public_id)
    if action not in [one.id for one in allowed(order.status)]:
        raise Invalid(_("Order %(number)s can't be changed in this way now.", number=order.number))
    return order, queries.lines(scope, order)


def _lines_page(
    form: Any, template: str, title: str, order: Order, lines: Sequence[Line]
) -> ResponseReturnValue:
    back = url_for(".order", public_id=order.public_id)
    rows = list(zip(lines, form.lines, strict=False))
    return form_page(form, template, title=title, back=back, order=order, rows=rows)


def _platforms(scope: Scope) -> list[tuple[str, str]]:
    return [(code, name) for code, name, _id in queries.selling_on(scope)]


def _now() -> datetime:
    return datetime.now(UTC)
