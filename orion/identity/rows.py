"""Writing the rows of sessions: begin, change, end, and when one was last seen."""

import json
import secrets
from contextlib import AbstractContextManager
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Request
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from orion.contracts.scope import system_scope
from orion.data import bookkeeping
from orion.data.database import current_frame, entered
from orion.data.database import session as frame_session
from orion.identity.models import SessionRow, User, now
from orion.identity.visit import Visit, hash_of
from orion.networks import prefix_of
from orion.settings import Settings

SEEN_EVERY = timedelta(minutes=1)
FRESH_FOR = timedelta(minutes=15)


def begin(settings: Settings, request: Request, data: dict[str, Any], old: Visit | None) -> str | None:
    """A new row in place of the old one; gives the new session's id. Forms have a new token, unless the same
    person goes on: what they have open in other tabs stays good.

    None when the person in `data` is not there or switched off. Sessions that are over are swept away.
    """
    session_id = secrets.token_urlsafe(32)
    if old is None or old.data.get("_user_id") != data["_user_id"]:
        data["csrf_token"] = sha256(secrets.token_bytes(32)).hexdigest()
    with writing() as session:
        user_id = session.scalar(select(User.id).where(User.fs_uniquifier == data["_user_id"], User.active))
        if user_id is None:
            return None
        _forget(session, old)
        _sweep(session, settings)
        row = described(request, settings) | {"user_id": user_id, "data": json.dumps(data)}
        session.execute(insert(SessionRow).values(id_hash=hash_of(session_id), **row))
        session.commit()
    return session_id


def change(visit: Visit, data: dict[str, Any]) -> None:
    """Keep other data in the same session."""
    with writing() as session:
        row = SessionRow.id_hash == visit.row.id_hash
        session.execute(update(SessionRow).where(row).values(data=json.dumps(data)))
        session.commit()


def end(visit: Visit) -> None:
    """The row goes, so that a copy of the cookie is worth nothing."""
    with writing() as session:
        _forget(session, visit)
        session.commit()


def note_seen(app: Flask, visit: Visit) -> None:
    """Write down that the session is in use: after the response, at most once a minute."""
    moment, row = now(), visit.row.id_hash
    if moment - visit.row.seen_at > SEEN_EVERY:
        seen = update(SessionRow).where(SessionRow.id_hash == row, SessionRow.seen_at < moment)
        bookkeeping.later(
            app, lambda session: session.execute(seen.values(seen_at=moment)), key=("seen", row)
        )


def writing() -> AbstractContextManager[Session]:
    """A frame for rows of signing in, before or after all that the request writes. What it left uncommitted
    is lost by then in any case, and on SQLite its open transaction would keep this one waiting."""
    frame = current_frame()
    if frame is not None and frame.write:
        frame_session().rollback()
    return entered(system_scope("sign_in"), write=True)


def described(request: Request, settings: Settings) -> dict[str, Any]:
    moment = now()
    return {
        "created_at": moment,
        "seen_at": moment,
        "expires_at": moment + timedelta(days=settings.session_absolute_days),
        "fresh_until": moment + FRESH_FOR,
        "ip_prefix": prefix_of(request.remote_addr),
        "user_agent": request.user_agent.string[:300],
    }


def _sweep(session: Session, settings: Settings) -> None:
    idle = SessionRow.seen_at < now() - timedelta(hours=settings.session_idle_hours)
    session.execute(delete(SessionRow).where(or_(SessionRow.expires_at < now(), idle)))


def _forget(session: Session, visit: Visit | None) -> None:
    if visit is not None:
        session.execute(delete(SessionRow).where(SessionRow.id_hash == visit.row.id_hash))
