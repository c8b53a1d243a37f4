"""What can go wrong with a database through no fault of a statement, as errors of our own."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

_SQLITE_GONE = ("unable to open", "disk i/o error", "database is locked")
#: What a disk says on which nothing more can be written.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DatabaseGone(SQLAlchemyError):
    """The database can't be asked now: away, restarting, locked for too long, or full. Try again later."""


class NoRoom(DatabaseGone):
    """There is no room on a disk: for the database, or for a file beside it."""


class WallDown(DatabaseGone):
    """The database doesn't hold back other tenants' rows as it must: it is asked for nothing."""


class DeadlineExceeded(SQLAlchemyError):
    """A statement was stopped because its frame's deadline had passed."""


class ReadingOnly(SQLAlchemyError):
    """A write was tried in a frame for reading. A defect in the code, never a person's fault."""


def watch(engine: Engine) -> None:
    """Let an engine raise the errors of this module in place of its driver's errors."""
    event.listen(engine, "handle_error", _translate)


def translated(error: BaseException) -> SQLAlchemyError | None:
    """Our own error for a driver's error, or None where it says something about the statement."""
    if _sqlstate(error) == "57014" or _sqlite(error, "interrupted"):
        return DeadlineExceeded("the statement took longer than its deadline")
    if _sqlstate(error) == "25006" or _sqlite(error, "readonly database"):
        return ReadingOnly("this frame was entered for reading")
    if is_full(error):
        return NoRoom("there is no room on the disk")
    if _is_gone(error):
        return DatabaseGone(f"the database can't be reached: {type(error).__name__}")
    return None


def is_full(error: BaseException) -> bool:
    """Whether an error, of a database's driver or of a file, says that a disk is full."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return _sqlstate(error) == "53100" or _sqlite(error, "disk is full")


@contextmanager
def writing_files() -> Iterator[None]:
    """Raise NoRoom where a file can't be written because the disk is full."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise NoRoom("there is no room for a file") from error
        raise


def is_table_missing(error: SQLAlchemyError) -> bool:
    """Whether a statement failed because the tables were never made."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return cause is not None and (_sqlstate(cause) == "42P01" or _sqlite(cause, "no such table"))


def _translate(context: ExceptionContext) -> SQLAlchemyError | None:
    error = context.original_exception
    away = context.is_disconnect or (context.connection is None and _is_operational(context, error))
    return translated(error) or (DatabaseGone("the database can't be reached") if away else None)


def _is_operational(context: ExceptionContext, error: BaseException) -> bool:
    return isinstance(error, context.dialect.dbapi.OperationalError) if context.dialect.dbapi else False


def _is_gone(error: BaseException) -> bool:
    # Classes 08 (connection), 53 (resources) and 57P (the server stops): the server's own words for "not
    # now".
    state = _sqlstate(error)
    return state.startswith(("08", "53", "57P")) or _sqlite(error, *_SQLITE_GONE)


def _sqlstate(error: BaseException) -> str:
    state: Any = getattr(error, "sqlstate", None)
    return state or ""


def _sqlite(error: BaseException, *messages: str) -> bool:
    return isinstance(error, sqlite3.OperationalError) and any(m in str(error).lower() for m in messages)
