"""Writes: taking documents in bulk, and everything that is done to a sale. All keep the daily figures true.

Events that others may listen to, each with `orders`, a list of what `changing.told` gives: `orders.placed`
(a listener that raises Invalid refuses it), `orders.shipped` (the units that left), `orders.cancelled` (the
units that will not leave), and `orders.refunded` (`dropped`: units that will not leave, `returned`: units
that came back, `restock`: whether these go back on the shelf).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from modules.orders import notices
from modules.orders.changing import Changes, all_locked, lines_of, locked, require, told
from modules.orders.documents import Document, DocumentLine, Taken
from modules.orders.entering import Entry, EntryLine, date_today, edit, enter
from modules.orders.invoicing import invoice
from modules.orders.models import Order
from modules.orders.refunding import RefundLine, refund
from modules.orders.shipping import ship, ship_all
from modules.orders.states import ACTIONS
from modules.orders.taking import take
from orion.contracts.errors import Invalid
from orion.contracts.events import emit
from orion.contracts.notices import tell
from orion.contracts.scope import Scope

#: More orders than these that are placed at once are told of together.
FEW = 5

__all__ = [
    "Document",
    "DocumentLine",
    "Entry",
    "EntryLine",
    "RefundLine",
    "Taken",
    "advance",
    "cancel",
    "edit",
    "enter",
    "invoice",
    "note",
    "refund",
    "ship",
    "ship_all",
    "take",
    "undo",
]


def advance(scope: Scope, public_ids: Sequence[str], action: str, *, now: datetime) -> dict[str, str]:
    """Place, confirm, pack or deliver those of the sales to which it can be done.

    Gives public id → the status before, which `undo` takes. Raises Invalid when it can be done to none.
    """
    if action not in ("place", "confirm", "pack", "deliver"):
        raise ValueError(f"{action} is no simple step")
    orders = [order for order in all_locked(public_ids) if order.status in ACTIONS[action].sources]
    if not orders:
        raise Invalid(_("There is no order here to which this can be done now."))
    before = {order.public_id: order.status for order in orders}
    changes = Changes(scope, now)
    for order in orders:
        if action == "place":
            date_today(scope, order, changes)
        changes.status(order, ACTIONS[action].targets[0])
    changes.write()
    if action == "place":
        announce_placed(scope, orders)
    return before


def announce_placed(scope: Scope, orders: Sequence[Order]) -> None:
    """Tell that sales were placed. Raises Invalid when a listener refuses them."""
    lines = lines_of(orders)
    emit(
        scope,
        "orders.placed",
        refusable=True,
        orders=[told(order, [(line, line.to_ship) for line in lines[order.id]]) for order in orders],
    )
    if len(orders) > FEW:
        tell(scope, notices.MANY_PLACED, number=len(orders))
        return
    for order in orders:
        tell(scope, notices.PLACED, number=order.number, order=order.public_id)


def undo(scope: Scope, before: Mapping[str, str], action: str, *, now: datetime) -> int:
    """Put sales back to the status that they had before an undoable action; gives how many.

    Those that have gone on since stay where they are. Raises Invalid when all have.
    """
    step = ACTIONS[action]
    if not step.undoable or not set(before.values()) <= set(step.sources):
        raise ValueError(f"{action} can't be undone to {sorted(before.values())}")
    orders = [order for order in all_locked(before) if order.status == step.targets[0]]
    if not orders:
        raise Invalid(_("These orders have gone on since: nothing was undone."))
    changes = Changes(scope, now)
    for order in orders:
        changes.status(order, before[order.public_id], kind="undone")
    changes.write()
    return len(orders)


def cancel(scope: Scope, public_id: str, *, now: datetime, reason: str = "") -> Order:
    """Cancel a sale of which nothing has left the house. Raises NotFound, and Invalid for any other."""
    order = locked(public_id)
    if order.refunded:
        raise Invalid(_("Order %(number)s was refunded in part: refund the rest.", number=order.number))
    require(order, "cancel")
    was_draft = order.status == "draft"
    changes = Changes(scope, now)
    changes.status(order, "cancelled", reason)
    changes.write()
    if not was_draft:
        units = [(line, line.to_ship) for line in lines_of([order])[order.id]]
        emit(scope, "orders.cancelled", orders=[told(order, units)])
    return order


def note(scope: Scope, public_id: str, text: str, *, now: datetime) -> Order:
    """Write something on an order's timeline. Raises NotFound, and Invalid for no text."""
    order = locked(public_id)
    if not text.strip():
        raise Invalid(_("Write a note first."), errors={"text": [_("Write a note first.")]})
    changes = Changes(scope, now)
    changes.event(order, "note", text.strip())
    changes.write()
    return order
