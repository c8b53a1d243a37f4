"""Who is asking: session, person, rights and data versions, read together in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import Flask, has_request_context, session
from sqlalchemy import ColumnElement, Select, bindparam, cast, literal, select
from sqlalchemy import String as SqlString

from orion.contracts.permissions import PermissionSource, Place
from orion.contracts.scope import system_scope
from orion.data.choices import names_of, off_at
from orion.data.database import entered
from orion.data.versions import versions_json
from orion.identity.models import SessionRow, User, now
from orion.settings import Settings

#: What a session holds since a second factor was given: the moment, in seconds since 1970.
SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in request.

    `rights` is the decoded JSON of whoever keeps memberships, `versions` the data versions of the
    place by module, `off` what its vendor has switched off, `data` what the session holds. `user` and
    `row` are detached: they are read, and changed only after `session().add(...)` in a frame that writes.
    """

    user: User
    row: SessionRow
    rights: Any = None
    versions: Mapping[str, int] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    @property
    def fresh(self) -> bool:
        """Whether the person has shown lately who they are (see confirm.py)."""
        return self.row.fresh_until > now()

    @property
    def two_factors(self) -> bool:
        """Whether this session has passed a second factor."""
        return SECOND_FACTOR in self.data


def current_visit() -> Visit | None:
    """Who is asking, or None for a stranger. The first call of a request reads the database."""
    return session.visit if has_request_context() else None  # type: ignore[attr-defined]


def own_locale() -> str | None:
    """The language that the signed-in person chose. None where there is none or nobody was asked for yet:
    this never reads the database, so that a page about its absence can be written."""
    visit = session.visit if session.loaded else None  # type: ignore[attr-defined]
    return visit.user.locale if visit is not None else None


def hash_of(session_id: str) -> str:
    """What is kept of a session's id: the id itself is only in the cookie."""
    return sha256(session_id.encode()).hexdigest()


def read_visit(app: Flask, session_id: str, place: Place) -> Visit | None:
    """The visit of a session's id at a place, in one statement; None when there is no such session,
    or it has ended, or its person may not sign in."""
    settings: Settings = app.extensions["settings"]
    orion = app.extensions.get("orion")
    source: PermissionSource | None = orion.permission_source if orion else None
    moment = now()
    asked = {
        "id_hash": hash_of(session_id),
        "moment": moment,
        "idle_since": moment - timedelta(hours=settings.session_idle_hours),
    }
    with entered(system_scope("sign_in")) as reading:
        found = reading.execute(_question(source, place), asked).one_or_none()
    if found is None:
        return None
    row, user, rights, versions, off = found
    data = json.loads(row.data)
    if data.get("_user_id") != user.fs_uniquifier:
        return None
    return Visit(user, row, _decoded(rights), _decoded(versions) or {}, data, names_of(off))


@lru_cache(maxsize=128)
def _question(source: PermissionSource | None, place: Place) -> Select[SessionRow, User, Any, Any, Any]:
    """What is asked at a place: making the statement takes several times as long as its answer."""
    return (
        select(SessionRow, User, _rights(source, place), _versions(source, place), _off(source, place))
        .join(User, User.id == SessionRow.user_id)
        .where(
            SessionRow.id_hash == bindparam("id_hash"),
            SessionRow.realm == "staff",
            SessionRow.expires_at > bindparam("moment"),
            SessionRow.seen_at > bindparam("idle_since"),
            User.active,
        )
    )


def _rights(source: PermissionSource | None, place: Place) -> ColumnElement[Any]:
    rights = source.rights(SessionRow.__table__.c.user_id, place) if source else literal("null")
    return cast(rights, SqlString).label("rights")


def _versions(source: PermissionSource | None, place: Place) -> ColumnElement[Any]:
    vendor_id = source.vendor_id(place) if source else None
    return cast(versions_json(vendor_id), SqlString).label("versions")


def _off(source: PermissionSource | None, place: Place) -> ColumnElement[Any]:
    vendor_id = source.vendor_id(place) if source else None
    return cast(literal("") if vendor_id is None else off_at(vendor_id), SqlString).label("off")


def _decoded(text: str | None) -> Any:
    return json.loads(text) if text else None
