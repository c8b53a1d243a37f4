"""What is handed out of the catalog comes back by an import without a change."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

import modules.catalog.api as catalog
from modules.marketplace.staging import thing_of
from modules.marketplace.tests.conftest import Market
from orion.contracts.data import session

pytestmark = pytest.mark.by_turns
PRODUCTS = "/vendor/SHOP/products"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_catalog_as_a_file_changes_nothing_when_it_is_imported(
    market: Market, owner: Any, kind: str
) -> None:
    market.publish(market.bring())
    odd = catalog.ProductFacts(
        "=SUM(\"a\";1), 'quoted'", description='# One\n\n* two\n\n`<b>` & +3, "4"\n\n- 5'
    )
    market.run(
        catalog.create,
        odd,
        catalog.VariantFacts(sku="+49-1", barcode="'=1"),
        now=market.publish(market.bring("SKU,Title\nZ,Zinc\n")).at,
    )
    before = market.catalog()
    file = owner.get(f"{PRODUCTS}?export={kind}").data
    again = market.bring(file, name=f"back.{kind}")
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


@pytest.fixture
def spoken(market: Market) -> Market:
    """SHOP sells the shirt of the sample file, and calls it and its size something in French."""
    market.publish(market.bring())
    with market.at(write=True) as scope:
        session().scalars(select(catalog.Vendor)).one().languages = ["fr", "de"]
        named = select(catalog.Product).where(catalog.Product.handle == "linen-shirt")
        shirt = session().scalars(named).one()
        here = replace(scope, vendor=replace(scope.vendor, languages=("fr", "de")))  # type: ignore[type-var]
        said = {
            "title": "=Chemise",
            "description": "En\n\n*lin*.",
            "option:Size": "Taille",
            "value:M": "Moyen",
        }
        catalog.translate(here, shirt.public_id, "fr", said, now=datetime.now(UTC))
    return market


def _texts(market: Market, handle: str = "linen-shirt") -> dict[str, dict[str, str]]:
    """What a product says: language → key of the original → text."""
    mine = catalog.Product.id == catalog.Translation.product_id
    asked = select(catalog.Translation).join(catalog.Product, mine).where(catalog.Product.handle == handle)
    with market.at():
        found = session().scalars(asked).all()
        return {one.language: {key: said[0] for key, said in one.texts.items()} for one in found}


def test_a_file_says_what_products_say_in_each_language_and_comes_back_without_a_change(
    spoken: Market, owner: Any
) -> None:
    answer = owner.get(f"{PRODUCTS}?export=csv&q=shirt")
    head, first, second, *_rest = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    by_name = dict(zip(head, zip(first, second, strict=True), strict=True))
    assert by_name["Title (fr)"] == ("'=Chemise", "") and "Title (de)" in by_name
    assert by_name["Option1 Name (fr)"] == ("Taille", "") and by_name["Option1 Value (fr)"] == ("", "Moyen")
    again = spoken.bring(answer.data, name="back.csv")
    assert {one.state for one in spoken.staged(again)} == {"unchanged"}


def test_what_a_file_says_in_another_language_is_written_and_taken_back(spoken: Market, owner: Any) -> None:
    before = _texts(spoken)
    text = owner.get(f"{PRODUCTS}?export=csv&q=shirt").text.replace("'=Chemise", "Chemise en lin")
    found = spoken.bring(text, name="back.csv")
    [staged] = spoken.staged(found)
    assert staged.state == "changed"
    published = spoken.publish(found)
    assert _texts(spoken)["fr"] == {**before["fr"], "title": "Chemise en lin"}
    spoken.take_back(published)
    assert _texts(spoken) == before


def test_a_new_product_comes_with_what_it_says_in_the_vendors_languages(spoken: Market) -> None:
    head = "Handle,Title,Description (Markdown),Weight in grams,Title (fr),Title (it)\n"
    spoken.publish(spoken.bring(head + "cup,Cup,,1,Tasse,Tazza\n"))
    assert _texts(spoken, "cup") == {"fr": {"title": "Tasse"}}
