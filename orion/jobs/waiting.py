"""Why a job that is to be done is not being done."""

from flask_babel import gettext as _

from orion.data import room
from orion.data.faults import DatabaseGone, NoRoom
from orion.jobs.models import Job


def words_of(error: DatabaseGone) -> str:
    """What is said of a job that waits for what it can do nothing about."""
    if isinstance(error, NoRoom):
        return _("The disk is full. The job goes on by itself once there is room.")
    return _("The database is full or away. The job goes on by itself.")


def why_waiting(job: Job) -> str:
    """What an open job waits for; empty where that is a worker, or nothing. A disk can be too full for a
    worker to write it down: so it is looked at."""
    if job.is_open and room.is_short():
        return words_of(NoRoom())
    return job.message if job.state == "waiting" else ""
