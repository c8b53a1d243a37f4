"""One job, from the claim to its end."""

import logging
import time
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select

from orion.contracts.errors import OrionError
from orion.contracts.permissions import Place
from orion.contracts.scope import Scope, system_scope
from orion.data import room
from orion.data.database import entered
from orion.data.faults import DatabaseGone, translated
from orion.i18n import speaking
from orion.identity.elsewhere import access_at
from orion.jobs.asking import find
from orion.jobs.claiming import MOST_CRASHES, Claim, Lost, claim, due, lease, settle
from orion.jobs.models import Job, now
from orion.jobs.waiting import words_of
from orion.jobs.work import GaveWay, Stopped, Told, Work, untold

log = logging.getLogger("orion.jobs")
#: How long a job waits after a crash, by the number of crashes, and for a database that is away or full.
PAUSE, PATIENCE = timedelta(seconds=2), timedelta(seconds=30)
#: Seconds between two tries to write how a job ended.
SOON = 0.5


class Refused(Exception):
    """The job's scope can't be entered any more."""


def run(app: Flask, job_id: int, told: Told = untold) -> str:
    """Do a job as far as it goes; its state then, empty where there was nothing to take on.

    `told` hears after each chunk how much is done, of how much.
    """
    with app.app_context():
        claimed = claim(job_id)
        if claimed is None:
            return ""
        with speaking(claimed.job.locale):
            ended = _end(claimed, told)
            if ended:
                _settle(claimed, ended)
        return str(ended.get("state", "")) if ended else ""


def run_due(app: Flask) -> int:
    """Do whatever is to be done, one after the other, in this thread; the number of jobs."""
    number = 0
    while True:
        with app.app_context():
            ids = due()
        worked = [state for id_ in ids if (state := run(app, id_))]
        number += len(worked)
        if not worked:
            return number


def _settle(claimed: Claim, ended: dict[str, Any]) -> None:
    """Write how a job ended. A database that is away or full gets as long as the lease lasts: whoever takes
    the job on after that can't know that nothing is wrong with it. Raises DatabaseGone."""
    until = time.monotonic() + lease().total_seconds()
    while True:
        try:
            settle(claimed, **ended)
            return
        except DatabaseGone:
            if time.monotonic() > until:
                raise
        time.sleep(SOON)


def _end(claimed: Claim, told: Told) -> dict[str, Any]:
    """Do the work, and say what is to be written of its end; nothing where the job is another's by now."""
    try:
        _work(claimed, told)
    except Lost:
        log.warning("job was taken over", extra={"job": claimed.job.public_id})
        return {}
    except Stopped:
        return {"state": "cancelled", "stopping": False}
    except GaveWay:
        return {"state": "waiting", "message": "", "due_at": now()}
    except Refused as error:
        return {"state": "failed", "message": str(error)}
    except DatabaseGone as error:
        return _waiting(claimed, error)
    except OrionError as error:
        said = error.message or " ".join(s for part in getattr(error, "errors", {}).values() for s in part)
        return {"state": "failed", "message": said or _("This can't be done.")}
    except Exception as error:
        gone = translated(error)  # A file's error, or that of a database that isn't ours.
        if isinstance(gone, DatabaseGone):
            return _waiting(claimed, gone)
        log.exception("job crashed", extra={"job": claimed.job.public_id, "job_name": claimed.job.name})
        return _crashed(claimed)
    return {"state": "done", "message": ""}


def _waiting(claimed: Claim, error: DatabaseGone) -> dict[str, Any]:
    """That a job waits for what it can do nothing about."""
    log.warning("job waits for the database", extra={"job": claimed.job.public_id, "why": str(error)})
    return {"state": "waiting", "message": words_of(error), "due_at": now() + PATIENCE}


def _work(claimed: Claim, told: Told) -> None:
    room.refuse_without_room()
    function = find(claimed.job.name)
    scope = scope_of(claimed.job)
    if function is None or not scope.has(claimed.job.module_code):
        raise Refused(_("The module that does this is off."))
    if not scope.allows(function.permission):
        raise Refused(_("Whoever asked for this may not do it any more."))
    function(scope, Work.of(scope, claimed, told))


def scope_of(row: Job) -> Scope:
    """The scope of a job: what its person may do there now, or for the machine's own jobs everything.

    Raises Refused where there is no such place for them any more.
    """
    orion = current_app.extensions["orion"]
    source = orion.permission_source
    if source is None:
        raise Refused(_("Nothing that knows vendors is on."))
    platform = row.platform or None
    try:
        scope: Scope = (
            orion.command_scope(vendor=row.place, platform=platform)
            if row.user_id is None
            else _of_person(row, Place("vendor", row.place, platform))
        )
    except OrionError:
        raise Refused(_("Whoever asked for this may not do it any more.")) from None
    if scope.vendor is None or scope.vendor.id != row.vendor_id:
        raise Refused(_("This vendor is not there any more."))
    if scope.is_shut:
        raise Refused(_("This vendor is suspended."))
    return scope.for_changes()


def _of_person(row: Job, place: Place) -> Scope:
    orion = current_app.extensions["orion"]
    access = access_at(row.user_id or 0, place, "jobs")
    scope: Scope = orion.scope_of(access, user_id=row.user_id, locale=row.locale)
    return scope


def _crashed(claimed: Claim) -> dict[str, Any]:
    """A crash that the worker lived through: try again a little later, or park it."""
    try:
        with entered(system_scope("jobs")) as reading:
            crashes = (reading.scalar(select(Job.crashes).where(claimed.mine())) or 0) + 1
    except DatabaseGone as error:
        return _waiting(claimed, error)
    said = _("It crashed: the log of the worker says why.")
    if crashes >= MOST_CRASHES:
        return {"state": "parked", "crashes": crashes, "message": said}
    return {"state": "waiting", "crashes": crashes, "message": said, "due_at": now() + PAUSE * crashes}
