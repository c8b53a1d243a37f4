"""What a module's queries and services use to reach the database."""

from collections.abc import Callable
from typing import TypeVar

from orion.contracts.scope import system_scope
from orion.data.bulk import change_rows, insert_rows, upsert_add
from orion.data.database import entered, session
from orion.data.faults import DatabaseGone, DeadlineExceeded
from orion.data.json_sql import json_rows
from orion.data.statistics import analyse
from orion.data.versions import read_versions

__all__ = [
    "DatabaseGone",
    "DeadlineExceeded",
    "analyse",
    "change_rows",
    "entered",
    "insert_rows",
    "json_rows",
    "once",
    "read_versions",
    "session",
    "system_scope",
    "upsert_add",
]

_Found = TypeVar("_Found")


def once(name: str, read: Callable[[], _Found]) -> _Found:
    """What `read` finds, asked for once in a frame, however often a page wants to know it. `name` is
    `<module>.<what>`."""
    known = session().info
    if name not in known:
        known[name] = read()
    found: _Found = known[name]
    return found
