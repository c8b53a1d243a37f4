"""Everything about one person, by what manifests declare as `personal`; modules that are off included."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import inspect

from orion.contracts.errors import Conflict
from orion.contracts.scope import Scope, ScopeKind
from orion.data import personal
from orion.data.tables import metadata
from orion.desk.naming import forget, names

__all__ = ["file_of", "names", "repoint", "texts_of", "wipe"]


def file_of(scope: Scope, person: Any) -> dict[str, list[dict[str, Any]]]:
    """Table → rows about a person, who is a loaded row of the scope's one vendor. Raises as `wipe` does."""
    return personal.rows_of(scope, person, _declared(scope))


def wipe(scope: Scope, person: Any) -> dict[str, int]:
    """Empty every personal column of every row about a person; table → rows. What people keep that names
    the person goes too.

    Raises Conflict when a module that holds such data can't be asked now, and where one platform alone is
    looked at: half an erasure is none.
    """
    declared = _declared(scope)
    known = texts_of(person)
    wiped = personal.wipe(scope, person, declared)
    kept = forget(scope, known)
    return wiped | ({"orion_kept": kept} if kept else {})


def texts_of(person: Any) -> list[str]:
    """What is known of a person in their own row's personal columns."""
    table = inspect(person).mapper.local_table
    told = (getattr(person, name, None) for name in _columns().get(table.name, ()))
    return [text for text in told if isinstance(text, str) and text]


def repoint(scope: Scope, person: Any, other: Any, but: tuple[str, ...] = ()) -> dict[str, int]:
    """Let everything that refers to a person refer to another; tables in `but` are the caller's."""
    _declared(scope)
    return personal.repoint(scope, person, other, but)


def _declared(scope: Scope) -> dict[str, tuple[str, ...]]:
    if scope.kind is ScopeKind.VENDOR_ON_PLATFORM:
        raise Conflict(_("This concerns all that is known of the person: look at all platforms first."))
    return _columns()


def _columns() -> dict[str, tuple[str, ...]]:
    orion = current_app.extensions["orion"]
    found: dict[str, tuple[str, ...]] = {}
    for code, manifest in orion.registry.manifests.items():
        missing = [table for table in manifest.personal if table not in metadata.tables]
        if missing or (manifest.personal and code in orion.behind):
            raise Conflict(
                _("The module %(module)s can't be asked now, and may hold data of this person.", module=code)
            )
        found |= manifest.personal
    return found
