"""SQLite's own wall: what a reading connection calls a walled table is a view of the scope's rows.

Temporary views named like the tables hide them from every statement, however it was written; an authorizer
lets nobody name the table behind a view, nor lift the wall. The views ask functions of the connection for
the scope, which each transaction sets anew. Writing connections have none of this: what they read is fenced
by the statements' wall alone.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

from orion.contracts.scope import Scope, ScopeKind, system_scope
from orion.data.beginning import is_owners
from orion.data.database import current_frame
from orion.data.policies import ALL_IDS, SQLITE, readable, scope_values
from orion.data.rules import KEY, OWNER
from orion.data.tables import metadata, wall_of

#: Under this name a connection remembers its views.
FENCE = "orion_fence"
_EVERYWHERE = frozenset({ScopeKind.VENDOR, ScopeKind.INSTALLATION, ScopeKind.SYSTEM})
#: What no reader needs, and with what one could go around the views.
_FORBIDDEN = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_DROP_TEMP_VIEW,
    }
)


def watch(engine: Engine) -> None:
    """Put views before the tables of everything that an engine reads."""
    event.listen(engine, "begin", show)
    event.listen(engine, "before_cursor_execute", _forget)
    event.listen(engine, "set_connection_execution_options", _become_owner)


def show(connection: Connection) -> None:
    """At the beginning of a transaction: the views show the scope that is entered."""
    fence: Fence | None = connection.info.get(FENCE)
    if fence is None or fence.known != len(metadata.tables):
        driver: Any = connection.connection.dbapi_connection
        fence = connection.info[FENCE] = Fence(driver)
    frame = current_frame()
    fence.show(system_scope("migrate") if is_owners(connection) else frame.scope if frame else None)


def _become_owner(connection: Connection, options: dict[str, Any]) -> None:
    """A transaction that began as anybody's goes on as the owner's."""
    if options.get(OWNER) is KEY and FENCE in connection.info:
        connection.info[FENCE].show(system_scope("migrate"))


def _forget(connection: Connection, *_: Any) -> None:
    connection.info[FENCE].shown.clear() if FENCE in connection.info else None


def _only(ids: str) -> int | None:
    """The id of a list of one."""
    return int(ids[1:-1]) if ids[1:-1].isdecimal() else None


class Fence:
    """The views of one connection, and the scope that they show."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.known = len(metadata.tables)
        self.tables = {t.name: t for t in metadata.tables.values() if wall_of(t) is not None}
        self.values: dict[str, str] = {}
        #: Tables whose views the statement that is being prepared has used so far.
        self.shown: set[str] = set()
        self._define(driver)
        driver.set_authorizer(None)
        (reads,) = driver.execute("PRAGMA query_only").fetchone()
        driver.execute("PRAGMA query_only = OFF")
        for name, table in self.tables.items():
            driver.execute(f'DROP VIEW IF EXISTS temp."{name}"')
            rows = f'SELECT * FROM main."{name}" WHERE {readable(table, SQLITE)}'
            driver.execute(f'CREATE TEMP VIEW "{name}" AS {rows}')
        driver.execute(f"PRAGMA query_only = {reads}")
        driver.set_authorizer(self._may)

    def show(self, scope: Scope | None) -> None:
        """From now on the views show this scope's rows; without one, none."""
        self.values = scope_values(scope, "[%s]")

    def _define(self, driver: sqlite3.Connection) -> None:
        """What the views ask. It stays the same while a statement runs, which therefore asks it once."""
        answers: dict[str, Callable[[], str | bool | int | None]] = {
            "vendors": lambda: self.values["vendors"] or "[]",
            "platforms": lambda: self.values["platforms"] or "[]",
            "one_of_vendors": lambda: _only(self.values["vendors"]),
            "one_of_platforms": lambda: _only(self.values["platforms"]),
            "every_vendors": lambda: self.values["vendors"] == ALL_IDS,
            "every_platforms": lambda: self.values["platforms"] == ALL_IDS,
            "by_platform": lambda: self.values["kind"] == ScopeKind.PLATFORM,
            "everywhere": lambda: self.values["kind"] in _EVERYWHERE,
        }
        for name, answer in answers.items():
            driver.create_function(f"wall_{name}", 0, answer, deterministic=True)

    def _may(
        self, action: int, name: str | None, detail: str | None, schema: str | None, view: str | None
    ) -> int:
        """SQLite asks this of everything that a new statement would do."""
        if action in _FORBIDDEN or (action == sqlite3.SQLITE_PRAGMA and name == "query_only"):
            return sqlite3.SQLITE_DENY
        if action != sqlite3.SQLITE_READ or schema != "main" or name not in self.tables:
            return sqlite3.SQLITE_OK
        if view in self.tables:
            self.shown.add(name)
            return sqlite3.SQLITE_OK
        # Where a statement needs rows of a view and none of its columns, SQLite names the table and no view.
        return sqlite3.SQLITE_OK if not detail and name in self.shown else sqlite3.SQLITE_DENY
