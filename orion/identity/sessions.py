"""Server-side sessions: the cookie holds a random id, the table a hash of it, and logout is the end.

A stranger has no row. What a page must remember of one is in a signed cookie of its own.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from orion.identity import rows
from orion.identity.cookies import (
    VISITOR_KEYS,
    delete_cookie,
    read_cookie,
    read_visitor,
    save_visitor,
    set_cookie,
)
from orion.identity.place import place_of_request
from orion.identity.visit import SECOND_FACTOR, Visit, read_visit
from orion.settings import Settings

#: A message is the visitor's even when signed in, so that showing it writes no row.
ALWAYS_VISITOR = frozenset({"_flashes"})
#: A change of one of these is a new sign-in: the session gets a new id.
SIGN_IN_KEYS = ("_user_id", "fs_paa", SECOND_FACTOR)


class LazySession(SessionMixin):
    """A session that reads nothing until somebody asks. `visit` is None for strangers.

    When the database can't be asked, the first access raises and every later one meets an empty
    session: an error page can still be written, and nobody is taken for somebody.
    """

    def __init__(self, app: Flask, request: Request) -> None:
        self.app, self.request = app, request
        self.visitor: dict[str, Any] = {}
        self.broken = False
        self._values: dict[str, Any] | None = None
        self._visit: Visit | None = None

    @property
    def loaded(self) -> bool:
        """Whether anybody asked."""
        return self._values is not None

    @property
    def visit(self) -> Visit | None:
        """The signed-in request as the database knew it when the session was read."""
        self.current()
        return self._visit

    def current(self) -> dict[str, Any]:
        """What the session holds now; read at the first access."""
        if self._values is None:
            self._values = {}
            try:
                self._values = self._read()
            except Exception:
                self.broken = True
                raise
        return self._values

    def _read(self) -> dict[str, Any]:
        self.visitor = read_visitor(self.app, self.request)
        session_id = read_cookie(self.request, "staff")
        if session_id:
            self._visit = read_visit(self.app, session_id, place_of_request())
        if self._visit is None:
            return dict(self.visitor)
        rows.note_seen(self.app, self._visit)
        return _only(self.visitor, ALWAYS_VISITOR) | dict(self._visit.data)

    def __getitem__(self, key: str) -> Any:
        return self.current()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.current()[key] = value

    def __delitem__(self, key: str) -> None:
        del self.current()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.current())

    def __len__(self) -> int:
        return len(self.current())


class ServerSessions(SessionInterface):
    """Flask's session interface on the table orion_session."""

    def open_session(self, app: Flask, request: Request) -> LazySession:
        """A session that has read nothing yet."""
        return LazySession(app, request)

    def save_session(self, app: Flask, session: LazySession, response: Response) -> None:  # type: ignore[override]
        """Write what has changed. GETs of signed-in people change nothing in the table."""
        if not session.loaded or session.broken:
            return
        response.vary.add("Cookie")
        values = session.current()
        keys = ALWAYS_VISITOR if "_user_id" in values else VISITOR_KEYS
        save_visitor(app, session.request, response, session.visitor, _only(values, keys))
        kept = {k: v for k, v in values.items() if k not in ALWAYS_VISITOR}
        old = session.visit.data if session.visit else {}
        if "_user_id" not in values:
            _end(session, response)
        elif session.visit is None or any(kept.get(k) != old.get(k) for k in SIGN_IN_KEYS):
            _begin(session, response, kept)
        elif kept != old:
            rows.change(session.visit, kept)


def _only(values: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k in keys and v}


def _begin(session: LazySession, response: Response, data: dict[str, Any]) -> None:
    settings: Settings = session.app.extensions["settings"]
    session_id = rows.begin(settings, session.request, data, session.visit)
    if session_id is not None:
        seconds = int(timedelta(days=settings.session_absolute_days).total_seconds())
        set_cookie(session.request, response, "staff", session_id, seconds)


def _end(session: LazySession, response: Response) -> None:
    if session.visit is not None:
        rows.end(session.visit)
        delete_cookie(session.request, response, "staff")
