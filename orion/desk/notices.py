"""What a person is told at a place: the newest notices that they may see, and which of them they have read.

Read is what a mark says that is kept for the person: everything up to a number, and some beyond it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from orion.contracts.notices import ABOUT, Kind, kinds
from orion.contracts.scope import Scope
from orion.data.database import session
from orion.desk import kept
from orion.desk.memory import remembered
from orion.desk.models import Kept, Notice, now
from orion.desk.places import Spot, spot_of

#: So many of a place's newest are looked at, none older than this.
MOST, GOOD_FOR = 100, timedelta(days=30)
MARK = "notices"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as its reader sees it; `page` is the endpoint behind it, with the arguments of its address."""

    public_id: str
    kind: Kind
    details: dict[str, Any]
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What was read: everything up to `to`, and `more` beyond it."""

    to: int = 0
    more: frozenset[int] = frozenset()

    def has(self, number: int) -> bool:
        """Whether the notice of this number was read."""
        return number <= self.to or number in self.more

    @classmethod
    def of(cls, text: str | None) -> "Mark":
        """The mark as it was kept."""
        try:
            to, more = json.loads(text or "[0, []]")
            return cls(int(to), frozenset(map(int, more)))
        except (ValueError, TypeError):
            return cls()

    @property
    def text(self) -> str:
        """The mark as it is kept."""
        return json.dumps([self.to, sorted(self.more)])


def unread(scope: Scope) -> int:
    """How many notices this person has not read: one statement, and none while nothing has changed."""
    spot = spot_of(scope)
    if spot is None or scope.user_id is None:
        return 0
    part = (spot.text, scope.permissions, scope.features)
    none: tuple[int, ...] = ()
    known = remembered(scope, ABOUT, part, lambda: _ids(scope, spot), none)
    if not known:
        return 0
    mark = _mark(scope)
    return sum(not mark.has(number) for number in known)


def _ids(scope: Scope, spot: Spot) -> tuple[int, ...]:
    if not _may(scope):
        return ()
    return tuple(session().scalars(select(Notice.id).where(Notice.id.in_(_newest(spot)), *_mine(scope))))


def told(scope: Scope) -> list[Told]:
    """The newest notices for this person, the newest first."""
    spot = spot_of(scope)
    if spot is None:
        return []
    mark = _mark(scope)
    rows = session().scalars(
        select(Notice).where(Notice.id.in_(_newest(spot)), *_mine(scope)).order_by(Notice.id.desc())
    )
    return [Told(r.public_id, kinds()[r.kind], r.details, r.at, mark.has(r.id)) for r in rows]


def read(scope: Scope, public_id: str | None = None) -> None:
    """Note that one was read, or all."""
    spot = spot_of(scope)
    if spot is None:
        return
    shown = session().execute(
        select(Notice.id, Notice.public_id).where(Notice.id.in_(_newest(spot)), *_mine(scope))
    )
    ids = {row.public_id: row.id for row in shown}
    mark = _newest_mark(scope, spot)
    if public_id is None:
        newest = session().scalar(select(func.max(Notice.id)).where(*_here(spot)))
        mark = Mark(max(newest or 0, mark.to))
    elif public_id in ids:
        some = mark.more | {ids[public_id]}
        mark = Mark(mark.to, frozenset(number for number in some if number in ids.values()))
    kept.keep(scope, MARK, mark.text)


def forget(writing: Session) -> None:
    """Delete what is too old to be shown, at every place; under a scope that sees all."""
    writing.execute(delete(Notice).where(Notice.at < now() - GOOD_FOR))


def _mark(scope: Scope) -> Mark:
    return Mark.of(next((one.value for one in kept.things(scope, MARK)), None))


def _newest_mark(scope: Scope, spot: Spot) -> Mark:
    """The mark as this transaction finds it: another may have been kept since the request began."""
    mine = select(Kept.value).where(
        Kept.user_id == scope.user_id, Kept.place == spot.text, Kept.what == MARK, Kept.name == ""
    )
    return Mark.of(session().scalar(mine))


def _newest(spot: Spot) -> Select[Any]:
    newest = select(Notice.id).where(*_here(spot)).order_by(Notice.id.desc()).limit(MOST)
    return select(newest.subquery("newest").c.id)


def _here(spot: Spot) -> tuple[Any, ...]:
    """Rows of this place alone: who sees a platform or an installation sees its vendors' rows too."""
    if spot.vendor_id is not None:
        return (Notice.vendor_id == spot.vendor_id,)
    return (Notice.vendor_id.is_(None), Notice.platform_id == spot.platform_id)


def _may(scope: Scope) -> list[str]:
    """The kinds that this person is told of: they hold the permission, and the module is on."""
    return [one.id for one in kinds().values() if scope.allows(one.permission) and scope.has(one.module)]


def _mine(scope: Scope) -> Iterable[Any]:
    """What this person is told of; what they did themselves isn't."""
    return (
        Notice.kind.in_(_may(scope)),
        Notice.at > now() - GOOD_FOR,
        or_(Notice.actor_id.is_(None), Notice.actor_id != scope.user_id),
    )
