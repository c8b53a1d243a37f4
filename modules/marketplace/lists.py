"""The lists: imports, what is staged, jobs."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext
from sqlalchemy import Select

from modules.marketplace import queries, staging, targets
from modules.marketplace.actions import ACTIONS
from modules.marketplace.models import Import, Staged
from modules.marketplace.words import DECISIONS, JOB_STATES, JOBS, PROBLEMS, STAGES, STATES
from orion.contracts.data import once
from orion.contracts.formats import listed, number
from orion.contracts.jobs import Job
from orion.contracts.lists import Choice, Column, ListPage, Search
from orion.contracts.locales import said_again
from orion.contracts.scope import Scope

_ID = re.compile(r"[2-9a-z]{14}")
FILE = Column("import", _l("File"), kind="file", value=lambda r: r.Import.name)
VENDOR = Column("vendor", _l("Vendor"), kind="muted", value=lambda r: r.Vendor.name)


def _labels(words: dict[str, Any]) -> list[tuple[str, object]]:
    return [(key, one[0] if isinstance(one, tuple) else one) for key, one in words.items()]


def _whose(everywhere: bool) -> tuple[Column, ...]:
    return (VENDOR,) if everywhere else ()


# -- imports --------------------------------------------------------------------------------------


def _imports(frontend: str) -> ListPage:
    everywhere = frontend == "admin"
    return ListPage(
        id=f"marketplace.imports.{frontend}",
        title=_l("Imports"),
        statement=queries.imports_shown,
        counted=queries.imports,
        key=Import.id,
        columns=[
            Column("name", _l("File"), sort=Import.name_norm, value=lambda r: r.Import.name, sub=_rows),
            *_whose(everywhere),
            Column(
                "stage",
                _l("State"),
                kind="badge",
                value=lambda r: STAGES[r.Import.stage][0],
                tone=lambda r: STAGES[r.Import.stage][1],
            ),
            Column("waiting", _l("To review"), kind="number", value=lambda r: r.waiting),
            Column("rejected", _l("Rejected"), kind="number", value=lambda r: r.rejected),
            Column("published", _l("Published"), kind="number", value=lambda r: r.published),
            Column(
                "brought",
                _l("Brought"),
                kind="lately",
                sort=Import.created_at,
                value=lambda r: r.Import.created_at,
            ),
        ],
        filters=[Choice("stage", _l("State"), options=_labels(STAGES), column=Import.stage)],
        search=Search(_l("Search by file"), columns=[Import.name_norm]),
        default_sort="-brought",
        row_url=None
        if everywhere
        else lambda r: url_for("marketplace_vendor.one", public_id=r.Import.public_id),
        empty=(
            _l("Nothing imported yet"),
            _l("Bring the file that another shop exports: you see what is in it before anything changes."),
        ),
    )


def _rows(row: Any) -> str:
    rows = row.Import.rows
    return ngettext("%(number)s row", "%(number)s rows", rows, number=number(rows)) if rows else ""


# -- what is staged -------------------------------------------------------------------------------


def _by_state(statement: Select[Any], value: str) -> Select[Any]:
    return statement.where(queries.publishable() if value == "ready" else Staged.state == value)


def _by_decision(statement: Select[Any], value: str) -> Select[Any]:
    return statement.where(queries.waiting() if value == "waiting" else Staged.decision == value)


def _latest(scope: Scope) -> Sequence[tuple[str, object]]:
    return once("marketplace.latest", lambda: queries.latest(scope))


def _changed(row: Any) -> str:
    """Which fields would change."""
    words = targets.words(row.Import)
    names = dict.fromkeys(change.what for change in staging.changes_of(row.Staged))
    return listed(str(words.get(name, name)) for name in names)


def _problem(row: Any) -> str:
    one = row.Staged
    if one.state != "rejected":
        return said_again(one.reason) or _changed(row) or ngettext("%(num)s part", "%(num)s parts", one.parts)
    if not one.value:
        return said_again(one.reason)
    return _("“%(value)s” %(problem)s", value=one.value, problem=said_again(one.reason))


def _place(row: Any) -> str:
    one = row.Staged
    if not one.lines:
        return "–"
    if one.lines > 1:
        return _("%(line)s and %(num)s more", line=one.line, num=one.lines - 1)
    return str(one.line)


def _staged(frontend: str) -> ListPage:
    everywhere = frontend == "admin"
    return ListPage(
        id=f"marketplace.staged.{frontend}",
        title=_l("Staging"),
        statement=queries.staged_shown,
        counted=queries.staged,
        key=Staged.id,
        pick=Staged.public_id,
        columns=[
            Column(
                "title", _l("Title"), sort=Staged.title_norm, value=lambda r: r.Staged.title, sub=_problem
            ),
            *_whose(everywhere),
            Column(
                "state",
                _l("Against what is there"),
                kind="badge",
                value=lambda r: STATES[r.Staged.state][0],
                tone=lambda r: STATES[r.Staged.state][1],
            ),
            Column(
                "review",
                _l("Review"),
                kind="badge",
                value=lambda r: "" if r.Staged.state == "unchanged" else DECISIONS[r.Staged.decision][0],
                tone=lambda r: DECISIONS[r.Staged.decision][1],
            ),
            Column("line", _l("Line"), kind="muted", sort=Staged.line, value=_place),
            FILE,
        ],
        filters=[
            Choice(
                "state",
                _l("Against what is there"),
                options=[("ready", _l("New or changed")), *_labels(STATES)],
                apply=_by_state,
            ),
            Choice(
                "review",
                _l("Review"),
                options=[("waiting", _l("To review or accepted")), *_labels(DECISIONS)],
                apply=_by_decision,
            ),
            Choice("problem", _l("Problem"), options=_labels(PROBLEMS), column=Staged.code),
            Choice(
                "import",
                _l("File"),
                options=_latest,
                apply=lambda s, value: s.where(queries.of_import(value)),
                accepts=lambda value: bool(_ID.fullmatch(value)),
            ),
        ],
        search=Search(_l("Search by title"), columns=[Staged.title_norm]),
        default_sort="line",
        row_url=None
        if everywhere
        else lambda r: url_for("marketplace_vendor.item", public_id=r.Staged.public_id),
        actions=() if everywhere else ACTIONS,
        empty=(_l("Nothing is staged"), _l("What imported files bring waits here to be looked at.")),
    )


def staged(frontend: str, public_id: str) -> ListPage:
    """The list of what is staged, of the import with this public id or of all: only then each row names its
    file."""
    page = STAGED[frontend]
    return replace(page, columns=[c for c in page.columns if c is not FILE]) if public_id else page


# -- jobs -----------------------------------------------------------------------------------------


def _progress(row: Any) -> str:
    job = row.Job
    if job.message:
        return str(job.message)
    return _("%(share)s percent", share=job.share) if job.is_open and job.share is not None else ""


def _jobs(frontend: str) -> ListPage:
    everywhere = frontend == "admin"
    return ListPage(
        id=f"marketplace.jobs.{frontend}",
        title=_l("Jobs"),
        statement=queries.jobs_shown,
        counted=queries.jobs,
        key=Job.id,
        columns=[
            Column(
                "what", _l("Job"), value=lambda r: JOBS.get(r.Job.name, r.Job.name), sub=lambda r: r.Job.about
            ),
            *_whose(everywhere),
            Column(
                "state",
                _l("State"),
                kind="badge",
                value=lambda r: JOB_STATES[r.Job.state][0],
                tone=lambda r: JOB_STATES[r.Job.state][1],
                sub=_progress,
            ),
            Column(
                "asked",
                lazy_pgettext("job", "Asked for"),
                kind="lately",
                sort=Job.created_at,
                value=lambda r: r.Job.created_at,
            ),
            Column("over", _l("Over"), kind="lately", value=lambda r: r.Job.finished_at),
        ],
        filters=[Choice("state", _l("State"), options=_labels(JOB_STATES), column=Job.state)],
        default_sort="-asked",
        row_url=lambda r: url_for(f"marketplace_{frontend}.job", public_id=r.Job.public_id),
        empty=(
            _l("No jobs yet"),
            _l("Reading and publishing go on in the background, and are told of here."),
        ),
    )


IMPORTS, STAGED, JOB_LISTS = (
    {frontend: made(frontend) for frontend in ("admin", "vendor")} for made in (_imports, _staged, _jobs)
)
