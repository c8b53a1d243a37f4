"""The page of notifications at a place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from orion.contracts.forms import Form, done
from orion.contracts.pages import SAFE_METHODS, render
from orion.contracts.scope import Scope
from orion.data import bookkeeping
from orion.desk import notices as waiting
from orion.desk.urls import desk_url, frontend_of, may_open


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as the page shows it. `url` is where it happened, if this person may go there."""

    id: str
    text: str
    at: datetime
    read: bool
    url: str | None = None


def notices(scope: Scope) -> ResponseReturnValue:
    """The newest notices; a POST marks one of them, or all, as read."""
    if request.method not in SAFE_METHODS and Form().sent():
        waiting.read(scope, request.form.get("notice") or None)
        return done(_("Marked as read."), desk_url(scope, "notices"))
    bookkeeping.later(current_app._get_current_object(), waiting.forget, key="notices")  # type: ignore[attr-defined]
    lines = [_line(scope, one) for one in waiting.told(scope)]
    return render("desk/notices.html", lines=lines, unread=sum(not line.read for line in lines))


def _line(scope: Scope, one: waiting.Told) -> Line:
    return Line(one.public_id, one.kind.said(one.details), one.at, one.read, _url(scope, one))


def _url(scope: Scope, one: waiting.Told) -> str | None:
    endpoint = f"{one.kind.module}_{frontend_of(scope)}.{one.kind.page}"
    if not may_open(scope, endpoint):
        return None
    arguments: Any = {one.kind.argument: one.details.get(one.kind.key)} if one.kind.key else {}
    return url_for(endpoint, **arguments)
