"""Half signed in: the password was right, the second factor is still to come.

A row of its own realm, for ten minutes, with a cookie of its own: it opens nothing but the page that asks for
the rest. The session that follows has a new id.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, after_this_request, current_app, request
from sqlalchemy import delete, insert, select

from orion.data.database import session
from orion.identity.cookies import delete_cookie, read_cookie, set_cookie
from orion.identity.models import SessionRow, User, now
from orion.identity.rows import described
from orion.identity.visit import hash_of

REALM = "half"
FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Half:
    """Who is half signed in, and where they are going."""

    id_hash: str
    user: User
    after: str


def begin(user: User, after: str) -> None:
    """This browser has given the password of this person. Commits."""
    half_id = secrets.token_urlsafe(32)
    data = json.dumps({"_user_id": user.fs_uniquifier, "next": after})
    row = described(request, current_app.extensions["settings"])
    row |= {"realm": REALM, "user_id": user.id, "data": data, "expires_at": now() + FOR, "fresh_until": now()}
    session().execute(insert(SessionRow).values(id_hash=hash_of(half_id), **row))
    session().commit()

    @after_this_request
    def _keep(response: Response) -> Response:
        set_cookie(request, response, REALM, half_id, int(FOR.total_seconds()))
        return response


def current() -> Half | None:
    """Who is half signed in with this browser. None when nobody is, or it was too long ago."""
    half_id = read_cookie(request, REALM)
    if not half_id:
        return None
    statement = (
        select(SessionRow, User)
        .join(User, User.id == SessionRow.user_id)
        .where(
            SessionRow.id_hash == hash_of(half_id),
            SessionRow.realm == REALM,
            SessionRow.expires_at > now(),
            User.active,
        )
    )
    found = session().execute(statement).one_or_none()
    if found is None:
        return None
    data = json.loads(found[0].data)
    return (
        Half(found[0].id_hash, found[1], data["next"]) if data["_user_id"] == found[1].fs_uniquifier else None
    )


def end(half: Half) -> None:
    """They are signed in wholly now; in the caller's transaction."""
    session().execute(delete(SessionRow).where(SessionRow.id_hash == half.id_hash))

    @after_this_request
    def _forget(response: Response) -> Response:
        delete_cookie(request, response, REALM)
        return response
