"""What a module's queries and services use to reach the database."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

from orion.contracts.scope import Scope, system_scope
from orion.data.bulk import change_rows, insert_rows, upsert_add
from orion.data.database import entered, session
from orion.data.faults import DatabaseGone, DeadlineExceeded
from orion.data.json_sql import json_rows
from orion.data.statistics import analyse
from orion.data.versions import read_versions
from orion.keys import key_of

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
    "remembered",
    "session",
    "system_scope",
    "upsert_add",
]

_Found = TypeVar("_Found")
#: So much is remembered at most in a process.
MOST_REMEMBERED = 1_000


def once(name: str, read: Callable[[], _Found]) -> _Found:
    """What `read` finds, asked for once in a frame, however often a page wants to know it. `name` is
    `<module>.<what>`."""
    known = session().info
    if name not in known:
        known[name] = read()
    found: _Found = known[name]
    return found


def remembered(scope: Scope, module: str, name: str, read: Callable[[], _Found]) -> _Found:
    """What `read` finds in a module's rows, kept in this process until any that the scope sees changes.

    For little that many pages ask, as values and not as rows. A scope that doesn't know how its data stand (a
    command's) asks each time.
    """
    if not scope.versions:
        return once(name, read)
    kept: dict[str, Any] = current_app.extensions.setdefault("orion_remembered", {})
    key = key_of("kept", name, scope.key, scope.versions.get(module, 0))
    if key not in kept:
        if len(kept) >= MOST_REMEMBERED:
            kept.clear()
        kept[key] = read()
    found: _Found = kept[key]
    return found
