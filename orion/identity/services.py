"""What may be done to people, each in a frame of its own, and to their sessions, in the caller's."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import email_validator
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import hash_password
from sqlalchemy import CursorResult, Delete, delete, or_, select

from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.scope import system_scope
from orion.data.database import entered, session
from orion.identity import factors, trail, vault
from orion.identity.models import SessionRow, User, now
from orion.identity.notices import notify


def create_user(email: str, name: str, password: str | None = None) -> User:
    """A new person; without a password they choose one through a reset link.

    Raises Invalid for what isn't an e-mail address, and Conflict when somebody has it, or one that
    looks like it.
    """
    email = checked_email(email)
    with entered(system_scope("command"), write=True) as writing:
        if account_of(email) is not None:
            raise Conflict(_("There is a person with the address %(email)s already.", email=email))
        user = User(email=email, name=name, password=hash_password(password) if password else None)
        writing.add(user)
        writing.flush()
        trail.note(trail.ACCOUNT_MADE, user, after={"email": email}, by_operator=password is None)
        writing.commit()
        return user


def account_of(email: str) -> User | None:
    """Who has an address, or one that looks like it; read in the caller's frame."""
    same = or_(User.email == email, User.email_norm == normalise(email))
    found: User | None = session().scalar(select(User).where(same))
    return found


def list_users() -> Sequence[User]:
    """Everybody, by e-mail address."""
    with entered(system_scope("command")) as reading:
        return reading.scalars(select(User).order_by(User.email)).all()


def find_user(email: str) -> User:
    """The person with an e-mail address. Raises NotFound."""
    with entered(system_scope("command")) as reading:
        user: User | None = reading.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise NotFound(_("There is no person with the address %(email)s.", email=email))
    return user


def deactivate(email: str) -> User:
    """Let a person in no longer, from this moment on, and end their sessions. Raises NotFound."""
    user = find_user(email)
    with entered(system_scope("command"), write=True) as writing:
        writing.add(user)
        user.active = False
        user.fs_uniquifier = secrets.token_hex(32)
        end_sessions(user.id)
        trail.note(
            trail.SWITCHED_OFF, user, before={"active": True}, after={"active": False}, by_operator=True
        )
        writing.commit()
    return user


def reset_second_factor(email: str, reason: str) -> User:
    """A person who has lost everything beside the password signs in with that alone; their sessions end.

    Raises NotFound, and Invalid without a reason.
    """
    if not reason.strip():
        raise Invalid(_("Say why."))
    user = find_user(email)
    with entered(system_scope("command"), write=True) as writing:
        factors.reset(user.id)
        end_sessions(user.id)
        trail.note(trail.FACTORS_RESET, user, after={"reason": reason}, by_operator=True)
        writing.commit()
    notify(user.email, _l("Your second factor was reset"), "factors_changed", user.locale)
    return user


def reseal() -> int:
    """Seal every key of an app anew; gives how many. Raises SealBroken where no known key opens one."""
    with entered(system_scope("command"), write=True) as writing:
        people = writing.scalars(select(User).where(User.totp_secret.is_not(None))).all()
        for user in people:
            user.totp_secret = vault.reseal(user.totp_secret or "")
        writing.commit()
    return len(people)


def checked_email(email: str) -> str:
    """An e-mail address as it is kept: normal form, lower case. Raises Invalid."""
    try:
        found = email_validator.validate_email(email.strip(), check_deliverability=False)
    except ValueError:
        raise Invalid(_("%(email)s is not an e-mail address.", email=email)) from None
    return found.normalized.lower()


def check_password(password: str, email: str = "", name: str = "") -> None:
    """Raise Invalid (at the field `password`) for a password that nobody, or not this person, may choose."""
    rules = current_app.extensions["security"]._password_util
    wrong, _normal = rules.validate(password, True, email=email, name=name)
    if wrong:
        sentences = [str(sentence) for sentence in wrong]
        raise Invalid(sentences[0], {"password": sentences})


def own_sessions(user_id: int, idle: timedelta) -> Sequence[SessionRow]:
    """A person's sessions that have not ended, the one seen last first. `idle` ends a session unseen."""
    alive = (SessionRow.realm == "staff", SessionRow.expires_at > now(), SessionRow.seen_at > now() - idle)
    mine = select(SessionRow).where(SessionRow.user_id == user_id, *alive)
    return session().scalars(mine.order_by(SessionRow.seen_at.desc())).all()


def end_session(user_id: int, public_id: str) -> None:
    """End one of a person's sessions. Raises NotFound when it isn't theirs, or has ended."""
    theirs = delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.public_id == public_id)
    if _deleted(theirs) == 0:
        raise NotFound(_("This session has ended already."))


def end_sessions(user_id: int, but: str | None = None) -> int:
    """End a person's sessions, except for the one with the hash `but`. Gives how many ended."""
    theirs = delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.id_hash != (but or ""))
    return _deleted(theirs)


def _deleted(statement: Delete) -> int:
    return cast("CursorResult[Any]", session().execute(statement)).rowcount
