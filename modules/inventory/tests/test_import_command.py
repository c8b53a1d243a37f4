"""`orion inventory import`: levels, movements, and rows that stay out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from modules.catalog.api import Product, Variant, of_variant
from modules.inventory.commands import commands
from modules.inventory.models import Level, Location, Movement
from modules.inventory.tests.conftest import Store
from orion.contracts.data import session

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(store: Store, tmp_path: Path) -> Run:
    """`run(text, *options)` imports for SHOP; the report."""

    def command(text: str, *options: str) -> dict[str, Any]:
        path = tmp_path / "stock.csv"
        path.write_text(text, encoding="utf-8")
        words = ["import", str(path), "--vendor", "SHOP", "--json", *options]
        result = store.app.test_cli_runner().invoke(commands, words)
        assert result.exit_code == (3 if '"rejected": 0' not in result.stdout else 0)
        return dict(json.loads(result.stdout))

    return command


def lying(store: Store) -> dict[tuple[int, str], int]:
    """(variant, location) → pieces of SHOP."""
    with store.at("SHOP"):
        asked = select(Level.variant_id, Location.name, Level.on_hand).join(
            Location, Location.id == Level.location_id
        )
        return {(variant, name): pieces for variant, name, pieces in session().execute(asked)}


def movements(store: Store) -> list[tuple[int, int]]:
    """(variant, pieces) of the ledger's lines of SHOP."""
    with store.at("SHOP"):
        asked = select(Movement.variant_id, Movement.quantity).order_by(Movement.id)
        return [(variant, pieces) for variant, pieces in session().execute(asked)]


def test_each_level_that_differs_is_a_movement(store: Store, run: Run) -> None:
    a, b = store.variant("A"), store.variant("B", pieces=4)
    report = run("SKU,Quantity,Location\nA,3,Shop\nA,5,Store\nB,-2,Shop\n")
    assert report["levels"] == {"changed": 3, "unchanged": 0} and report["pieces"] == 6
    there = lying(store)
    assert (there[a, "Shop"], there[a, "Store"], there[b, "Shop"]) == (3, 5, -2)
    assert store.stock(a) == (8, 8) and store.stock(b) == (2, 2)
    assert store.books_agree()


def test_the_same_file_twice_moves_nothing_and_a_changed_one_what_changed(store: Store, run: Run) -> None:
    a, b = store.variant("A"), store.variant("B")
    run("SKU,Quantity\nA,3\nB,4\n")
    before = movements(store)
    assert run("SKU,Quantity\nA,3\nB,4\n")["levels"] == {"changed": 0, "unchanged": 2}
    assert movements(store) == before
    run("SKU,Quantity\nA,3\nB,1\n")
    assert movements(store) == [*before, (b, -3)]
    assert store.stock(a) == (3, 3) and store.books_agree()


def test_rows_of_what_is_not_there_or_said_otherwise_before_are_rejected(store: Store, run: Run) -> None:
    store.variant("A")
    report = run("SKU,Quantity\nA,3\nX,1\nA,4\nA,many\nA,\n")
    codes = {row["line"]: row["code"] for row in report["rejected"]}
    assert codes == {3: "unknown", 4: "doubled", 5: "not_a_number"}
    assert report["rows"] == {"read": 5, "accepted": 2, "rejected": 3} and report["unnamed"] == 1


def test_a_column_named_for_a_place_is_a_location(store: Store, run: Run) -> None:
    a = store.variant("A")
    head = "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Harbour,Hill\n"
    run(head + "good-a,Good A,Title,Default Title,A,,,3,\n")
    assert lying(store) == {(a, "Harbour"): 3}


def test_a_cell_may_name_places_and_pieces(store: Store, run: Run) -> None:
    a = store.variant("A")
    run('sku,type,attribute_family_code,name,inventories\nA,simple,default,Good,"default=7,hill=2"\n')
    assert lying(store) == {(a, "default"): 7, (a, "hill"): 2}


def test_what_has_no_sku_is_found_by_its_title(store: Store, run: Run) -> None:
    a = store.variant("A")
    assert run("Title,Quantity\ngood a,2\n", "--location", "Hill")["levels"]["changed"] == 1
    assert lying(store) == {(a, "Hill"): 2}


def test_of_two_with_one_sku_the_product_tells(store: Store, run: Run) -> None:
    a, b = store.variant("A"), store.variant("A")
    with store.at("SHOP"):
        asked = select(Variant.id, Product.handle).join(Product, of_variant)
        handles = {id_: handle for id_, handle in session().execute(asked)}
    report = run(f"Handle,SKU,Quantity\n{handles[b]},A,2\n,A,3\n")
    assert [row["code"] for row in report["rejected"]] == ["several"]
    assert {key[0] for key in lying(store)} == {b} and a != b
