"""What may be used once."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from orion.data.database import session
from orion.identity.models import Spent, now


def spend(value: bytes, good_for: timedelta) -> bool:
    """Use a value up, in the caller's transaction; False when that was done before.

    `good_for` is how long the value would be taken at all: later it need not be remembered.
    """
    moment = now()
    session().execute(delete(Spent).where(Spent.expires_at < moment))
    used = insert(Spent).values(digest=sha256(value).hexdigest(), expires_at=moment + good_for)
    try:
        with session().begin_nested():
            session().execute(used)
    except IntegrityError:
        return False
    return True
