"""Stock as a table of its own: a row for each place at which a variant lies."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, select

from modules.catalog.api import Found
from modules.inventory.models import Level, Location
from orion.contracts.data import session
from orion.contracts.lists import Sheet
from orion.contracts.money import Money
from orion.contracts.scope import Scope

#: What says which variant it is, and how much of it lies where.
VARIANT = ("SKU", "Barcode", "Handle", "Title", "Option1 Value", "Option2 Value", "Option3 Value")
COLUMNS = (*VARIANT, "Location", "On hand", "Available", "Warn at", "Cost", "Currency")


def sheet(everywhere: bool) -> Sheet:
    """The sheet of the list of stock, which names the vendor where there are several."""
    return Sheet(
        (*(("Vendor",) if everywhere else ()), *COLUMNS), lambda scope, rows: _rows(scope, rows, everywhere)
    )


def _rows(scope: Scope, rows: Sequence[Any], everywhere: bool) -> Iterator[Sequence[Any]]:
    """`Available` is of all places together, and stands in the first row of a variant."""
    place = and_(Location.vendor_id == Level.vendor_id, Location.id == Level.location_id)
    mine = select(Level, Location).join(Location, place)
    mine = mine.where(Level.variant_id.in_([row.Item.variant_id for row in rows]))
    levels: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for level, location in session().execute(mine.order_by(Location.position, Location.id)):
        levels[level.variant_id].append((location.name, level.on_hand))
    for row in rows:
        cost = None if row.Variant.cost is None else Money(row.Variant.cost, row.Product.currency).amount
        one = row.Variant
        named = (one.sku, one.barcode, row.Product.handle, Found(one, row.Product).title, *one.values)
        vendor = (row.Vendor.code if row.Vendor else "",) if everywhere else ()
        for number, (name, on_hand) in enumerate(levels[row.Item.variant_id] or [("", row.Item.on_hand)]):
            whole = (row.Item.available, row.Item.threshold) if number == 0 else (None, None)
            yield (*vendor, *named, name, on_hand, *whole, cost, row.Product.currency)
