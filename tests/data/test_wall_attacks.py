"""What does not go through the wall is refused: raw SQL, tables without entities, mass changes by keys."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import column, delete, event, func, insert, literal_column, select, table, text, update
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.orm import Session, make_transient_to_detached

from orion.contracts.errors import WallError
from orion.data import flush, rules, wall
from orion.data.database import OrionSession, db, entered
from tests.data.fence import (
    FENCED_SCOPES,
    INSTALLATION,
    SYSTEM,
    VENDOR,
    Badge,
    Box,
    Guest,
    Shelf,
    Visit,
    Word,
)

Attack = Callable[[Session], Any]
BOXES = Box.__table__
SQL = "SELECT name FROM fence_box"

READS: dict[str, Attack] = {
    "text": lambda s: s.execute(text(SQL)).all(),
    "text in capitals": lambda s: s.execute(text("SELECT NAME FROM FENCE_BOX")).all(),
    "quoted text": lambda s: s.execute(text('SELECT name FROM "fence_box"')).all(),
    "table": lambda s: s.execute(select(BOXES)).all(),
    "column of a table": lambda s: s.execute(select(BOXES.c.name)).all(),
    "count of a table": lambda s: s.scalar(select(func.count()).select_from(BOXES)),
    "alias of a table": lambda s: s.execute(select(BOXES.alias("x"))).all(),
    "lightweight table": lambda s: s.execute(select(column("name")).select_from(table("fence_box"))).all(),
    "table beside an entity": lambda s: s.execute(
        select(Shelf.id, BOXES.c.name).join(BOXES, BOXES.c.shelf_id == Shelf.id)
    ).all(),
    "table in a scalar subquery": lambda s: s.execute(
        select(Shelf.id, select(func.max(BOXES.c.name)).scalar_subquery())
    ).all(),
    "own table in a subquery": lambda s: s.execute(
        select(Box.id).where(Box.id.in_(select(BOXES.c.id)))
    ).all(),
    "entity from text": lambda s: s.scalars(
        select(Box).from_statement(text("SELECT * FROM fence_box"))
    ).all(),
    "entity of no tenant from text": lambda s: s.scalars(
        select(Word).from_statement(text("SELECT id, name FROM fence_box"))
    ).all(),
    "text in where": lambda s: s.scalars(
        select(Shelf).where(text("fence_shelf.id IN (SELECT shelf_id FROM fence_box)"))
    ).all(),
    "text in where beside no tenant": lambda s: s.scalars(
        select(Word).where(text("EXISTS (SELECT 1 FROM fence_box)"))
    ).all(),
    "literal column": lambda s: s.scalars(select(literal_column("(SELECT max(name) FROM fence_box)"))).all(),
    "order by text": lambda s: s.scalars(
        select(Shelf).order_by(text("(SELECT max(name) FROM fence_box)"))
    ).all(),
    "prefix": lambda s: s.scalars(
        select(Shelf.id).prefix_with(text("(SELECT max(name) FROM fence_box), "))
    ).all(),
    "connection": lambda s: s.connection().execute(select(BOXES)).all(),
    "entity on a connection": lambda s: s.connection().execute(select(Box)).all(),
    "driver's SQL": lambda s: s.connection().exec_driver_sql(SQL).all(),
    "another connection": lambda s: _elsewhere(),
    "rule without a scope's ids": lambda s: (
        s.connection().execute(select(BOXES), execution_options={rules.FENCED: True, rules.DOOR: True}).all()
    ),
}

WRITES: dict[str, Attack] = {
    "insert": lambda s: s.execute(insert(Shelf).values(vendor_id=1, name="x")),
    "insert of a list": lambda s: s.execute(insert(Shelf), [{"vendor_id": 1, "name": "x"}]),
    "insert of a select": lambda s: s.execute(
        insert(Shelf).from_select(["vendor_id", "name"], select(Shelf.vendor_id, Shelf.name))
    ),
    "insert into a table": lambda s: s.execute(insert(BOXES).values(vendor_id=1, platform_id=10, shelf_id=1)),
    "update by keys": lambda s: s.execute(update(Shelf), [{"id": 2, "name": "x"}]),
    "update of a table": lambda s: s.execute(update(BOXES).values(name="x")),
    "update from another": lambda s: s.execute(
        update(Shelf).values(name="x").where(Box.shelf_id == Shelf.id)
    ),
    "update of the owner": lambda s: s.execute(update(Shelf).values(vendor_id=2)),
    "update of the owner by column": lambda s: s.execute(update(Shelf).values({Shelf.vendor_id: 2})),
    "update of the owner in order": lambda s: s.execute(update(Shelf).ordered_values((Shelf.vendor_id, 2))),
    "update of the owner by parameter": lambda s: s.execute(update(Shelf), {"vendor_id": 2}),
    "update of the platform": lambda s: s.execute(update(Box).values(platform_id=20)),
    "delete from a table": lambda s: s.execute(delete(BOXES)),
    "text": lambda s: s.execute(text("UPDATE fence_shelf SET name = 'x'")),
    "truncating text": lambda s: s.execute(text("DELETE FROM fence_visit")),
    "saved in bulk": lambda s: s.bulk_save_objects([Shelf(vendor_id=1, name="x")]),
    "mappings inserted in bulk": lambda s: s.bulk_insert_mappings(Shelf, [{"vendor_id": 2, "name": "x"}]),  # type: ignore[arg-type]
    "mappings updated in bulk": lambda s: s.bulk_update_mappings(Shelf, [{"id": 2, "name": "x"}]),  # type: ignore[arg-type]
    "another vendor's row": lambda s: _add(s, Shelf(vendor_id=3, name="x")),
    "another platform's row": lambda s: _add(s, Box(vendor_id=1, platform_id=30, shelf_id=1, name="x")),
    "a row of nobody": lambda s: _add(s, Badge(name="x")),
    "a platform's row": lambda s: _add(s, Badge(platform_id=30, name="x")),
    "a forged row": lambda s: _forged(s),
}


def _elsewhere() -> None:
    with db.engines[None].connect() as connection:
        connection.execute(select(BOXES)).all()


def _add(s: Session, row: Any) -> None:
    s.add(row)
    s.flush()


def _forged(s: Session) -> None:
    row = Shelf(id=2, vendor_id=1, name="s2")
    make_transient_to_detached(row)
    s.add(row)
    row.name = "stolen"
    s.flush()


@pytest.mark.parametrize("scope", FENCED_SCOPES)
@pytest.mark.parametrize("attack", READS)
def test_a_read_past_the_wall_is_refused(shared: Flask, attack: str, scope: str) -> None:
    with entered(FENCED_SCOPES[scope]) as reading, pytest.raises(WallError):
        READS[attack](reading)


@pytest.mark.parametrize("attack", ["text", "table", "connection", "driver's SQL", "another connection"])
def test_the_installations_scope_gives_no_right_to_raw_sql(shared: Flask, attack: str) -> None:
    with entered(INSTALLATION) as reading, pytest.raises(WallError):
        READS[attack](reading)


@pytest.mark.parametrize("scope", FENCED_SCOPES)
@pytest.mark.parametrize("attack", WRITES)
def test_a_write_past_the_wall_is_refused(shared: Flask, attack: str, scope: str) -> None:
    with entered(FENCED_SCOPES[scope], write=True) as writing, pytest.raises(WallError):
        WRITES[attack](writing)


def test_refused_writes_change_nothing(app: Flask) -> None:
    for attack in WRITES.values():
        with entered(VENDOR, write=True) as writing:
            with pytest.raises(WallError):
                attack(writing)
            with suppress(WallError, PendingRollbackError):
                writing.commit()
    with entered(SYSTEM) as reading:
        assert set(reading.scalars(select(Shelf.name))) == {"s1", "s2"}
        assert set(reading.scalars(select(Shelf.vendor_id))) == {1, 2}
        assert reading.scalar(select(func.count(Visit.id))) == 4
        assert reading.scalar(select(func.count(Badge.id))) == 4


def test_a_mass_update_changes_the_scopes_rows_alone(app: Flask) -> None:
    with entered(VENDOR, write=True) as writing:
        writing.execute(update(Shelf).values(name="new"))
        writing.execute(update(Box).values(name="new").where(Box.shelf_id.in_(select(Shelf.id))))
        writing.commit()
    with entered(SYSTEM) as reading:
        assert set(reading.scalars(select(Shelf.name))) == {"new", "s2"}
        assert set(reading.scalars(select(Box.name))) == {"new", "b21", "b22"}


def test_a_mass_update_reads_its_new_values_from_the_scopes_rows(app: Flask) -> None:
    newest = select(func.max(Box.name)).scalar_subquery()
    with entered(VENDOR, write=True) as writing:
        writing.execute(update(Shelf).values(name=newest))
        writing.commit()
    with entered(SYSTEM) as reading:
        assert set(reading.scalars(select(Shelf.name))) == {"b12", "s2"}


def test_a_mass_delete_takes_the_scopes_rows_alone(app: Flask) -> None:
    with entered(FENCED_SCOPES["vendor on platform"], write=True) as writing:
        writing.execute(delete(Visit))
        writing.commit()
    with entered(SYSTEM) as reading:
        assert set(reading.scalars(select(Visit.name))) == {"v1b", "v2a", "v2b"}


def test_a_new_row_belongs_to_the_scopes_vendor_and_platform(app: Flask) -> None:
    with entered(FENCED_SCOPES["vendor on platform"], write=True) as writing:
        box = Box(shelf_id=1, name="x")
        _add(writing, box)
        assert (box.vendor_id, box.platform_id) == (1, 10)


def test_where_several_platforms_are_possible_none_is_guessed(app: Flask) -> None:
    with entered(VENDOR, write=True) as writing, pytest.raises(WallError):
        _add(writing, Box(shelf_id=1, name="x"))


def test_a_row_does_not_change_its_owner(app: Flask) -> None:
    with entered(INSTALLATION, write=True) as writing:
        shelf = writing.get_one(Shelf, 1)
        shelf.vendor_id = 2
        with pytest.raises(WallError):
            writing.flush()


def test_a_merged_row_of_another_vendor_is_not_found(app: Flask) -> None:
    with entered(VENDOR, write=True) as writing:
        writing.merge(Shelf(id=2, name="stolen"))
        with pytest.raises(Exception, match=r"(?i)unique"):
            writing.flush()
    with entered(SYSTEM) as reading:
        assert reading.get_one(Shelf, 2).name == "s2"


def test_a_child_cannot_have_another_vendors_parent(app: Flask) -> None:
    with entered(FENCED_SCOPES["vendor on platform"], write=True) as writing:
        writing.add(Box(shelf_id=2, name="x"))
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            writing.flush()


# -- each guard on its own --------------------------------------------------------------------


def test_the_guard_refuses_what_a_missing_fence_lets_through(shared: Flask) -> None:
    event.remove(OrionSession, "do_orm_execute", wall._fence)
    try:
        with entered(VENDOR) as reading, pytest.raises(WallError):
            reading.scalars(select(Box)).all()
    finally:
        event.listen(OrionSession, "do_orm_execute", wall._fence)


def test_the_guard_refuses_a_statement_that_has_the_stamp_and_no_criteria(shared: Flask) -> None:
    with entered(VENDOR) as reading, pytest.raises(WallError, match="past the wall"):
        reading.connection().execute(select(Box), execution_options={rules.FENCED: rules.KEY}).all()


def test_the_guard_refuses_an_inserted_row_that_no_flush_has_checked(app: Flask) -> None:
    event.remove(OrionSession, "before_flush", flush._check_flush)
    try:
        with entered(VENDOR, write=True) as writing, pytest.raises(WallError):
            _add(writing, Shelf(vendor_id=2, name="x"))
    finally:
        event.listen(OrionSession, "before_flush", flush._check_flush)


def test_the_guard_refuses_the_criteria_of_another_scope(shared: Flask) -> None:
    with entered(FENCED_SCOPES["platform"]) as reading:
        reading.scalars(select(Guest)).all()
        foreign = reading.info["wall"]
    with entered(VENDOR) as reading, pytest.raises(WallError, match="another scope"):
        reading.scalars(select(Guest).options(foreign)).all()


def test_system_reads_are_logged(shared: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "orion.wall")
    with entered(SYSTEM) as reading:
        reading.scalars(select(Shelf)).all()
    assert any(record.__dict__.get("reason") == "seed" for record in caplog.records)
