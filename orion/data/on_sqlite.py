"""Connections to an SQLite file: readers that can't write, writers that have the lock at once."""

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from orion.data import liveness, views
from orion.data.beginning import send, time_left
from orion.data.database import current_frame

#: SQLite asks after so many instructions whether the deadline has passed: some tenths of a millisecond.
INSTRUCTIONS = 20_000


def sqlite_file(engine: Engine) -> Path | None:
    """The file behind an engine, or None for a server's database."""
    if engine.dialect.name != "sqlite":
        return None
    return Path(engine.url.database or "")


def set_up(engine: Engine, writes: bool) -> None:
    """Listen to an engine's connections and transactions."""
    file = sqlite_file(engine)

    def connect_existing(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        # mode=rw: a database that is away must not be replaced by an empty one of the same name.
        arguments[0] = f"file:{quote(str(file))}?mode=rw"
        options.update(uri=True, isolation_level=None, timeout=10, check_same_thread=False)

    def prepare(connection: Any, record: Any) -> None:
        for pragma in _pragmas(writes):
            connection.execute(f"PRAGMA {pragma}")
        record.info["inode"] = liveness.inode(file)

    def same_file(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("inode") != liveness.inode(file):
            raise DisconnectionError("the database's file was replaced")

    event.listen(engine, "do_connect", connect_existing)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", same_file)
    if not writes:
        views.watch(engine)
    event.listen(engine, "begin", lambda connection: _begin(connection, writes))


def _pragmas(writes: bool) -> list[str]:
    pragmas = ["journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL", "temp_store = MEMORY"]
    return pragmas if writes else [*pragmas, "query_only = ON"]


def _begin(connection: Connection, writes: bool) -> None:
    driver: Any = connection.connection.dbapi_connection
    left = time_left(current_frame())
    if left is None:
        driver.set_progress_handler(None, 0)
    else:
        until = time.monotonic() + left
        driver.set_progress_handler(lambda: time.monotonic() > until, INSTRUCTIONS)
    send(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")
