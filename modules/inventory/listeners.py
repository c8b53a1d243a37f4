"""What happens to stock when something happens to orders."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from modules.catalog.api import Found, variants_by_sku
from modules.inventory import promises
from modules.inventory.warnings import warn
from orion.contracts.scope import Scope

#: An order as events tell it: its public id, number and lines.
Told = Mapping[str, Any]


def placed(scope: Scope, orders: Sequence[Told], settled: bool = False) -> None:
    """Promise what was ordered. Raises Invalid where fewer pieces are available, unless it is settled."""
    known = _known(scope, orders)
    names = {one.variant.id: one.title for one in known.values()}
    sold: dict[int, int] = {}
    for order in orders:
        wanted = _units(order, known)
        promises.reserve(scope, order["public_id"], wanted, settled=settled, names=names)
        for id_, quantity in wanted.items():
            sold[id_] = sold.get(id_, 0) + quantity
    if not settled:
        warn(scope, sold)


def shipped(scope: Scope, orders: Sequence[Told]) -> None:
    """What was sent has left the shelf."""
    known, now = _known(scope, orders), datetime.now(UTC)
    for order in orders:
        sent = _units(order, known)
        promises.ship(scope, order["public_id"], sent, reference=order["number"], now=now)


def cancelled(scope: Scope, orders: Sequence[Told]) -> None:
    """What was promised is free again."""
    known = _known(scope, orders)
    for order in orders:
        promises.release(scope, order["public_id"], _units(order, known))


def refunded(scope: Scope, restock: bool, dropped: Sequence[Told], returned: Sequence[Told]) -> None:
    """What will not be sent is free again, and what came back is on the shelf, if it can be sold again."""
    cancelled(scope, dropped)
    known, now = _known(scope, returned), datetime.now(UTC)
    for order in returned if restock else ():
        promises.put_back(scope, _units(order, known), reference=order["number"], now=now)


def _known(scope: Scope, orders: Sequence[Told]) -> dict[str, Found]:
    """SKU → variant, of those that are counted."""
    skus = {line["sku"] for order in orders for line in order["lines"] if line["sku"]}
    found = variants_by_sku(scope, skus) if skus else {}
    counted = promises.counted(scope, {one.variant.id for one in found.values()})
    return {sku: one for sku, one in found.items() if one.variant.id in counted}


def _units(order: Told, known: Mapping[str, Found]) -> dict[int, int]:
    """Variant → pieces; lines whose SKU no variant has are none of ours."""
    units: dict[int, int] = {}
    for line in order["lines"]:
        if line["sku"] in known:
            id_ = known[line["sku"]].variant.id
            units[id_] = units.get(id_, 0) + line["quantity"]
    return units
