"""How a transaction begins on either database, and how long it may take."""

import time
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from orion.data import faults
from orion.data.database import Frame
from orion.data.faults import DatabaseGone, DeadlineExceeded
from orion.data.rules import KEY, OWNER


def time_left(frame: Frame | None) -> float | None:
    """Seconds until a frame's deadline, or None without one. Raises DeadlineExceeded when it has passed."""
    if frame is None or frame.deadline is None:
        return None
    left = frame.started + frame.deadline - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("the frame's time was over before the statement began")
    return left


def send(connection: Connection, sql: str, **options: Any) -> None:
    """Send SQL past SQLAlchemy, which is just beginning. A failure gives the connection up."""
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(sql, **options)
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        problem: SQLAlchemyError = faults.translated(error) or DatabaseGone("no transaction could be begun")
        connection.invalidate(error)
        raise problem from error
    cursor.close()


def is_owners(connection: Connection) -> bool:
    """Whether a connection is at work on the tables themselves, as the database's owner."""
    return connection.get_execution_options().get(OWNER) is KEY
