"""Stock is staged, published and taken back like products: a movement for each change."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import modules.catalog.api as catalog
from modules.inventory import services
from modules.inventory.destination import STOCK
from modules.inventory.tests.conftest import NOW, Store
from orion.contracts.data import session
from orion.contracts.tabular import Published
from orion.testing.tables import read

HEAD = "SKU,Title,Location,On hand\n"


def _run(store: Store, method: Any, *arguments: Any, **options: Any) -> Any:
    return store.run(method, *arguments, **options)


def _things(store: Store, folder: Path, text: str | Path) -> Any:
    with store.at() as scope:
        return read(STOCK, scope, folder, text)


def test_a_table_of_stock_moves_what_differs_once_and_back_again(store: Store, tmp_path: Path) -> None:
    mug, cup = store.variant("M-1", 5), store.variant("C-1")
    text = HEAD + "M-1,Mug,North,3\nM-1,Mug,South,4\nC-1,Cup,North,2\n"
    things, rejected = _things(store, tmp_path, text)
    assert [(one.key, one.lines) for one in things] == [
        ("sku:M-1", (2, 3)),
        ("sku:C-1", (4,)),
    ] and not rejected
    states = [one.state for one in _run(store, STOCK.compare, things)]
    made = _run(store, STOCK.publish, things, platform_id=None, now=NOW)
    assert states == [one.state for one in made] == ["changed", "new"]
    assert (store.stock(mug), store.stock(cup)) == ((12, 12), (2, 2)) and store.books_agree()
    assert [one.state for one in _run(store, STOCK.compare, things)] == ["unchanged", "unchanged"]
    again = _run(store, STOCK.publish, things, platform_id=None, now=NOW)
    assert [one.state for one in again if isinstance(one, Published)] == ["unchanged", "unchanged"]
    assert _run(store, STOCK.take_back, {one.id: one.before for one in made}, at=NOW) == []
    assert (store.stock(mug), store.stock(cup)) == ((5, 5), (0, 0)) and store.books_agree()


def test_a_variant_whose_pieces_have_moved_since_is_left_alone(store: Store, tmp_path: Path) -> None:
    mug = store.variant("M-1", 5)
    [first], _rejected = _things(store, tmp_path, HEAD + "M-1,Mug,North,3\n")
    [one] = _run(store, STOCK.publish, [first], platform_id=None, now=NOW)
    [other], _rejected = _things(store, tmp_path, HEAD + "M-1,Mug,North,4\n")
    _run(store, STOCK.publish, [other], platform_id=None, now=NOW)
    assert _run(store, STOCK.take_back, {one.id: one.before}, at=NOW) == [mug]
    assert store.stock(mug) == (9, 9)


@pytest.mark.only_on("sqlite")
def test_rows_that_say_nothing_or_contradict_each_other_are_named(store: Store, tmp_path: Path) -> None:
    store.variant("M-1")
    text = HEAD + "M-1,Mug,North,3\nM-1,Mug,North,4\nM-1,Mug,South,\nX-1,Nobody,North,1\n"
    [mug, nobody], [wrong] = _things(store, tmp_path, text)
    assert (mug.lines, [note.line for note in mug.notes]) == ((2, 4), [4])
    assert (wrong.line, wrong.code) == (3, "doubled")
    verdicts = _run(store, STOCK.compare, [mug, nobody])
    assert [one.problem for one in verdicts] == ["", "unknown"]
    [_made, refused] = _run(store, STOCK.publish, [mug, nobody], platform_id=None, now=NOW)
    assert "import the products first" in refused


def test_the_list_as_a_file_comes_back_without_a_change(store: Store, owner: Any, tmp_path: Path) -> None:
    """Also of variants without a number, and of those whose number would be a formula in a spreadsheet."""
    for sku in ("M-1", "=1+1", "'=2", "", ""):
        store.variant(sku)
    place = store.place()
    with store.at():
        variants = list(session().scalars(select(catalog.Variant.id).order_by(catalog.Variant.id)))
    for pieces, variant in enumerate(variants, 1):
        store.run(services.receive, variant, place, pieces, now=NOW)
    for kind in ("csv", "xlsx"):
        file = tmp_path / f"stock.{kind}"
        file.write_bytes(owner.get(f"/vendor/SHOP/inventory?export={kind}").data)
        things, rejected = _things(store, tmp_path, file)
        assert not rejected
        assert {one.state for one in _run(store, STOCK.compare, things)} == {"unchanged"}
        assert len(things) == len(variants)
