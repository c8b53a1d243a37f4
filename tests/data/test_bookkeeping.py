"""Notes are written beside the page, and their failures are nobody's trouble."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from orion.data import bookkeeping
from orion.data.database import db, entered
from tests.data.fence import SYSTEM, Word, application


@pytest.fixture
def noting(app: Flask) -> Flask:
    """The application with its writer."""
    bookkeeping.init_app(app)
    return app


def _word(name: str) -> Any:
    return lambda session: session.add(Word(name=name))


def _words() -> list[str]:
    with entered(SYSTEM) as reading:
        return sorted(reading.scalars(select(Word.name)))


def test_a_note_is_written(noting: Flask) -> None:
    bookkeeping.later(noting, _word("x"))
    assert bookkeeping.flush(noting)
    assert _words() == ["x"]


def test_a_note_that_fails_is_logged_and_the_others_are_written(noting: Flask, caplog: Any) -> None:
    bookkeeping.later(noting, _word("before"))
    bookkeeping.later(noting, lambda session: session.execute(text("SELECT nonsense FROM nowhere")))
    bookkeeping.later(noting, _word("after"))
    assert bookkeeping.flush(noting)
    assert _words() == ["after", "before"]
    assert "a note was lost" in caplog.text


def test_of_notes_with_one_key_the_newest_is_written(noting: Flask) -> None:
    hold, going = threading.Event(), threading.Event()

    def slow(_session: Any) -> None:
        going.set()
        hold.wait(5)

    bookkeeping.later(noting, slow)
    going.wait(5)
    for number in range(5):
        bookkeeping.later(noting, _word(str(number)), key="number")
    hold.set()
    assert bookkeeping.flush(noting)
    assert _words() == ["4"]


def test_notes_beyond_the_bound_are_dropped(noting: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookkeeping, "MOST", 2)
    hold, going = threading.Event(), threading.Event()

    def slow(_session: Any) -> None:
        going.set()
        hold.wait(5)

    bookkeeping.later(noting, slow)
    going.wait(5)
    for name in "abc":
        bookkeeping.later(noting, _word(name))
    hold.set()
    assert bookkeeping.flush(noting)
    assert _words() == ["a", "b"]


def test_a_database_that_is_away_costs_the_page_nothing(tmp_path: Any, caplog: Any) -> None:
    app = application(f"sqlite:///{tmp_path / 'away.db'}")
    bookkeeping.init_app(app)
    bookkeeping.later(app, _word("x"))
    assert bookkeeping.flush(app)
    assert "notes were lost" in caplog.text


def test_a_note_commits_while_a_page_reads(noting: Flask) -> None:
    with entered(SYSTEM) as reading:
        reading.scalars(select(Word)).all()
        bookkeeping.later(noting, lambda session: session.execute(insert(Word).values(name="x")))
        assert bookkeeping.flush(noting)
    assert _words() == ["x"]
    assert db.engines["write"].pool.checkedout() == 0  # type: ignore[attr-defined]
