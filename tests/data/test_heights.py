"""Each height of the wall stands alone: what it must hold back is held back by it and nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from orion.contracts.errors import WallError
from orion.contracts.scope import NOBODY, Scope
from orion.data.database import db, entered
from orion.data.faults import ReadingOnly
from orion.data.tables import Wall, metadata
from orion.testing.heights import DATABASE, Height, standing
from tests.data.fence import (
    FENCED_SCOPES,
    SCOPES,
    SEEN,
    SYSTEM,
    VENDOR,
    WALLED,
    Badge,
    Box,
    Guest,
    Shelf,
    Visit,
    Word,
)

Read = Callable[[Session, Any], set[str]]
READS: dict[str, Read] = {
    "text": lambda s, m: set(s.scalars(text(f"SELECT name FROM {m.__tablename__}"))),
    "quoted text": lambda s, m: set(s.scalars(text(f'SELECT "name" FROM "{m.__tablename__}"'))),
    "table": lambda s, m: set(s.scalars(select(m.__table__.c.name))),
    "entities": lambda s, m: set(s.scalars(select(m.name))),
    "driver's SQL": lambda s, m: {
        name for (name,) in s.connection().exec_driver_sql(f"SELECT name FROM {m.__tablename__}")
    },
    "text in a cte": lambda s, m: set(
        s.scalars(text(f"WITH x AS (SELECT * FROM {m.__tablename__}) SELECT name FROM x"))
    ),
}


def _count(session: Session, model: Any) -> int:
    return session.scalar(text(f"SELECT count(*) FROM {model.__tablename__}")) or 0


def _frames(scope: Scope) -> Iterator[Session]:
    """Sessions in which the database itself must hold back rows: on SQLite those that read."""
    for write in (False, True) if db.engines[None].dialect.name == "postgresql" else (False,):
        with entered(scope, write=write) as session:
            yield session


@pytest.mark.parametrize("scope", SCOPES)
def test_the_database_alone_gives_a_scope_its_own_rows(shared: Flask, scope: str) -> None:
    with standing(*DATABASE):
        for session in _frames(SCOPES[scope]):
            for model in WALLED:
                assert _count(session, model) == len(SEEN[scope][model])
                for name, read in READS.items():
                    assert read(session, model) == SEEN[scope][model], name


def test_the_database_alone_gives_nobody_any_row_and_the_system_all(shared: Flask) -> None:
    with standing(*DATABASE):
        for model in WALLED:
            for session in _frames(SYSTEM):
                assert READS["text"](session, model) == SEEN["installation"][model]
            for session in _frames(NOBODY):
                assert READS["text"](session, model) == set()


def test_nothing_of_a_scope_stays_on_its_connection(shared: Flask) -> None:
    with standing(*DATABASE):
        for scope in (*SCOPES.values(), NOBODY):
            for session in _frames(scope):
                _count(session, Shelf)
                session.rollback()
            for session in _frames(NOBODY):
                assert _count(session, Shelf) == 0
            with db.engines[None].connect() as connection:
                assert connection.scalar(text("SELECT count(*) FROM fence_shelf")) == 0


AROUND: dict[str, str] = {
    "the table behind a view": "SELECT name FROM main.fence_shelf",
    "its number of rows": "SELECT count(*) FROM main.fence_shelf",
    "beside the view": "SELECT b.name FROM fence_shelf a JOIN main.fence_shelf b ON b.id <> a.id",
    "below a view": "SELECT name FROM (SELECT * FROM main.fence_guest)",
    "the view dropped": "DROP VIEW temp.fence_shelf",
    "a view of one's own": "CREATE TEMP VIEW own AS SELECT * FROM main.fence_shelf",
    "a table of one's own": "CREATE TEMP TABLE own AS SELECT * FROM main.fence_shelf",
    "writing after all": "PRAGMA query_only = OFF",
    "the file once more": "ATTACH 'file:{file}?mode=ro' AS again",
}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("way", AROUND)
def test_there_is_no_way_around_the_views(shared: Flask, way: str) -> None:
    file = db.engines[None].url.database
    with standing(*DATABASE), entered(VENDOR) as session, pytest.raises(DBAPIError):
        session.execute(text(AROUND[way].format(file=file))).all()


def test_who_reads_cannot_write_what_no_height_knows(shared: Flask) -> None:
    """A table that is nobody's has neither view nor policy."""
    with standing(), entered(VENDOR) as session, pytest.raises(ReadingOnly):
        session.execute(insert(Word.__table__).values(name="x"))


@pytest.mark.only_on("sqlite")
def test_tables_that_are_declared_later_are_fenced_too(shared: Flask) -> None:
    with standing(*DATABASE):
        with entered(VENDOR) as session:
            assert _count(session, Shelf) == 1
        late = Table(
            "fence_late", metadata, Column("vendor_id", Integer), info={"wall": Wall(vendor="vendor_id")}
        )
        try:
            with entered(VENDOR) as session, pytest.raises(DBAPIError, match=r"main\.fence_late"):
                session.execute(text("SELECT * FROM fence_late"))
        finally:
            metadata.remove(late)


@pytest.mark.only_on("postgresql")
def test_a_savepoint_that_is_rolled_back_leaves_the_scope(shared: Flask) -> None:
    with standing(*DATABASE), entered(VENDOR, write=True) as session:
        with session.begin_nested() as nested:
            session.execute(text("SET LOCAL app.vendors = '{2}'"))
            assert READS["text"](session, Shelf) == {"s2"}
            nested.rollback()
        assert READS["text"](session, Shelf) == {"s1"}


FOREIGN: dict[str, Callable[[Session], Any]] = {
    "update of a table": lambda s: s.execute(update(Shelf.__table__).values(name="x")),
    "update by text": lambda s: s.execute(text("UPDATE fence_box SET name = 'x'")),
    "delete by text": lambda s: s.execute(text("DELETE FROM fence_visit")),
    "delete of a table": lambda s: s.execute(delete(Badge.__table__)),
}
REFUSED: dict[str, Callable[[Session], Any]] = {
    "insert for another vendor": lambda s: s.execute(insert(Shelf.__table__).values(vendor_id=2, name="x")),
    "insert for another platform": lambda s: s.execute(
        insert(Box.__table__).values(vendor_id=1, platform_id=30, shelf_id=1, name="x")
    ),
    "insert for nobody": lambda s: s.execute(insert(Badge.__table__).values(name="x")),
    "insert for the platform": lambda s: s.execute(insert(Badge.__table__).values(platform_id=20, name="x")),
    "update by key": lambda s: s.execute(update(Shelf), [{"id": 2, "name": "x"}]),
    "re-homing": lambda s: s.execute(text("UPDATE fence_shelf SET vendor_id = 2")),
    "added": lambda s: (s.add(Shelf(vendor_id=2, name="x")), s.flush()),
    "truncate": lambda s: s.execute(text("TRUNCATE fence_visit")),
    "a table's owner": lambda s: s.execute(text("ALTER TABLE fence_visit DISABLE ROW LEVEL SECURITY")),
    "a new table": lambda s: s.execute(text("CREATE TABLE fence_own (id int)")),
}


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("attack", FOREIGN)
def test_the_database_alone_leaves_foreign_rows_as_they_are(app: Flask, attack: str) -> None:
    before = _rows()
    with standing(*DATABASE), entered(VENDOR, write=True) as session:
        FOREIGN[attack](session)
        session.commit()
    after = _rows()
    assert {row for row in before if row[1] == 2} == {row for row in after if row[1] == 2}
    assert {row for row in before if row[1] is None} == {row for row in after if row[1] is None}


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("attack", REFUSED)
def test_the_database_alone_refuses(shared: Flask, attack: str) -> None:
    with (
        standing(*DATABASE),
        entered(VENDOR, write=True) as session,
        pytest.raises((DBAPIError, StaleDataError)),
    ):
        REFUSED[attack](session)


@pytest.mark.only_on("postgresql")
def test_a_new_row_that_its_platform_does_not_see_yet_can_be_written(app: Flask) -> None:
    with entered(FENCED_SCOPES["vendor on platform"], write=True) as session:
        guest = Guest(name="new")
        session.add(guest)
        session.flush()
        session.add(Visit(guest_id=guest.id, name="first"))
        session.commit()
    with entered(FENCED_SCOPES["vendor on platform"]) as session:
        assert set(session.scalars(select(Guest.name))) == {"g1a", "new"}


def _rows() -> set[tuple[Any, ...]]:
    """(model, vendor, name) of every row."""
    with entered(SYSTEM) as session:
        return {(m, row.vendor_id, row.name) for m in WALLED for row in session.scalars(select(m))}


# -- the other heights --------------------------------------------------------------------------


@pytest.mark.parametrize("scope", SCOPES)
def test_the_statements_alone_give_a_scope_its_own_rows(shared: Flask, scope: str) -> None:
    with standing(Height.STATEMENTS):
        for model in WALLED:
            with entered(SCOPES[scope]) as session:
                assert READS["entities"](session, model) == SEEN[scope][model]
                assert session.scalar(select(func.count()).select_from(model)) == len(SEEN[scope][model])


@pytest.mark.parametrize("scope", FENCED_SCOPES)
def test_the_guard_alone_refuses_what_no_other_height_has_fenced(shared: Flask, scope: str) -> None:
    with standing(Height.ENGINE):
        for model in WALLED:
            for read in READS.values():
                with entered(FENCED_SCOPES[scope]) as session, pytest.raises(WallError):
                    read(session, model)


def test_the_flush_alone_refuses_rows_outside_of_the_scope(shared: Flask) -> None:
    for row in (
        Shelf(vendor_id=2, name="x"),
        Box(vendor_id=1, platform_id=30, shelf_id=1, name="x"),
        Badge(name="x"),
    ):
        with standing(Height.FLUSHES), entered(VENDOR, write=True) as session:
            session.add(row)
            with pytest.raises(WallError):
                session.flush()


def test_a_height_that_was_taken_away_stands_again(shared: Flask) -> None:
    with standing(), entered(VENDOR) as session:
        assert _count(session, Shelf) == 2
    with entered(VENDOR) as session, pytest.raises(WallError):
        _count(session, Shelf)
    with (
        standing(*DATABASE, Height.ENGINE, Height.FLUSHES),
        entered(VENDOR) as session,
        pytest.raises(WallError),
    ):
        session.scalars(select(Shelf)).all()
