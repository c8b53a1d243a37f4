"""Room on the disk: workers leave the last of it to people, so that signing in and saying why nothing goes on
can still be written."""

import shutil

from sqlalchemy import Engine

from orion.data.database import db
from orion.data.faults import NoRoom
from orion.data.on_sqlite import sqlite_file

#: Bytes that workers leave where SQLite's file lies. PostgreSQL looks after its own disk.
LEAST = 16 << 20


def free(engine: Engine) -> int | None:
    """Bytes that are free where an engine's file lies; None for a server's database."""
    file = sqlite_file(engine)
    return shutil.disk_usage(file.parent).free if file else None


def is_short() -> bool:
    """Whether there is less room than workers leave."""
    there = free(db.engines["write"])
    return there is not None and there < LEAST


def refuse_without_room() -> None:
    """Raise NoRoom where there is less room than workers leave."""
    if is_short():
        raise NoRoom("the disk is all but full")
