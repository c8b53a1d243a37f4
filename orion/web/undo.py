"""Undo: what an action needs to be taken back is kept for a quarter of an hour, for the person who did it.

A module's undo.py holds the functions: `@undoes("catalog.edit")` over `def restore(scope, ids)`.
`Undo("catalog.restore", ids=[…])` names one with its arguments, which are kept as JSON beside the action's
own rows, in its transaction; the page gets nothing but a random token.
"""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import NoResultFound

from orion.contracts.errors import Forbidden, NotFound, OrionError
from orion.contracts.pages import current_scope, engine_page
from orion.contracts.scope import Scope
from orion.data.database import session
from orion.data.engine_tables import undo as table
from orion.desk.urls import frontend_of

GOOD_FOR = timedelta(minutes=15)
Function = TypeVar("Function", bound=Callable[..., Any])
_own: dict[str, Any] = {}


class Undo:
    """A function of a module's undo.py, by its full name, and what it is called with (JSON's types)."""

    def __init__(self, name: str, **arguments: Any) -> None:
        self.name, self.arguments = name, arguments


def undoes(permission: str) -> Callable[[Function], Function]:
    """Mark a function of an undo.py; whoever takes back must hold the permission still."""

    def marked(function: Function) -> Function:
        function.permission = permission  # type: ignore[attr-defined]
        return function

    return marked


def engine_undoes(function: Function) -> Function:
    """Mark a function of the engine: `Undo("orion.<its name>", …)`, for everybody at the place."""
    _own[function.__name__] = undoes("")(function)
    return function


def init_app(app: Flask) -> None:
    """One address a frontend: the gate says there who may act, and where."""
    app.add_url_rule("/admin/undo/<token>", "undo.admin", engine_page("admin")(_take_back), methods=["POST"])
    app.add_url_rule(
        "/vendor/<vendor_code>/undo/<token>",
        "undo.vendor",
        engine_page("vendor")(_take_back),
        methods=["POST"],
    )


def keep(undo: Undo, back: str) -> str:
    """Keep what takes the action back, and give the address that does it. `back` is where it leads then.

    Part of the action's transaction: without the action there is nothing to take back.
    """
    scope, moment = current_scope(), datetime.now(UTC)
    token = secrets.token_urlsafe(24)
    session().execute(delete(table).where(table.c.expires_at < moment))
    session().execute(
        insert(table).values(
            id_hash=_hash(token),
            user_id=scope.user_id,
            place=_place(scope),
            name=undo.name,
            arguments=json.dumps(undo.arguments),
            back=back,
            expires_at=moment + GOOD_FOR,
        )
    )
    return url_for(f"undo.{frontend_of(scope)}", token=token)


def _take_back(scope: Scope, token: str) -> ResponseReturnValue:
    row = _taken(scope, token)
    if row is None:
        flash(_("This can't be undone any more."), "error")
        return redirect(url_for(f"dashboard.{frontend_of(scope)}"), 303)
    try:
        with session().begin_nested():
            function = _function(row.name)
            if function.permission and not scope.allows(function.permission):
                raise Forbidden()
            said = function(scope, **json.loads(row.arguments))
        flash(str(said or _("Undone.")), "success")
    except (OrionError, NoResultFound) as error:
        # What it was about has gone meanwhile, or isn't seen from this platform.
        flash(getattr(error, "message", "") or _("This can't be undone any more."), "error")
    return redirect(row.back, 303)


def _taken(scope: Scope, token: str) -> Any:
    """The row of a token of this person and place, taken away: of two clicks, one gets it."""
    mine = (
        table.c.id_hash == _hash(token),
        table.c.user_id == scope.user_id,
        table.c.place == _place(scope),
        table.c.expires_at > datetime.now(UTC),
    )
    row = session().execute(select(table).where(*mine)).one_or_none()
    gone: Any = session().execute(delete(table).where(*mine))
    return row if gone.rowcount == 1 else None


def _function(name: str) -> Any:
    code, _dot, function = name.partition(".")
    if code == "orion":
        return _own[function]
    orion = current_app.extensions["orion"]
    if g.registry.state(code) != "on" or code not in orion.modules:
        raise NotFound()
    return orion.modules[code].functions("undo")[function]


def _place(scope: Scope) -> str:
    return f"vendor/{scope.vendor.code}" if scope.vendor else "admin"


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
