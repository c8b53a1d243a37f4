"""Guessing is slow: a try is counted before it is made, and after ten wrong ones in a row none is taken.

Counted in the database, so that all processes count together, under what was typed: for an address that
nobody has as for any other. Whoever signs in with a browser that the person has used before is counted
apart (see devices.py): strangers who guess don't lock them out.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from flask import current_app, request
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from orion.identity.models import Tries, now
from orion.identity.rows import writing
from orion.networks import prefix_of
from orion.web.limits import too_many

#: Tries in a row that cost nothing, for one person and for all people of a network together.
FREE, FREE_OF_NETWORK = 10, 50
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
#: After this time without a try the count starts anew.
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """What a try is counted under."""

    key: str
    free: int = FREE


def of_account(use: str, account: object, device: str | None = None) -> list[Counted]:
    """What tries of an account are counted under: the browser it knows, or account and network."""
    if device is not None:
        return [Counted(f"{use}:{digest(account)}:{device}")]
    return [Counted(f"{use}:{digest(account)}"), *_network()]


def digest(account: object) -> str:
    """An account in keys and cookies: what somebody typed as an address may be anything, a password even."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"account {account}".encode(errors="replace"), "sha256").hexdigest()[:32]


def pause_after(count: int, free: int = FREE) -> timedelta | None:
    """How long no try is taken after so many wrong ones in a row; each doubles the pause."""
    beyond = count - free
    if beyond < 0:
        return None
    return min(FIRST_PAUSE * (1 << min(beyond, 10)), LONGEST_PAUSE)


def take(*counted: Counted) -> int:
    """Count a try under each of these, before it is made and whatever becomes of it. Gives the highest count
    of an account.

    Raises TooMany while no try is taken under one of them; that one is not counted. Must come before the
    request has written anything: it writes in a frame of its own.
    """
    moment = now()
    with writing() as session:
        rows = [_row(session, one) for one in sorted(counted)]
        held = [row.held_until for row in rows if row.held_until and row.held_until > moment]
        if held:
            raise too_many(int((max(held) - moment).total_seconds()) + 1)
        for one, row in zip(sorted(counted), rows, strict=True):
            _count(row, one, moment)
        most = max(row.count for one, row in zip(sorted(counted), rows, strict=True) if one.free == FREE)
        _sweep(session, moment)
        session.commit()
        return most


def right(*counted: Counted) -> None:
    """The try that was counted was right: an account's count is over, a network's is as before it."""
    with writing() as session:
        for one in sorted(counted):
            row = _row(session, one)
            if one.free == FREE:
                session.delete(row)
            else:
                row.count = max(0, row.count - 1)
        session.commit()


def _network() -> list[Counted]:
    """The network of this request; none for this machine itself, where a proxy speaks for everybody."""
    prefix = prefix_of(request.remote_addr)
    if not prefix or ip_network(prefix).is_loopback:
        return []
    return [Counted(f"network:{prefix}", FREE_OF_NETWORK)]


def _row(session: Session, counted: Counted) -> Tries:
    """The row, kept for this transaction alone: tries at the same moment are counted one after another."""
    mine = select(Tries).where(Tries.key == counted.key).with_for_update()
    row = session.scalar(mine)
    if row is None:
        try:
            with session.begin_nested():
                session.execute(insert(Tries).values(key=counted.key, count=0, last_at=now()))
        except IntegrityError:
            pass
        row = session.scalars(mine).one()
    return row


def _count(row: Tries, counted: Counted, moment: datetime) -> None:
    row.count = 1 if moment - row.last_at > FORGOTTEN_AFTER else row.count + 1
    pause = pause_after(row.count, counted.free)
    row.last_at, row.held_until = moment, moment + pause if pause else None


def _sweep(session: Session, moment: datetime) -> None:
    # What another process holds is left to it: two that sweep must not wait for each other's tries.
    old = select(Tries.key).where(Tries.last_at < moment - FORGOTTEN_AFTER).with_for_update(skip_locked=True)
    session.execute(delete(Tries).where(Tries.key.in_(old)))
