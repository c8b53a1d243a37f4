"""Connections to PostgreSQL: what a transaction needs goes out together with its BEGIN."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from orion.contracts.scope import system_scope
from orion.data import liveness, role
from orion.data.beginning import is_owners, send, time_left
from orion.data.database import Frame, current_frame
from orion.data.policies import settings
from orion.data.rules import KEY, OWNER

POSTGRES = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "orion",
}
#: Whoever changes the tables sees all rows in them, as the user of the database's URL.
AS_OWNER = ["SET LOCAL ROLE NONE", *settings(system_scope("migrate"))]


def set_up(engine: Engine, writes: bool) -> None:
    """Listen to an engine's connections and transactions."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.autocommit = True

    def still_there(connection: Any, _record: Any, _proxy: Any) -> None:
        if not liveness.is_quiet(connection):
            raise DisconnectionError("the server has closed the connection")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", still_there)
    event.listen(engine, "begin", role.take_on)
    event.listen(engine, "begin", lambda connection: _begin(connection, writes))
    event.listen(engine, "set_connection_execution_options", _become_owner)
    event.listen(engine, "before_cursor_execute", _shorten)


def on_begin(connection: Connection, frame: Frame | None) -> list[str]:
    """Statements that go out together with BEGIN: settings that last for this transaction alone."""
    left = time_left(frame)
    deadline = [] if left is None else [f"SET LOCAL statement_timeout = {max(1, round(left * 1000))}"]
    return [*(AS_OWNER if is_owners(connection) else settings(frame.scope if frame else None)), *deadline]


def _begin(connection: Connection, writes: bool) -> None:
    frame = current_frame()
    begin = "BEGIN" if writes else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    connection.info["orion_timeout"] = time_left(frame)
    send(connection, "; ".join([begin, *on_begin(connection, frame)]), prepare=False)


def _become_owner(connection: Connection, options: dict[str, Any]) -> None:
    """A transaction that began as anybody's goes on as the owner's."""
    if options.get(OWNER) is KEY and connection.in_transaction():
        send(connection, "; ".join(AS_OWNER), prepare=False)


def _shorten(connection: Connection, cursor: Any, _statement: str, *_: Any) -> None:
    """A frame's deadline covers all of its statements: later ones get what is left."""
    left = time_left(current_frame())
    if left is not None:
        granted = connection.info.get("orion_timeout", left)
        if granted - left > 0.1 * granted:
            cursor.execute(f"SET LOCAL statement_timeout = {max(1, round(left * 1000))}", prepare=False)
            connection.info["orion_timeout"] = left
