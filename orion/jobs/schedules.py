"""Jobs that come again each day: a row says what is asked for, and when; the sweeper of each worker asks."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from orion.contracts.errors import NotFound
from orion.contracts.scope import Scope, system_scope
from orion.data.database import entered, session
from orion.jobs.asking import asked_for, noted
from orion.jobs.models import Job, Schedule, now

#: Schedules that one look turns into jobs.
AT_ONCE = 100


def schedule(scope: Scope, name: str, *, at: time, about: str = "", **arguments: Any) -> Schedule:
    """Ask for a job (see `start`) each day at a time of the vendor's own, in the name of whoever asks now.

    Raises ValueError for a function that isn't there.
    """
    made = Schedule(
        **asked_for(scope, name, about, arguments),
        zone=scope.zone,
        at=f"{at:%H:%M}",
        next_at=following(at, scope.zone, now()),
    )
    session().add(made)
    session().flush()
    return made


def hold(scope: Scope, public_id: str, on: bool) -> Schedule:
    """Let a schedule rest, or go on. Raises NotFound."""
    found = _found(public_id)
    found.resting = not on
    found.next_at = following(time.fromisoformat(found.at), found.zone, now())
    return found


def end(scope: Scope, public_id: str) -> None:
    """Ask no more. Raises NotFound."""
    session().delete(_found(public_id))


def turn() -> int:
    """Ask for the jobs that are due, each once; how many. A schedule that was missed for days asks once."""
    with entered(system_scope("jobs"), write=True) as writing:
        moment = now()
        due = select(Schedule).where(Schedule.resting.is_(False), Schedule.next_at <= moment)
        due = due.order_by(Schedule.next_at, Schedule.id).limit(AT_ONCE)
        found = writing.scalars(due.with_for_update(of=Schedule, skip_locked=True)).all()
        for one in found:
            job = Job(
                key=f"schedule-{one.id}-{one.next_at:%Y%m%d%H%M}",
                **{name: getattr(one, name) for name in _SAME},
            )
            writing.add(job)
            one.next_at = following(time.fromisoformat(one.at), one.zone, moment)
            noted(job)
        writing.commit()
        return len(found)


#: What a job has of its schedule.
_SAME = (
    *("vendor_id", "module_code", "name", "about", "arguments", "place", "platform", "user_id", "locale"),
)


def following(at: time, zone: str, after: datetime) -> datetime:
    """The next moment (UTC) after another at which it is so late in a zone."""
    there = ZoneInfo(zone)
    day = after.astimezone(there).date()
    for ahead in range(3):
        moment = datetime.combine(day + timedelta(days=ahead), at, there).astimezone(UTC)
        if moment > after:
            return moment
    raise AssertionError("a day has 24 hours, more or less")


def _found(public_id: str) -> Schedule:
    found = session().scalar(
        select(Schedule).where(Schedule.public_id == public_id).with_for_update(of=Schedule)
    )
    if found is None:
        raise NotFound()
    return found
