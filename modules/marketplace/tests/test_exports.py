"""What is handed out of the catalog comes back by an import without a change."""

import io
import json
import zipfile
from typing import Any

import pytest

import modules.catalog.api as catalog
from modules.marketplace.staging import thing_of
from modules.marketplace.tests.conftest import Market

pytestmark = pytest.mark.by_turns
PRODUCTS = "/vendor/SHOP/products"


def test_the_catalog_as_a_file_changes_nothing_when_it_is_imported(market: Market, owner: Any) -> None:
    market.publish(market.bring())
    odd = catalog.ProductFacts(
        "=SUM(\"a\";1), 'quoted'", description='# One\n\n* two\n\n`<b>` & +3, "4"\n\n- 5'
    )
    market.run(
        catalog.create,
        odd,
        catalog.VariantFacts(sku="+49-1"),
        now=market.publish(market.bring("SKU,Title\nZ,Zinc\n")).at,
    )
    before = market.catalog()
    file = owner.get(f"{PRODUCTS}?export=csv").data
    again = market.bring(file, name="back.csv")
    assert again.stage == "ready", again.message
    wrong = [
        (one.title, one.state, one.changes, one.reason)
        for one in market.staged(again)
        if one.state != "unchanged"
    ]
    assert wrong == []
    assert len(market.staged(again)) == 4
    assert market.catalog() == before


def test_a_masked_cell_is_corrected_as_it_was_meant(market: Market, owner: Any) -> None:
    market.run(
        catalog.create,
        catalog.ProductFacts("=1+1"),
        catalog.VariantFacts(sku="=S"),
        now=market.bring().created_at,
    )
    file = owner.get(f"{PRODUCTS}?export=csv").text
    [staged] = market.staged(market.bring(file))
    assert (staged.title, thing_of(staged).data["variants"][0]["sku"], staged.state) == (
        "=1+1",
        "=S",
        "unchanged",
    )


def test_a_file_for_programs_has_an_object_a_line(market: Market, owner: Any) -> None:
    market.publish(market.bring())
    answer = owner.get(f"{PRODUCTS}?export=jsonl&q=shirt")
    assert answer.mimetype == "application/x-ndjson" and answer.is_streamed
    rows = [json.loads(line) for line in answer.text.splitlines()]
    keys = ("Handle", "Option1 Value", "Price", "Weight in grams")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("linen-shirt", "S", "59.00", 200),
        ("linen-shirt", "M", "59.00", 210),
        ("linen-shirt", "", "", ""),
    ]


def test_a_workbook_has_numbers_as_numbers_and_no_formula(market: Market, owner: Any) -> None:
    odd = catalog.ProductFacts("=1+1")
    market.run(catalog.create, odd, catalog.VariantFacts(price=1250), now=market.bring().created_at)
    answer = owner.get(f"{PRODUCTS}?export=xlsx")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"') and answer.is_streamed
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>12.50</v>" in sheet and "<t>=1+1</t>" in sheet and "<f>" not in sheet
