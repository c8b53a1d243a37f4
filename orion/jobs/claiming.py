"""Who works on a job: whoever has its token, for as long as the lease lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, select, update

from orion.contracts.scope import system_scope
from orion.data.database import entered, session
from orion.jobs.asking import noted
from orion.jobs.models import OPEN, Job, now

#: A job that crashes so often without getting on is parked.
MOST_CRASHES = 5
#: Jobs that one look finds.
AT_ONCE = 100


class Lost(Exception):
    """The job is another worker's by now: what was being written is not to be kept."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours while nobody else has taken it on: the row as it was then, and our token."""

    job: Job
    token: int

    def mine(self) -> ColumnElement[bool]:
        """That the job is still ours."""
        return and_(Job.id == self.job.id, Job.token == self.token, Job.state == "running")

    def locked(self) -> Select[Job]:
        """The job's row, for one transaction alone; none where it is no longer ours."""
        return select(Job).where(self.mine()).with_for_update(of=Job)


def lease() -> timedelta:
    """For how long a worker has a job without getting on."""
    return timedelta(seconds=current_app.extensions["settings"].jobs_lease)


def claim(job_id: int) -> Claim | None:
    """Take on a job that waits, or whose worker has not been heard of; None where there is nothing to take.

    A job that its worker died on has crashed; one that crashed too often is parked instead.
    """
    with entered(system_scope("jobs"), write=True) as writing:
        moment = now()
        statement = select(Job).where(Job.id == job_id, _due(moment))
        job = writing.scalar(statement.with_for_update(of=Job, skip_locked=True))
        if job is None:
            return None
        if job.state == "running":
            job.crashes += 1
        if job.crashes >= MOST_CRASHES:
            job.state, job.finished_at = "parked", moment
            job.message = job.message or _("Its worker died on it again and again.")
            noted(job)
            writing.commit()
            return None
        job.state, job.due_at, job.token = "running", moment + lease(), job.token + 1
        job.started_at = job.started_at or moment
        noted(job)
        writing.commit()
        return Claim(job, job.token)


def due() -> Sequence[int]:
    """Row ids of jobs that somebody should take on, the oldest first."""
    with entered(system_scope("jobs")) as reading:
        statement = select(Job.id).where(_due(now())).order_by(Job.due_at, Job.id).limit(AT_ONCE)
        return reading.scalars(statement).all()


def renew(claimed: Claim) -> bool:
    """Have a job for longer; whether it is to stop. Raises Lost."""
    with entered(system_scope("jobs"), write=True) as writing:
        job = writing.scalar(claimed.locked())
        if job is None:
            raise Lost
        job.due_at = now() + lease()
        writing.commit()
        return job.stopping


def settle(claimed: Claim, **values: Any) -> None:
    """Write how a job ended, and when, or that it waits again, where it is still ours."""
    with entered(system_scope("jobs"), write=True) as writing:
        job = writing.scalar(claimed.locked())
        if job is not None:
            for name, value in values.items():
                setattr(job, name, value)
            job.finished_at = None if job.is_open else now()
            noted(job)
            writing.commit()


def hold(claimed: Claim) -> Job:
    """The job's row for the transaction of a chunk: nobody else takes it on meanwhile. Raises Lost."""
    job = session().scalar(claimed.locked().execution_options(populate_existing=True))
    if job is None:
        raise Lost
    return job


def advance(claimed: Claim, **values: Any) -> None:
    """Write how far a job came, in the transaction of the chunk that brought it there. Raises Lost."""
    moved: Any = session().execute(
        update(Job)
        .where(claimed.mine())
        .values(due_at=now() + lease(), crashes=0, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        raise Lost


def _due(moment: datetime) -> ColumnElement[bool]:
    return and_(Job.state.in_(OPEN), Job.due_at <= moment)
