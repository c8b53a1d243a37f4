"""Starting, stopping and taking up jobs: in the transaction of whoever asks."""

import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from orion.contracts.errors import Conflict, NotFound
from orion.contracts.scope import Scope
from orion.data import versions
from orion.data.database import OrionSession, session
from orion.jobs.models import Job, now

#: Under this name a session remembers the jobs that are to be told of once it is committed.
_NEW = "orion_jobs"


def start(
    scope: Scope, name: str, *, about: str = "", key: str = "", total: int = 0, **arguments: Any
) -> Job:
    """Ask for a job of the scope's one vendor, in the transaction of the frame that is entered.

    `name` is `<module>.<function>` of that module's jobs.py, `arguments` JSON's types, `about` what it is
    called in a list. With a `key` there is one job of that key for ever: the one that is there already is
    given. Raises ValueError for a function that isn't there.
    """
    asked = asked_for(scope, name, about, arguments)
    if key:
        mine = select(Job).where(Job.vendor_id == asked["vendor_id"], Job.key == key)
        there = session().scalar(mine)
        if there is not None:
            return there
    job = Job(**asked, total=total, **({"key": key} if key else {}))
    session().add(job)
    session().flush()
    noted(job)
    _tell(job)
    return job


def asked_for(scope: Scope, name: str, about: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of a job that somebody asks for: which one, where, and in whose name.

    Raises ValueError for a function that isn't there.
    """
    if scope.vendor is None:
        raise ValueError("a job is of one vendor")
    if find(name) is None:
        raise ValueError(f"there is no job {name}")
    return {
        "vendor_id": scope.vendor.id,
        "module_code": name.partition(".")[0],
        "name": name,
        "about": about[:200],
        "arguments": json.dumps(arguments),
        "place": scope.vendor.code,
        "platform": scope.platform.code if scope.platform else "",
        "user_id": scope.user_id,
        "locale": scope.locale,
    }


def cancel(scope: Scope, public_id: str) -> Job:
    """Stop a job: at once where it waits, else before its next chunk. Raises NotFound and Conflict."""
    job = locked(public_id)
    if job.state == "waiting":
        job.state, job.finished_at = "cancelled", now()
    elif job.state == "running":
        job.stopping = True
    else:
        raise Conflict(_("This job is over already."))
    noted(job)
    return job


def retry(scope: Scope, public_id: str) -> Job:
    """Take up a job that failed, was cancelled or parked, where it stopped. Raises NotFound and Conflict."""
    job = locked(public_id)
    if job.is_open or job.state == "done":
        raise Conflict(_("There is nothing to try again."))
    job.state, job.message, job.crashes, job.stopping = "waiting", "", 0, False
    job.finished_at, job.due_at = None, now()
    noted(job)
    _tell(job)
    return job


def find(name: str) -> Any:
    """The function of a job, or None."""
    code, _dot, function = name.partition(".")
    module = current_app.extensions["orion"].modules.get(code)
    return module.functions("jobs").get(function) if module else None


def locked(public_id: str) -> Job:
    """A job for this transaction alone. Raises NotFound."""
    found = session().scalar(
        select(Job)
        .where(Job.public_id == public_id)
        .with_for_update(of=Job)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def noted(job: Job) -> None:
    """Figures of the module that a job is of may have changed with it."""
    versions.touch(session(), job.module_code, job.vendor_id)


def _tell(job: Job) -> None:
    session().info.setdefault(_NEW, []).append(job.id)


@event.listens_for(OrionSession, "after_commit")
def _committed(writing: Session) -> None:
    if writing.in_nested_transaction():
        return
    queue = current_app.extensions.get("orion_jobs")
    for id_ in writing.info.pop(_NEW, ()):
        if queue is not None:
            queue.tell(id_)


@event.listens_for(OrionSession, "after_rollback")
def _rolled_back(writing: Session) -> None:
    writing.info.pop(_NEW, None)
