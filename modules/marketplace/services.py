"""Writes: bringing files, deciding on what is staged, publishing and taking back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from modules.marketplace import files, picturing, queries, targets
from modules.marketplace.models import Import, Publication, Staged
from orion.contracts.audit import Subject, action, record
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.jobs import Job, start
from orion.contracts.scope import Scope
from orion.contracts.tabular import Mapping, parse_mapping

PUBLISHED = action("marketplace.published", _l("Imported products were published"))
TAKEN_BACK = action("marketplace.taken_back", _l("A publication was taken back"))


def bring(
    scope: Scope,
    content: IO[bytes],
    name: str,
    *,
    size: int,
    show_on: str = "",
    target: str = "",
    mapping: Mapping | None = None,
    at_once: bool = False,
    now: datetime,
) -> Import:
    """Keep a file of the scope's one vendor; nothing is read of it yet. Raises Invalid."""
    if scope.vendor is None:
        raise ValueError("a file is of one vendor")
    if show_on and queries.platform_id(scope, show_on) is None:
        raise Invalid(errors={"show_on": [_("Choose one of the list.")]})
    found = Import(
        vendor_id=scope.vendor.id,
        name=_shown(name)[-200:] or _("Untitled"),
        file=files.keep(scope, content),
        size=size,
        stated=files.as_json(mapping or Mapping()),
        show_on=show_on,
        **({"target": target} if target else {}),
        at_once=at_once,
        user_id=scope.user_id,
        created_at=now,
    )
    session().add(found)
    session().flush()
    return found


def _shown(name: str) -> str:
    """The name of a file without what can't be seen, and what changes the direction of what is beside it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def state_mapping(scope: Scope, found: Import, mapping: Mapping, target: str = "") -> None:
    """Say what a file is a table of (a target's name), which column is which field, and how it is written.

    Constants and options that were stated stay. Raises Conflict.
    """
    _refuse_busy(found)
    if target and target != found.target:
        refuse_published(found)
        found.target, found.stated = target, files.as_json(replace(mapping, columns={}))
        return
    kept = files.mapping_of(found)
    found.stated = files.as_json(replace(mapping, constants=kept.constants, options=kept.options))


def take_mapping(scope: Scope, found: Import, text: bytes, name: str) -> None:
    """State what the text of a mapping file says. Raises Invalid with every mistake, and Conflict."""
    _refuse_busy(found)
    if not text.strip():
        raise Invalid(_("Choose a mapping file."))
    mapping = parse_mapping(text, name, targets.of(scope, found).target)
    if mapping.joins:
        raise Invalid(_("This mapping file names further files (with:). Import them with the command."))
    found.stated = files.as_json(mapping)


def read(scope: Scope, found: Import) -> Job:
    """Ask for a file to be read; what was staged of it before is staged anew. Raises Conflict."""
    _refuse_busy(found)
    refuse_published(found)
    found.stage, found.message = "reading", ""
    return start(scope, "marketplace.read", about=found.name, total=found.rows, id=found.id)


# -- deciding -------------------------------------------------------------------------------------


def decide(scope: Scope, ids: Sequence[int], decision: str) -> dict[str, list[int]]:
    """Accept or skip what is staged (row ids), or open it again; decision before → row ids."""
    before: dict[str, list[int]] = {}
    for one in _locked(ids):
        if one.decision != "published" and one.decision != decision and one.state != "unchanged":
            if one.state == "rejected" and decision == "accepted":
                continue
            before.setdefault(one.decision, []).append(one.id)
            one.decision = decision
    return before


def publish(
    scope: Scope,
    found: Import,
    *,
    ids: Sequence[int] = (),
    only: str = "",
    reading: bool = False,
    now: datetime,
) -> Publication | None:
    """Publish what is new or changed and not skipped: all of it, the row ids, or what is decided `only` so.
    What is gone from the file is archived where it is among the row ids, or decided `only` so.

    A job does it; None where there is nothing to publish. Raises Conflict while the file is being read, but
    for the job that is `reading` it.
    """
    if not reading:
        _refuse_busy(found)
    made = Publication(vendor_id=found.vendor_id, import_id=found.id, at=now, user_id=scope.user_id, wanted=0)
    session().add(made)
    session().flush()
    meant = [
        queries.staged_of(found),
        queries.publishable(gone=bool(ids or only)),
        Staged.decision == only if only else queries.waiting(),
    ]
    parts = [ids[begin : begin + 500] for begin in range(0, len(ids), 500)] if ids else [None]
    number = sum(_marked(made, *meant, *([Staged.id.in_(p)] if p is not None else [])) for p in parts)
    if not number:
        session().delete(made)
        session().flush()
        return None
    made.wanted = number
    start(scope, "marketplace.publish", about=found.name, total=made.wanted, id=made.id)
    return made


def _marked(made: Publication, *conditions: Any) -> int:
    """Mark what is meant for a publication; how much that is."""
    marked: Any = session().execute(
        update(Staged)
        .where(*conditions)
        .values(publication_id=made.id)
        .execution_options(synchronize_session=False)
    )
    return int(marked.rowcount)


def take_back(scope: Scope, public_id: str) -> Publication:
    """Take a publication back: a job does it. Raises NotFound and Conflict."""
    made = session().scalar(
        select(Publication).where(Publication.public_id == public_id).with_for_update(of=Publication)
    )
    if made is None:
        raise NotFound()
    if made.state not in ("done", "running"):
        raise Conflict(_("This publication is taken back already."))
    if made.state == "running" and busy(made):
        raise Conflict(_("This is being published just now: stop the job first."))
    made.state = "undoing"
    picturing.end(scope, made)
    name = session().scalar(select(Import.name).where(Import.id == made.import_id)) or ""
    start(scope, "marketplace.take_back", about=name, total=made.done, id=made.id)
    return made


def note(scope: Scope, what: Any, found: Import, made: Publication) -> None:
    """Write a publication into the audit log, or that it was taken back."""
    facts = {"products": made.done, "left_alone": made.left} if made.left else {"products": made.done}
    record(scope, what, Subject("import", found.public_id, found.name), after=facts)


# -- what these share -----------------------------------------------------------------------------


def one(scope: Scope, public_id: str) -> Import:
    """An import for this transaction alone. Raises NotFound."""
    found = session().scalar(select(Import).where(Import.public_id == public_id).with_for_update(of=Import))
    if found is None:
        raise NotFound()
    return found


def by_id(id_: int) -> Import:
    """An import of a job."""
    return session().scalars(select(Import).where(Import.id == id_)).one()


def publication(id_: int) -> Publication:
    """A publication of a job."""
    return session().scalars(select(Publication).where(Publication.id == id_)).one()


def busy(made: Publication) -> bool:
    """Whether a job is at work on a publication."""
    return queries.has_open_job(("marketplace.publish", "marketplace.take_back"), made)


def refuse_published(found: Import) -> None:
    """Raise Conflict where something of an import is published."""
    if session().scalar(
        select(Staged.id).where(queries.staged_of(found), Staged.decision == "published").limit(1)
    ):
        raise Conflict(_("Something of this file is published. Take that back first, or bring it again."))


def _refuse_busy(found: Import) -> None:
    if queries.has_open_job(("marketplace.read",), found):
        raise Conflict(_("This file is being read just now."))


def _locked(ids: Sequence[int]) -> Sequence[Staged]:
    found: list[Staged] = []
    for begin in range(0, len(ids), 500):
        part = select(Staged).where(Staged.id.in_(ids[begin : begin + 500])).order_by(Staged.id)
        found += session().scalars(part.with_for_update(of=Staged)).all()
    return found
