"""Data versions move with the rows, once a transaction; mass writes keep the wall."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, literal, select, update

from orion.contracts.data import change_rows, insert_rows, json_rows, read_versions, upsert_add
from orion.contracts.errors import WallError
from orion.data.database import entered
from orion.data.versions import versions_json
from tests.data.fence import (
    INSTALLATION,
    SYSTEM,
    VENDOR,
    VENDOR_ON_PLATFORM,
    Box,
    Guest,
    Shelf,
    Visit,
    Word,
)


def _versions(vendor: int) -> int:
    with entered(SYSTEM) as reading:
        text = reading.scalar(select(versions_json(select(literal(vendor)).scalar_subquery())))
        return int(json.loads(text or "{}").get("fence", 0))


def _after(vendor: int, change: Any, scope: Any = VENDOR_ON_PLATFORM) -> int:
    """By how much a vendor's version grows when `change(session)` is committed."""
    before = _versions(vendor)
    with entered(scope, write=True) as writing:
        change(writing)
        writing.commit()
    return _versions(vendor) - before


def test_a_transaction_raises_its_vendors_version_once(app: Flask) -> None:
    def change(writing: Any) -> None:
        for number in range(3):
            writing.add(Box(shelf_id=1, name=f"x{number}"))
            writing.flush()

    assert _after(1, change) == 1
    assert _after(2, lambda writing: None) == 0


def test_another_vendors_version_stays(app: Flask) -> None:
    assert _after(2, lambda writing: writing.add(Box(shelf_id=1, name="x"))) == 0


def test_what_is_rolled_back_raises_nothing(app: Flask) -> None:
    def change(writing: Any) -> None:
        writing.add(Box(shelf_id=1, name="x"))
        writing.flush()
        writing.rollback()

    assert _after(1, change) == 0


def test_a_savepoint_raises_nothing_before_the_transaction_ends(app: Flask) -> None:
    def change(writing: Any) -> None:
        for _round in range(2):
            with writing.begin_nested():
                writing.add(Box(shelf_id=1, name="x"))

    assert _after(1, change) == 1


def test_a_deleted_row_raises_the_version(app: Flask) -> None:
    assert _after(1, lambda writing: writing.delete(writing.get_one(Box, 11))) == 1


def test_a_row_that_is_read_alone_raises_nothing(app: Flask) -> None:
    assert _after(1, lambda writing: writing.get_one(Box, 11)) == 0


@pytest.mark.parametrize("statement", [update(Box).values(name="x"), delete(Visit)], ids=["update", "delete"])
def test_a_mass_change_raises_the_version(app: Flask, statement: Any) -> None:
    assert _after(1, lambda writing: writing.execute(statement)) == 1


def test_a_mass_change_over_all_vendors_raises_every_version(app: Flask) -> None:
    assert _after(1, lambda writing: writing.execute(update(Box).values(name="x")), INSTALLATION) == 1
    assert _after(2, lambda writing: writing.execute(update(Box).values(name="x")), INSTALLATION) == 1


def test_rows_of_nobody_raise_every_version(app: Flask) -> None:
    assert _after(2, lambda writing: writing.add(Word(name="x"))) == 1


def test_mass_writes_raise_the_version(app: Flask) -> None:
    row = {"shelf_id": 1, "name": "x"}
    assert _after(1, lambda writing: insert_rows(VENDOR_ON_PLATFORM, Box, [row])) == 1


def test_a_scope_reads_the_versions_of_its_vendors(app: Flask) -> None:
    with entered(VENDOR) as reading:
        mine = read_versions(VENDOR)["fence"]
        assert json.loads(reading.scalar(select(versions_json())) or "")["fence"] > mine
    with entered(INSTALLATION):
        assert read_versions(INSTALLATION)["fence"] > mine


def test_rows_are_given_as_json_text(shared: Flask) -> None:
    with entered(VENDOR) as reading:
        found = reading.scalar(select(json_rows(select(Guest.id, Guest.name).order_by(Guest.id))))
        days = reading.scalar(select(json_rows(select(Visit.on).limit(1))))
    assert json.loads(found or "") == [{"id": 11, "name": "g1a"}, {"id": 12, "name": "g1b"}]
    assert json.loads(days or "") == [{"on": "2026-01-01"}]


def test_no_rows_are_an_empty_json_list(shared: Flask) -> None:
    with entered(VENDOR) as reading:
        assert reading.scalar(select(json_rows(select(Guest.id).where(Guest.id < 0)))) == "[]"


# -- mass writes ------------------------------------------------------------------------------


def test_mass_inserted_rows_get_their_ids_in_order(app: Flask) -> None:
    with entered(VENDOR_ON_PLATFORM, write=True) as writing:
        ids = insert_rows(VENDOR_ON_PLATFORM, Box, [{"shelf_id": 1, "name": f"x{i}"} for i in range(50)])
        names = dict(writing.execute(select(Box.id, Box.name)).all())
        assert [names[id_] for id_ in ids] == [f"x{i}" for i in range(50)]
        writing.add(Box(shelf_id=1, name="next"))
        writing.commit()


def test_mass_inserted_rows_keep_a_row_that_waits_before_them(app: Flask) -> None:
    with entered(VENDOR_ON_PLATFORM, write=True) as writing:
        writing.add(Shelf(id=9, name="new"))
        insert_rows(VENDOR_ON_PLATFORM, Box, [{"shelf_id": 9, "name": "x"}])
        writing.commit()
    with entered(VENDOR) as reading:
        assert reading.scalar(select(Box.name).where(Box.shelf_id == 9)) == "x"


@pytest.mark.parametrize("owners", [{"vendor_id": 2, "platform_id": 10}, {"vendor_id": 1, "platform_id": 20}])
def test_a_mass_insert_outside_of_the_scope_is_refused(app: Flask, owners: dict[str, int]) -> None:
    with entered(VENDOR_ON_PLATFORM, write=True), pytest.raises(WallError):
        insert_rows(VENDOR_ON_PLATFORM, Box, [{"shelf_id": 1, "name": "x", **owners}])


def test_a_mass_insert_under_a_scope_that_was_not_entered_is_refused(app: Flask) -> None:
    with entered(VENDOR_ON_PLATFORM, write=True), pytest.raises(WallError):
        insert_rows(INSTALLATION, Word, [{"name": "x"}])


def test_rows_of_different_shapes_are_refused(app: Flask) -> None:
    with entered(SYSTEM, write=True), pytest.raises(ValueError, match="same columns"):
        insert_rows(SYSTEM, Word, [{"name": "x"}, {"id": 1, "name": "x"}])


def test_rows_are_changed_many_at_a_time(app: Flask) -> None:
    with entered(VENDOR, write=True) as writing:
        ids = insert_rows(VENDOR, Shelf, [{"name": "x"}, {"name": "y"}, {"name": "z"}])
        change_rows(VENDOR, Shelf, [{"id": ids[2], "name": "c"}, {"id": ids[0], "name": "a"}])
        writing.commit()
    with entered(VENDOR) as reading:
        names = dict(reading.execute(select(Shelf.id, Shelf.name).where(Shelf.id.in_(ids))).all())
    assert [names[id_] for id_ in ids] == ["a", "y", "c"]


def test_changed_rows_raise_the_version(app: Flask) -> None:
    assert _after(1, lambda writing: change_rows(VENDOR_ON_PLATFORM, Shelf, [{"id": 1, "name": "a"}])) == 1


def test_a_mass_change_of_what_is_another_vendors_is_refused(app: Flask) -> None:
    with entered(INSTALLATION) as reading:
        others = reading.scalars(select(Shelf.id).where(Shelf.vendor_id == 2)).all()
    rows = [{"id": id_, "name": "mine"} for id_ in (1, *others)]
    assert len(rows) > 1
    with entered(VENDOR, write=True), pytest.raises(WallError):
        change_rows(VENDOR, Shelf, rows)


@pytest.mark.parametrize("row", [{"id": 1, "vendor_id": 2}, {"name": "x"}])
def test_a_mass_change_of_owners_or_of_nothing_known_is_refused(app: Flask, row: dict[str, Any]) -> None:
    with entered(VENDOR, write=True), pytest.raises(WallError):
        change_rows(VENDOR, Shelf, [row])


def test_a_mass_change_without_one_vendor_is_refused(app: Flask) -> None:
    with entered(INSTALLATION, write=True), pytest.raises(WallError):
        change_rows(INSTALLATION, Shelf, [{"id": 1, "name": "x"}])


def test_an_upsert_adds_to_what_is_there(app: Flask) -> None:
    keys = ("vendor_id", "platform_id", "guest_id")
    rows = [
        {"guest_id": guest, "platform_id": 10, "times": times, "on": date(2026, 1, day)}
        for guest, times, day in [(12, 5, 7), (11, 2, 3), (11, 4, 9), (12, 1, 5)]
    ]
    with entered(VENDOR, write=True) as writing:
        upsert_add(VENDOR, Visit, rows, keys, add=["times"], greatest=["on"])
        writing.commit()
    with entered(VENDOR) as reading:
        found = reading.execute(
            select(Visit.guest_id, Visit.times, Visit.on)
            .where(Visit.platform_id == 10)
            .order_by(Visit.guest_id)
        ).all()
    assert found == [(11, 7, date(2026, 1, 9)), (12, 6, date(2026, 1, 7))]


def test_an_upsert_outside_of_the_scope_is_refused(app: Flask) -> None:
    row = {"vendor_id": 2, "platform_id": 10, "guest_id": 21, "times": 1}
    with entered(VENDOR, write=True), pytest.raises(WallError):
        upsert_add(VENDOR, Visit, [row], ("vendor_id", "platform_id", "guest_id"), add=["times"])
