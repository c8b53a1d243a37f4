"""Background work of modules: functions in jobs.py, `start` to ask for one (docs/jobs.md)."""

from orion.jobs.asking import cancel, retry, start
from orion.jobs.models import OPEN, OVER, STATES, Job
from orion.jobs.running import run
from orion.jobs.work import Chunk, Work, job

__all__ = ["OPEN", "OVER", "STATES", "Chunk", "Job", "Work", "cancel", "job", "retry", "run", "start"]
