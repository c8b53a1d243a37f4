"""The stock list: which columns, filters and orders it offers."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from modules.catalog.api import WIDTHS, Found, Product, Word
from modules.inventory import queries
from modules.inventory.models import Item
from modules.inventory.sheets import sheet
from orion.contracts.data import once
from orion.contracts.lists import Choice, Column, ListPage, Search, Total
from orion.contracts.money import Money
from orion.contracts.scope import Scope

STATES = {
    "ok": (_l("In stock"), "success"),
    "low": (_l("Low"), "warning"),
    "out": (_l("Out of stock"), "danger"),
}


def state(item: Item) -> str:
    """How things stand: ok, low or out."""
    if item.available <= 0:
        return "out"
    return "low" if item.threshold is not None and item.available <= item.threshold else "ok"


def _narrowed(statement: Select[Any], value: str) -> Select[Any]:
    return statement.where(queries.out() if value == "out" else queries.low())


def _locations(scope: Scope) -> Sequence[tuple[str, object]]:
    found = once("inventory.locations", lambda: queries.locations(scope))
    return [(one.public_id, one.name) for one in found]


def _thumbnail(row: Any, frontend: str) -> str:
    cover = row.Product.cover
    return url_for(f"catalog_{frontend}.image", key=cover, width=WIDTHS[0]) if cover else ""


def _page(frontend: str) -> ListPage:
    everywhere = frontend == "admin"
    vendor = Column("vendor", _l("Vendor"), kind="muted", value=lambda r: r.Vendor.name)
    return ListPage(
        id=f"inventory.{frontend}",
        title=_l("Stock"),
        statement=queries.items_and_vendors if everywhere else queries.items,
        counted=queries.items,
        key=Item.id,
        columns=[
            Column(
                "title",
                _l("Variant"),
                value=lambda r: Found(r.Variant, r.Product).title,
                sub=lambda r: r.Variant.sku,
                picture=lambda r: _thumbnail(r, frontend),
            ),
            *((vendor,) if everywhere else ()),
            Column(
                "state",
                _l("Status"),
                kind="badge",
                value=lambda r: STATES[state(r.Item)][0],
                tone=lambda r: STATES[state(r.Item)][1],
            ),
            Column(
                "on_hand", _l("On hand"), kind="number", sort=Item.on_hand, value=lambda r: r.Item.on_hand
            ),
            Column(
                "available",
                _l("Available"),
                kind="number",
                sort=Item.available,
                value=lambda r: r.Item.available,
            ),
            Column("threshold", _l("Warn at"), kind="number", value=lambda r: r.Item.threshold),
            Column("value", _l("Value"), kind="money", value=_value),
        ],
        filters=[
            Choice(
                "state",
                _l("Status"),
                options=[(key, STATES[key][0]) for key in ("low", "out")],
                apply=_narrowed,
            ),
            *(
                ()
                if everywhere
                else (
                    Choice(
                        "location",
                        _l("Location"),
                        options=_locations,
                        apply=lambda s, value: s.where(queries.lies_at(value)),
                    ),
                )
            ),
        ],
        search=Search(
            _l("Search by title, SKU or barcode"), columns=[Product.title_norm], words=(Product.id, Word)
        ),
        default_sort="available",
        row_url=lambda r: url_for(f"inventory_{frontend}.variant", public_id=r.Variant.public_id),
        totals=[
            Total("value", _l("Value"), queries.VALUE, Product.currency),
            Total("on_hand", _l("On hand"), Item.on_hand, kind="number"),
        ],
        export="inventory.export",
        sheet=sheet(everywhere),
        empty=(_l("Nothing is counted yet"), _l("Receive goods or count a shelf, and they appear here.")),
    )


def _value(row: Any) -> Money:
    return Money(row.Item.on_hand * (row.Variant.cost or 0), row.Product.currency)


PAGES = {frontend: _page(frontend) for frontend in ("admin", "vendor")}
