"""Order pages for a vendor's team."""

from datetime import UTC, datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.orders import editing, papers, queries, services
from modules.orders.forms import CancelForm, NoteForm
from modules.orders.lists import PAGES
from modules.orders.states import ACTIONS
from modules.orders.views import detail
from orion.contracts.errors import NotFound
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)
BOTH = ("GET", "POST")


@pages.page("/orders", permission="orders.view", methods=BOTH)
def orders(scope: Scope) -> ResponseReturnValue:
    """Every order of this vendor."""
    may_enter = scope.allows("orders.edit") and scope.has("orders.order_entry")
    return answer_list(PAGES["vendor"], scope, "orders/orders.html", may_enter=may_enter)


@pages.page("/orders/new", permission="orders.edit", feature="order_entry", methods=BOTH)
def new(scope: Scope) -> ResponseReturnValue:
    """Enter an order."""
    return editing.enter(scope, request.args.get("customer", ""))


@pages.page("/orders/<public_id>", permission="orders.view")
def order(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One order or refund."""
    return detail(scope, public_id, "vendor")


@pages.page("/orders/<public_id>/edit", permission="orders.edit", feature="order_entry", methods=BOTH)
def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Change a draft."""
    return editing.edit(scope, public_id)


@pages.page("/orders/<public_id>/place", permission="orders.edit", feature="order_entry", methods=("POST",))
def place(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make a draft an order."""
    found = queries.order(scope, public_id)
    services.advance(scope, [public_id], "place", now=datetime.now(UTC))
    return done(_("Order %(number)s is placed.", number=found.number), url_for(".order", public_id=public_id))


@pages.page("/orders/<public_id>/step/<action>", permission="orders.fulfil", methods=("POST",))
def step(scope: Scope, public_id: str, action: str) -> ResponseReturnValue:
    """Confirm, pack or deliver."""
    if action not in ACTIONS or not ACTIONS[action].undoable:
        raise NotFound()
    found = queries.order(scope, public_id)
    before = services.advance(scope, [public_id], action, now=datetime.now(UTC))
    said = _("Order %(number)s has gone on.", number=found.number)
    return done(
        said, url_for(".order", public_id=public_id), Undo("orders.step", before=before, action=action)
    )


@pages.page("/orders/<public_id>/ship", permission="orders.fulfil", methods=BOTH)
def ship(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Send an order, or a part of it."""
    return editing.ship(scope, public_id)


@pages.page("/orders/<public_id>/refund", permission="orders.refund", methods=BOTH)
def refund(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Give money back."""
    return editing.refund(scope, public_id)


@pages.page("/orders/<public_id>/cancel", permission="orders.edit", methods=BOTH)
def cancel(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Cancel an order of which nothing has left."""
    found, form = queries.order(scope, public_id), CancelForm()
    back = url_for(".order", public_id=public_id)
    if form.sent():
        with form.attempt():
            services.cancel(scope, public_id, now=datetime.now(UTC), reason=form.reason.data)
            return done(_("Order %(number)s is cancelled.", number=found.number), back)
    title = _("Cancel order %(number)s", number=found.number)
    return form_page(
        form, title=title, submit=_("Cancel the order"), back=back, intro=_("This can't be undone.")
    )


@pages.page("/orders/<public_id>/notes", permission="orders.edit", methods=("POST",))
def note(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Write something on the timeline."""
    form = NoteForm()
    if form.sent():
        with form.attempt():
            services.note(scope, public_id, form.text.data, now=datetime.now(UTC))
            return done(_("The note is on the timeline."), url_for(".order", public_id=public_id))
    return detail(scope, public_id, "vendor", form)


@pages.page("/orders/<public_id>/packing-slip", permission="orders.view", feature="order_papers")
def packing_slip(scope: Scope, public_id: str) -> ResponseReturnValue:
    """What lies in the parcel, for the printer."""
    return papers.packing_slip(scope, public_id)


@pages.page("/orders/<public_id>/invoice", permission="orders.view", feature="order_papers")
def invoice(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The invoice, for the printer."""
    return papers.invoice(scope, public_id)


@pages.page(
    "/orders/<public_id>/invoice", permission="orders.edit", feature="order_papers", methods=("POST",)
)
def write_invoice(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Give an order its invoice."""
    written = services.invoice(scope, public_id, now=datetime.now(UTC))
    return done(
        _("Invoice %(number)s is written.", number=written.code), url_for(".invoice", public_id=public_id)
    )
