"""Files that real shops have exported: the figures that were counted of them by hand."""

from decimal import Decimal
from typing import Any

import pytest

from modules.marketplace.staging import thing_of
from modules.marketplace.tests.conftest import Market
from orion.testing.open_data import real, truth

pytestmark = pytest.mark.only_on("sqlite")
FILES = ("official_apparel", "official_home-and-garden", "packt_Product-data", "export_turkish")
LARGE = ("export_fashion_6618rows", "partial_dutch_7cols")


def _counts(name: str) -> dict[str, Any]:
    known = truth(f"products/shopify_{name}.csv")
    return {
        "products": known["products (distinct Handle)"],
        "variants": known.get(
            "variants (rows with Option1 Value, Variant Price or Variant SKU)", known.get("rows=variants")
        ),
        "images": known.get("images (distinct handle+Image Src)", 0),
        "prices": Decimal(known.get("price_sum", 0)),
        "rejected": 0,
    }


@pytest.mark.parametrize("name", [*FILES, *(pytest.param(one, marks=pytest.mark.long) for one in LARGE)])
def test_what_is_staged_and_published_is_what_the_file_holds(market: Market, name: str) -> None:
    counts = _counts(name)
    content = real(f"products/shopify_{name}.csv").read_bytes()
    found = market.bring(content, at_once=True)
    staged = market.staged(found)
    things = [thing_of(one).data for one in staged if one.data]
    variants = [variant for data in things for variant in data["variants"]]
    assert counts == {
        "products": len(things),
        "variants": len(variants),
        "images": sum(len(data["images"]) for data in things),
        "prices": Decimal(sum(one.get("price") or 0 for one in variants)) / 100,
        "rejected": len([one for one in staged if one.state == "rejected"]),
    }
    assert sum(one.lines for one in staged) == found.rows
    assert {one.decision for one in staged} == {"published"}
    before = market.catalog()
    again = market.bring(content, at_once=True)
    assert {one.state for one in market.staged(again)} == {"unchanged"}
    assert market.catalog() == before
