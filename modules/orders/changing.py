"""Changing sales: rows are locked, and status, event and daily figures are written together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.orders.daily import Deltas, facts
from modules.orders.models import Event, Line, Order
from modules.orders.states import ACTIONS, STATES
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.scope import Scope


class Changes:
    """What one transaction does to sales; `write` comes last, so that no two writers wait for each other."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now
        self._deltas = Deltas()

    def status(self, order: Order, status: str, text: str = "", kind: str = "") -> None:
        """Let an order take a status, and note it as an event of that kind (default: the status)."""
        self._deltas.add(facts(order), -1)
        order.status = status
        self._deltas.add(facts(order))
        self.event(order, kind or status, text)

    def event(self, order: Order, kind: str, text: str = "") -> None:
        """Note something that happened."""
        session().add(
            Event(
                order_id=order.id,
                vendor_id=order.vendor_id,
                platform_id=order.platform_id,
                at=self.now,
                kind=kind,
                text=text[:2000],
                user_id=self.scope.user_id,
            )
        )

    def new(self, order: Order) -> None:
        """Count an order that was just made."""
        self._deltas.add(facts(order))

    def again(self, order: Order, **changes: Any) -> None:
        """Give an order other contents."""
        self._deltas.add(facts(order), -1)
        for name, value in changes.items():
            setattr(order, name, value)
        self._deltas.add(facts(order))

    def write(self) -> None:
        """Write the daily figures."""
        session().flush()
        self._deltas.write(self.scope)


def locked(public_id: str) -> Order:
    """One document, locked until the transaction ends. Raises NotFound."""
    found = all_locked([public_id])
    if not found:
        raise NotFound()
    return found[0]


def all_locked(public_ids: Iterable[str]) -> Sequence[Order]:
    """Those of the documents that there are, locked in the order of their keys."""
    wanted = select(Order).where(Order.public_id.in_(list(public_ids)))
    return session().scalars(wanted.order_by(Order.id).with_for_update(of=Order)).all()


def lines_of(orders: Sequence[Order]) -> dict[int, list[Line]]:
    """Order's row id → its lines in their order."""
    found: dict[int, list[Line]] = {order.id: [] for order in orders}
    if found:
        rows = select(Line).where(
            Line.vendor_id.in_({order.vendor_id for order in orders}), Line.order_id.in_(list(found))
        )
        for line in session().scalars(rows.order_by(Line.order_id, Line.position)):
            found[line.order_id].append(line)
    return found


def require(order: Order, action: str) -> None:
    """Raises Invalid when an action can't be done to an order now."""
    if order.status not in ACTIONS[action].sources:
        raise Invalid(
            _(
                "Order %(number)s is %(state)s: this can't be done to it any more, or not yet.",
                number=order.number,
                state=STATES[order.status][0],
            )
        )


# -- what others are told -------------------------------------------------------------------------


def told(order: Order, lines: Iterable[tuple[Line, int]]) -> dict[str, Any]:
    """An order as events name it: `{public_id, number, vendor_id, platform_id, lines}`, the lines as
    `{position, sku, title, quantity}` with how many units the event is about."""
    return {
        "public_id": order.public_id,
        "number": order.number,
        "vendor_id": order.vendor_id,
        "platform_id": order.platform_id,
        "lines": [
            {"position": line.position, "sku": line.sku, "title": line.title, "quantity": quantity}
            for line, quantity in lines
            if quantity
        ],
    }
