"""Background work of modules: functions in jobs.py, `start` to ask for one, `schedule` for
one each day (docs/jobs.md)."""

from orion.jobs.asking import cancel, retry, start
from orion.jobs.models import OPEN, OVER, STATES, Job, Schedule
from orion.jobs.running import run
from orion.jobs.schedules import end, hold, schedule
from orion.jobs.waiting import why_waiting
from orion.jobs.work import Chunk, Work, job

__all__ = [
    "OPEN",
    "OVER",
    "STATES",
    "Chunk",
    "Job",
    "Schedule",
    "Work",
    "cancel",
    "end",
    "hold",
    "job",
    "retry",
    "run",
    "schedule",
    "start",
    "why_waiting",
]
