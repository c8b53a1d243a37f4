"""Jobs that come again each day."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from orion.contracts.scope import system_scope
from orion.data.database import entered, session
from orion.jobs.models import Job, Schedule, now
from orion.jobs.schedules import end, following, hold, schedule
from orion.jobs.worker import sweep
from tests.jobs.conftest import Works

Make = Callable[..., Works]


def _ago(here: Works, ago: timedelta) -> None:
    """A schedule was due so long ago."""
    with here.app.app_context(), entered(system_scope("jobs"), write=True) as writing:
        writing.execute(update(Schedule).values(next_at=now() - ago))
        writing.commit()


def _jobs(here: Works) -> list[Job]:
    with here.at():
        return list(session().scalars(select(Job)))


def test_what_is_due_is_asked_for_once_however_long_nobody_looked(works: Make) -> None:
    here = works()
    with here.at(write=True) as scope:
        schedule(scope, "alpha.fill", at=time(3), about="Each night", step=7)
    sweep(here.app)
    assert _jobs(here) == []
    _ago(here, timedelta(days=3))
    sweep(here.app)
    sweep(here.app)
    [job] = _jobs(here)
    assert (job.name, job.about, job.arguments, job.place) == (
        "alpha.fill",
        "Each night",
        '{"step": 7}',
        "ACME",
    )
    with here.at():
        assert now() < session().scalars(select(Schedule.next_at)).one() <= now() + timedelta(days=1, hours=1)


def test_a_schedule_that_rests_or_has_ended_asks_for_nothing(works: Make) -> None:
    here = works()
    with here.at(write=True) as scope:
        made = schedule(scope, "alpha.fill", at=time(3))
        hold(scope, made.public_id, on=False)
    _ago(here, timedelta(minutes=1))
    sweep(here.app)
    assert _jobs(here) == []
    with here.at(write=True) as scope:
        hold(scope, made.public_id, on=True)
    sweep(here.app)
    assert _jobs(here) == []  # Its time today is over, or still to come.
    _ago(here, timedelta(minutes=1))
    with here.at(write=True) as scope:
        end(scope, made.public_id)
    sweep(here.app)
    assert _jobs(here) == []


@pytest.mark.parametrize(
    ("after", "then"),
    [("2026-03-28T00:00", "2026-03-28T02:00"), ("2026-03-28T02:00", "2026-03-29T01:00"),
     ("2026-10-24T03:00", "2026-10-25T02:00")],
)  # fmt: skip
def test_a_time_of_day_is_that_of_the_place_through_summer_and_winter(after: str, then: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert following(time(3), "Europe/Luxembourg", moment) == datetime.fromisoformat(then).replace(tzinfo=UTC)
