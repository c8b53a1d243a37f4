"""Sending what was sold: at once or in parts, each part with its own number at the carrier."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from modules.orders.changing import Changes, all_locked, lines_of, locked, require, told
from modules.orders.models import Line, Order, Shipment, ShipmentLine
from modules.orders.states import ACTIONS
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.events import emit
from orion.contracts.scope import Scope


def ship(
    scope: Scope,
    public_id: str,
    quantities: Mapping[int, int] | None = None,
    *,
    now: datetime,
    carrier: str = "",
    tracking: str = "",
) -> Shipment:
    """Send units of a sale; `quantities` maps a line's position to units, by default all that are left.

    The sale is `shipped` when nothing is left to send, else `part_shipped`. Raises NotFound, and Invalid
    for more than is left, for nothing, and where the sale is not to be sent (`errors` by `line-<position>`).
    """
    order = locked(public_id)
    require(order, "ship")
    lines = lines_of([order])[order.id]
    sent = _chosen(lines, quantities)
    shipment = _send(order, sent, now, carrier, tracking)
    changes = Changes(scope, now)
    _note(changes, order, lines, shipment)
    changes.write()
    emit(scope, "orders.shipped", orders=[told(order, sent)])
    return shipment


def ship_all(scope: Scope, public_ids: Sequence[str], *, now: datetime) -> int:
    """Send everything of several sales, and give how many could be sent. Raises Invalid for none."""
    orders = [order for order in all_locked(public_ids) if order.status in ACTIONS["ship"].sources]
    if not orders:
        raise Invalid(_("There is no order here to which this can be done now."))
    changes, lines, units = Changes(scope, now), lines_of(orders), {}
    for order in orders:
        units[order.id] = _chosen(lines[order.id], None)
        shipment = _send(order, units[order.id], now, "", "")
        _note(changes, order, lines[order.id], shipment)
    changes.write()
    emit(scope, "orders.shipped", orders=[told(order, units[order.id]) for order in orders])
    return len(orders)


def _chosen(lines: Sequence[Line], quantities: Mapping[int, int] | None) -> list[tuple[Line, int]]:
    if quantities is None:
        return [(line, line.to_ship) for line in lines if line.to_ship]
    errors: dict[str, list[str]] = {}
    for line in lines:
        if not 0 <= quantities.get(line.position, 0) <= line.to_ship:
            errors[f"line-{line.position}"] = [_("Between 0 and %(most)s can be sent.", most=line.to_ship)]
    if errors or quantities.keys() - {line.position for line in lines}:
        raise Invalid(_("More was to be sent than is left."), errors=errors)
    chosen = [(line, quantities.get(line.position, 0)) for line in lines if quantities.get(line.position)]
    if not chosen:
        raise Invalid(_("Choose at least one unit to send."))
    return chosen


def _send(
    order: Order, sent: Sequence[tuple[Line, int]], now: datetime, carrier: str, tracking: str
) -> Shipment:
    owner = {"vendor_id": order.vendor_id, "platform_id": order.platform_id}
    before = select(func.count()).select_from(Shipment)
    position = session().scalar(
        before.where(Shipment.vendor_id == order.vendor_id, Shipment.order_id == order.id)
    )
    shipment = Shipment(
        **owner,
        order_id=order.id,
        position=(position or 0) + 1,
        sent_at=now,
        carrier=carrier.strip()[:80],
        tracking=tracking.strip()[:120],
    )
    session().add(shipment)
    session().flush()
    for line, quantity in sent:
        line.shipped += quantity
        session().add(
            ShipmentLine(
                **owner,
                shipment_id=shipment.id,
                position=line.position,
                sku=line.sku,
                title=line.title,
                quantity=quantity,
            )
        )
    return shipment


def _note(changes: Changes, order: Order, lines: Sequence[Line], shipment: Shipment) -> None:
    whole = not any(line.to_ship for line in lines)
    text = " ".join(part for part in (shipment.carrier, shipment.tracking) if part)
    changes.status(order, "shipped" if whole else "part_shipped", text)
