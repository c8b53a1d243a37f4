"""Two engines: reading cannot write, a deadline is kept, and a database that went away is found again."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from orion.data.database import current_frame, db, entered
from orion.data.engines import init_app
from orion.data.faults import DatabaseGone, DeadlineExceeded, ReadingOnly
from orion.data.health import problem
from orion.data.revisions import owned
from orion.settings import Settings
from orion.testing import Databases
from tests.data.fence import SYSTEM, Shelf, Word, application
from tests.proxy import Proxy

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def _say(session: Session, name: str) -> None:
    session.add(Word(name=name))
    session.commit()


def _words() -> list[str]:
    with entered(SYSTEM) as reading:
        return list(reading.scalars(select(Word.name).order_by(Word.id)))


def test_a_reading_frame_cannot_write(app: Flask) -> None:
    with entered(SYSTEM) as reading, pytest.raises(ReadingOnly):
        _say(reading, "x")
    assert _words() == []


def test_a_writing_frame_that_does_not_commit_leaves_nothing(app: Flask) -> None:
    with entered(SYSTEM, write=True) as writing:
        writing.add(Word(name="x"))
        writing.flush()
    assert _words() == []


def test_a_reading_frame_sees_one_moment(app: Flask) -> None:
    with entered(SYSTEM) as reading:
        assert reading.scalars(select(Word.name)).all() == []
        with entered(SYSTEM, write=True) as writing:
            _say(writing, "x")
        assert reading.scalars(select(Word.name)).all() == []
    assert _words() == ["x"]


def test_a_runaway_statement_stops_at_the_frames_deadline(app: Flask) -> None:
    began = time.monotonic()
    with entered(SYSTEM, deadline=0.2) as reading, pytest.raises(DeadlineExceeded):
        reading.execute(text(ENDLESS))
    assert time.monotonic() - began < 2


def test_a_deadline_counts_for_all_statements_of_a_frame(app: Flask) -> None:
    with entered(SYSTEM, deadline=0.2) as reading:
        reading.execute(text("SELECT 1"))
        time.sleep(0.15)
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            reading.execute(text(ENDLESS))
        assert time.monotonic() - began < 0.19


def test_after_the_deadline_no_statement_begins(app: Flask) -> None:
    with entered(SYSTEM, deadline=0.01) as reading:
        time.sleep(0.02)
        with pytest.raises(DeadlineExceeded):
            reading.execute(text("SELECT 1"))


def test_the_next_frame_on_the_same_connection_has_no_deadline(app: Flask) -> None:
    with entered(SYSTEM, deadline=0.05) as reading, pytest.raises(DeadlineExceeded):
        reading.execute(text(ENDLESS))
    with entered(SYSTEM) as reading:
        assert reading.scalar(text(ENDLESS.replace("FROM n)", "FROM n WHERE i < 300000)"))) == 300_000
    assert db.engines[None].pool.checkedout() == 0  # type: ignore[attr-defined]


def test_foreign_keys_are_kept(app: Flask) -> None:
    with entered(SYSTEM, write=True) as writing, pytest.raises(Exception, match=r"(?i)foreign key"):
        writing.delete(writing.get_one(Shelf, 1))
        writing.execute(text("DELETE FROM fence_shelf"))


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="in memory"):
        init_app(Flask("x"), Settings(database_url="sqlite://"))


@pytest.mark.only_on("sqlite")
def test_a_missing_file_is_not_replaced_by_an_empty_one(databases: Databases, tmp_path: Path) -> None:
    app = application(f"sqlite:///{tmp_path / 'away.db'}")
    with app.app_context(), entered(SYSTEM) as reading, pytest.raises(DatabaseGone):
        reading.execute(text("SELECT 1"))
    assert not (tmp_path / "away.db").exists()


@pytest.mark.only_on("sqlite")
def test_a_file_that_went_away_is_found_again(app: Flask) -> None:
    file = Path(db.engines[None].url.database or "")
    away = file.with_suffix(".away")
    assert _words() == []
    shutil.move(file, away)
    with entered(SYSTEM) as reading, pytest.raises(DatabaseGone):
        reading.execute(text("SELECT 1"))
    assert problem(app) == "the database can't be reached"
    shutil.move(away, file)
    assert _words() == []
    assert problem(app) is None


@pytest.mark.only_on("sqlite")
def test_a_writer_that_waits_too_long_says_that_the_database_is_busy(app: Flask) -> None:
    with db.engines["write"].connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA busy_timeout = 20")  # type: ignore[union-attr]
        with entered(SYSTEM, write=True) as writing:
            writing.execute(text("SELECT 1"))
            with pytest.raises(DatabaseGone):
                connection.execute(text("SELECT 1"))


# -- a server behind a proxy ------------------------------------------------------------------


@pytest.fixture
def proxied(url: str, database_kind: str) -> Any:
    """(proxy, application) with PostgreSQL behind the proxy."""
    there = make_url(url)
    proxy = Proxy(there.host or "127.0.0.1", there.port or 5432)
    app = application(there.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False))
    with app.app_context():
        yield proxy, app
        for engine in db.engines.values():
            engine.dispose()
    proxy.shut()


@pytest.mark.only_on("postgresql")
def test_connections_that_were_cut_while_they_rested_cost_no_request(proxied: Any) -> None:
    proxy, _app = proxied
    with entered(SYSTEM, write=True) as writing:
        _say(writing, "before")
    assert _words() == ["before"]
    proxy.cut()
    assert _words() == ["before"]
    with entered(SYSTEM, write=True) as writing:
        _say(writing, "after")
    assert _words() == ["before", "after"]


@pytest.mark.only_on("postgresql")
def test_a_connection_that_is_cut_at_work_says_so_and_the_next_request_works(proxied: Any) -> None:
    proxy, _app = proxied
    with entered(SYSTEM) as reading:
        reading.execute(text("SELECT 1"))
        proxy.cut()
        with pytest.raises(DatabaseGone):
            reading.execute(text("SELECT 1"))
    assert _words() == []


@pytest.mark.only_on("postgresql")
def test_a_connection_that_is_lost_while_a_frame_is_left_costs_nobody_an_answer(proxied: Any) -> None:
    proxy, _app = proxied
    with entered(SYSTEM) as reading:
        reading.execute(text("SELECT 1"))
        proxy.cut()
    assert current_frame() is None
    assert _words() == []


@pytest.mark.only_on("postgresql")
def test_a_server_that_is_away_is_said_to_be_away_and_found_when_it_is_back(proxied: Any) -> None:
    proxy, app = proxied
    assert _words() == []
    port = proxy.port
    proxy.shut()
    for _attempt in range(3):
        with entered(SYSTEM) as reading, pytest.raises(DatabaseGone):
            reading.execute(text("SELECT 1"))
    assert problem(app) == "the database can't be reached"
    proxy.open(port)
    assert _words() == []
    assert problem(app) is None


@pytest.mark.only_on("postgresql")
def test_a_connection_that_the_server_ended_costs_no_request(app: Flask) -> None:
    with entered(SYSTEM) as reading:
        pid = reading.scalar(text("SELECT pg_backend_pid()"))
    with owned(db.engines["write"]) as server:
        server.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    assert _words() == []
