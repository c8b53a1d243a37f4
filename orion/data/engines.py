"""The two engines of an application: one that can only read, and one that writes.

Transactions are begun here and not by the drivers, so that both databases mean the same by them: a reader
sees one moment for as long as its frame lasts, a writer on SQLite has the lock from its first statement on,
and what a frame needs (its deadline, its scope) goes out together with the BEGIN.
"""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import URL

from orion.data import faults, guard, on_postgresql, on_sqlite, versions, wall, words
from orion.data.beginning import time_left
from orion.data.database import current_frame, db
from orion.data.faults import DatabaseGone, DeadlineExceeded
from orion.data.on_sqlite import sqlite_file
from orion.settings import Settings

#: The modules whose listeners every session needs.
LISTENING = (guard, versions, wall, words)
__all__ = ["DatabaseGone", "DeadlineExceeded", "init_app", "set_up", "sqlite_file"]

POOL = {"pool_size": 4, "max_overflow": 16, "pool_timeout": 10}
#: What people typed stands in no error's text, and so in no log.
QUIET = {"hide_parameters": True}


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its engines. Opens no connection; raises ArgumentError for a wrong URL."""
    url = _absolute(make_url(settings.database))
    options: dict[str, Any] = POOL | QUIET
    if url.get_backend_name() == "postgresql":
        options["connect_args"] = dict(on_postgresql.POSTGRES)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.config["SQLALCHEMY_BINDS"] = {"write": {"url": url, **options}}
    db.init_app(app)
    with app.app_context():
        for name, engine in db.engines.items():
            set_up(engine, writes=name == "write")


def set_up(engine: Engine, writes: bool) -> None:
    """Listen to everything that an engine does."""
    faults.watch(engine)
    guard.watch(engine)
    (on_sqlite if engine.dialect.name == "sqlite" else on_postgresql).set_up(engine, writes)
    event.listen(engine, "before_cursor_execute", _refuse_late)


def _refuse_late(*_: Any) -> None:
    time_left(current_frame())


def _absolute(url: URL) -> URL:
    if url.get_backend_name() != "sqlite":
        return url
    if not url.database or url.database == ":memory:":
        raise ValueError(
            "ORION_DATABASE_URL must name a file: a database in memory is gone with its connection"
        )
    file = Path(url.database).absolute()
    return url.set(database=str(file))
