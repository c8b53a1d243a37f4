"""What a person can show beside a password, or instead of one: set up, used, removed.

All of it happens in the caller's frame, which commits. A second factor that was set up is asked for at every
sign-in. Whoever loses theirs has the recovery codes.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select, update

from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.models import normalise
from orion.data.database import session
from orion.identity import totp
from orion.identity.models import Passkey, RecoveryCode, User, now
from orion.identity.vault import seal, unseal

CODES = 10
#: 31 letters and digits that can't be misread: 24 of them are 118 bits.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH, GROUP = 24, 4
MOST_PASSKEYS = 20


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up."""

    totp_since: datetime | None
    totp_used_at: datetime | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a second factor is asked for at sign-in."""
        return self.totp_since is not None or bool(self.passkeys)


def factors_of(user_id: int) -> Factors:
    """What a person has set up now."""
    mine = select(User.totp_since, User.totp_used_at).where(User.id == user_id)
    since, used = session().execute(mine).one()
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return Factors(since, used, passkeys_of(user_id), session().scalar(left) or 0)


def passkeys_of(user_id: int) -> Sequence[Passkey]:
    """A person's passkeys, in the order of their names."""
    theirs = select(Passkey).where(Passkey.user_id == user_id)
    return sorted(session().scalars(theirs.order_by(Passkey.id)), key=lambda one: normalise(one.name))


def has_second_factor(user: User) -> bool:
    """Whether a second factor is asked of this person at sign-in."""
    if user.totp_secret is not None:
        return True
    return session().scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None


# -- the app that shows codes ----------------------------------------------------------------------


def set_up_totp(user: User, key: str, code: str) -> None:
    """From now on the app with this key counts; `code` shows that it has it. Raises Invalid."""
    counter = totp.counter_of(key, code, None)
    moment = now()
    values = {"totp_secret": seal(key), "totp_counter": counter, "totp_since": moment, "totp_used_at": moment}
    session().execute(update(User).where(User.id == user.id).values(values))


def take_code(user: User, code: str) -> None:
    """Use a code of the app: each counts once. Raises Invalid."""
    if user.totp_secret is None:
        raise Invalid(_("This code is wrong, or its time is over."))
    counter = totp.counter_of(unseal(user.totp_secret), code, user.totp_counter)
    later = or_(User.totp_counter.is_(None), User.totp_counter < counter)
    used = update(User).where(User.id == user.id, later)
    if _changed(used.values(totp_counter=counter, totp_used_at=now())) != 1:
        raise Invalid(_("This code has been used already. Wait for the next one."))


def remove_totp(user: User, required: bool) -> None:
    """The app counts no longer. Raises NotFound where there is none, and Conflict where a role asks for a
    second factor and it is the last."""
    found = factors_of(user.id)
    if found.totp_since is None:
        raise NotFound()
    _refuse_last(found, required, others=lambda f: bool(f.passkeys))
    gone = {"totp_secret": None, "totp_counter": None, "totp_since": None, "totp_used_at": None}
    session().execute(update(User).where(User.id == user.id).values(gone))
    _forget_codes(user.id)


# -- passkeys --------------------------------------------------------------------------------------


def refuse_more(user: User) -> None:
    """Raises Conflict for whoever has passkeys enough."""
    if len(passkeys_of(user.id)) >= MOST_PASSKEYS:
        raise Conflict(_("You have as many passkeys as there may be. Remove one that you no longer use."))


def rename_passkey(user: User, public_id: str, name: str) -> None:
    """Another name for one of a person's passkeys. Raises NotFound."""
    theirs = update(Passkey).where(Passkey.user_id == user.id, Passkey.public_id == public_id)
    if _changed(theirs.values(name=name)) == 0:
        raise NotFound()


def remove_passkey(user: User, public_id: str, required: bool) -> None:
    """One of a person's passkeys opens nothing any longer. Raises NotFound, and Conflict for the last way in,
    or the last second factor where a role asks for one."""
    found = factors_of(user.id)
    if public_id not in {one.public_id for one in found.passkeys}:
        raise NotFound()
    last = len(found.passkeys) == 1
    if last and not user.password:
        raise Conflict(_("This passkey is your only way in. Choose a password first."))
    _refuse_last(found, required, others=lambda f: not last or f.totp_since is not None)
    session().execute(delete(Passkey).where(Passkey.user_id == user.id, Passkey.public_id == public_id))
    _forget_codes(user.id)


# -- recovery codes --------------------------------------------------------------------------------


def new_codes(user: User) -> list[str]:
    """Recovery codes in place of all earlier ones: shown now, kept as hashes."""
    session().execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _number in range(CODES)]
    session().add_all(RecoveryCode(user_id=user.id, code_hash=_hash(user.id, code)) for code in codes)
    session().flush()
    return codes


def take_recovery_code(user: User, code: str) -> None:
    """Use a recovery code up. Raises Invalid."""
    mine = (RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hash(user.id, code))
    if _changed(delete(RecoveryCode).where(*mine)) != 1:
        raise Invalid(_("This recovery code is wrong, or has been used already."))


def own_codes(user: User, codes: Sequence[str]) -> list[str]:
    """Which of these are codes of this person that are still good."""
    mine = select(RecoveryCode.code_hash).where(RecoveryCode.user_id == user.id)
    good = set(session().scalars(mine))
    return [code for code in codes if _hash(user.id, code) in good]


def reset(user_id: int) -> None:
    """Everything beside the password goes: for somebody who has lost it all."""
    for table in (Passkey, RecoveryCode):
        session().execute(delete(table).where(table.user_id == user_id))
    gone = {"totp_secret": None, "totp_counter": None, "totp_since": None, "totp_used_at": None}
    session().execute(update(User).where(User.id == user_id).values(gone))


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _number in range(LENGTH))
    return "-".join(letters[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def _hash(user_id: int, code: str) -> str:
    plain = "".join(c for c in code.lower() if c in LETTERS)
    return sha256(f"{user_id} {plain}".encode()).hexdigest()


def _refuse_last(found: Factors, required: bool, others: Any) -> None:
    if required and not others(found):
        raise Conflict(_("Your role asks for a second factor. Set up another one before you remove this."))


def _forget_codes(user_id: int) -> None:
    """Codes that stand in for a second factor go with the last one."""
    if not factors_of(user_id).any:
        session().execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _changed(statement: Any) -> int:
    return session().execute(statement).rowcount  # type: ignore[attr-defined]
