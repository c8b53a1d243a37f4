"""What the worker does: reading a file, publishing what it brought, taking that back."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from modules.marketplace import feeding, files, notices, picturing, queries, services, staging, targets
from modules.marketplace.models import Change, Import, Publication, Staged
from orion.contracts.data import analyse, change_rows, entered, insert_rows, session
from orion.contracts.errors import Changed, Conflict, Invalid
from orion.contracts.jobs import Work, job
from orion.contracts.locales import kept
from orion.contracts.notices import Kind, tell
from orion.contracts.outside import fetch as fetch_file
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    UNCHANGED,
    Published,
    Rejected,
    TableError,
    fingerprint,
    open_import,
)

#: Rows or products in one transaction.
CHUNK = 500
#: How many have come when the database looks at its tables anew: it takes full ones for empty till then.
GROWN = (1_000, 10_000, 100_000)


@job("marketplace.import")
def read(scope: Scope, work: Work) -> None:
    """Read a file and stage what it brings. The file twice: once to settle how it is written."""
    at: dict[str, Any] = work.cursor or {"rejected": 0, "groups": 0}
    if at.get("over"):
        return
    with entered(scope):
        found = _mine(work)
        path, statement = files.path(scope, found), files.statement_of(scope, found)
        target = targets.of(scope, found).target
    try:
        table = open_import(path, target, statement, currency=scope.currency, beat=work.beat)
        if work.cursor is None:
            found = _begin(work, table)
        _stage(scope, work, found, table.rows(texts=True), at)
        _look_for_gone(scope, work, found, at)
    except TableError as error:
        with work.chunk():
            refused = _mine(work)
            refused.stage, refused.message = "refused", error.message
            _tell(scope, notices.REFUSED, refused)
        raise
    with work.chunk() as chunk:
        done = _mine(work)
        done.stage = "ready"
        _tell(scope, notices.READY, done)
        if done.at_once:
            services.publish(scope, done, reading=True, now=datetime.now(UTC))
        chunk.cursor = {**at, "over": True}
        chunk.done = chunk.total


def _tell(scope: Scope, what: Kind, found: Import) -> None:
    tell(scope, what, also_me=True, name=found.name, file=found.public_id)


def _mine(work: Work) -> Import:
    """The import of a job that reads, in the frame that is entered.

    Raises Changed where another job has read the file anew since: this one would stage its rest twice.
    """
    found = services.by_id(work.arguments["id"])
    if work.cursor is not None and files.settled(found).get("job", work.public_id) != work.public_id:
        raise Changed(_("This file was read anew since."))
    return found


def _begin(work: Work, table: Any) -> Import:
    """Settle how the file is written, and forget what was staged of it before."""
    plan = table.plan
    with work.chunk() as chunk:
        found = services.by_id(work.arguments["id"])
        services.refuse_published(found)
        staging.clear(found)
        found.rows, found.stage, found.message = plan.rows, "reading", ""
        found.source = found.source or fingerprint(table.table.columns)
        files.settle(
            found,
            job=work.public_id,
            columns={key: column for key, column in plan.mapping.columns.items() if column},
            all=list(table.table.columns),
            constants=dict(plan.mapping.constants),
            format=plan.mapping.format,
            options=dict(plan.mapping.options),
            readings=plan.readings,
            proofs=[asdict(proof) for proof in plan.proofs],
            encoding=table.written.encoding,
            delimiter=table.written.delimiter,
        )
        chunk.cursor, chunk.done, chunk.total = {"rejected": 0, "groups": 0}, 0, plan.rows
    return found


def _stage(scope: Scope, work: Work, found: Import, rows: Any, at: dict[str, Any]) -> None:
    """Stage everything that isn't staged yet: `at` says how much is, and grows with each chunk."""
    begun, rejected = dict(at), list[Rejected]()

    def reject(row: Rejected) -> None:
        """Keep a rejected row, unless a worker before has written it."""
        if begun["rejected"]:
            begun["rejected"] -= 1
            return
        rejected.append(row)
        if len(rejected) == CHUNK:
            write()

    def write() -> None:
        with work.chunk() as chunk:
            _mine(work)
            staging.stage_rejected(scope, found, rejected)
            at["rejected"] += len(rejected)
            chunk.cursor, chunk.done = dict(at), chunk.done + len(rejected)
        rejected.clear()

    destination, rules = targets.of(scope, found), staging.rules_of(scope, files.settled(found))
    groups = staging.groups(destination, work.through(rows), reject)
    first = list(islice(groups, 1))  # By now every row was seen.
    if rejected:
        write()
    ahead = islice(chain(first, groups), begun["groups"], None)
    while part := list(islice(ahead, CHUNK)):
        told = staging.told(destination, rules, part)  # Whoever else writes on SQLite waits for a chunk.
        with work.chunk() as chunk:
            _mine(work)
            staging.stage(scope, found, told)
            at["groups"] += len(part)
            chunk.cursor, chunk.done = dict(at), chunk.done + told.rows
        _look_again(found, work.done - told.rows, work.done)


def _look_again(found: Import, before: int, now: int) -> None:
    """Have the database look at the tables that have grown, where so much has come of an import by now."""
    if any(before < size <= now for size in GROWN):
        analyse("marketplace", found.target.partition(".")[0])


def _look_for_gone(scope: Scope, work: Work, found: Import, at: dict[str, Any]) -> None:
    """Stage what the file before had and this one no longer has: `at` says how far that is done."""
    with entered(scope):
        earlier = queries.before(found)
        ids = queries.no_longer(found, earlier, at.get("gone", 0)) if earlier else ()
    for begin in range(0, len(ids), CHUNK):
        part = ids[begin : begin + CHUNK]
        with work.chunk() as chunk:
            _mine(work)
            staging.stage_gone(scope, found, queries.staged_by_id(part))
            at["gone"] = part[-1]
            chunk.cursor = dict(at)


@job("marketplace.import")
def fetch(scope: Scope, work: Work) -> None:
    """Fetch a file, and have it read where it is another one than before."""
    if work.cursor:
        return
    with entered(scope):
        feed = feeding.by_id(work.arguments["id"])
    if feed is None:
        return
    with tempfile.TemporaryFile() as content:
        try:
            got = fetch_file(scope, feed.address, content, mark=feed.mark, beat=work.beat)
        except Invalid as error:
            with work.chunk():
                _note_failure(scope, work, error.message)
            raise
        content.seek(0)
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        with work.chunk() as chunk:
            feed = feeding.by_id(work.arguments["id"])
            if feed is not None:
                found = feeding.came(scope, feed, got, digest, content, datetime.now(UTC))
                if found is not None and found.stage == "uploaded":
                    _tell(scope, notices.UNCLEAR, found)
            chunk.cursor, chunk.done = "over", chunk.total


def _note_failure(scope: Scope, work: Work, message: str) -> None:
    feed = feeding.by_id(work.arguments["id"])
    if feed is not None:
        feeding.failed(feed, message, datetime.now(UTC))
        tell(scope, notices.NOT_FETCHED, also_me=True, name=feed.name)


@job("marketplace.publish")
def publish(scope: Scope, work: Work) -> None:
    """Publish what was marked for a publication."""
    over = False
    while not over:
        with work.chunk() as chunk:
            made = services.publication(work.arguments["id"])
            if made.state in ("undoing", "undone"):
                raise Conflict(_("This publication is taken back already."))
            found = services.by_id(made.import_id)
            part = _next(made, chunk.cursor or 0)
            over = not part
            if part:
                made.done += _published(scope, found, made, part)
                chunk.cursor, chunk.done = part[-1].id, chunk.done + len(part)
            elif made.state == "running":
                made.state = "done"
                services.note(scope, services.PUBLISHED, found, made)
                _tell(scope, notices.PUBLISHED, found)
                picturing.begin(scope, found, made)
        _look_again(found, work.done - len(part), work.done)


def _next(made: Publication, after: int) -> Sequence[Any]:
    """What is published next, as far as that has to be known of it."""
    known = (Staged.id, Staged.key, Staged.title, Staged.parts, Staged.data, Staged.source)
    marked = select(*known).where(
        Staged.vendor_id == made.vendor_id, Staged.publication_id == made.id, Staged.id > after
    )
    return session().execute(marked.order_by(Staged.id).limit(CHUNK)).all()


def _published(scope: Scope, found: Import, made: Publication, part: Sequence[Any]) -> int:
    """Publish some products; how many have changed the catalog."""
    things = [staging.thing_of(one) for one in part]
    on = queries.platform_id(scope, found.show_on)
    results = targets.of(scope, found).publish(scope, things, platform_id=on, now=made.at)
    changes: dict[int, dict[str, Any]] = {}
    refused, unchanged, published = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    for one, result in zip(part, results, strict=True):
        if isinstance(result, str):
            why = {"state": "rejected", "code": "refused", "reason": kept(result)}
            refused.append({"id": one.id, **why, "publication_id": None})
        elif result.state == UNCHANGED:
            unchanged.append({"id": one.id, "state": "unchanged", "changes": "[]", "publication_id": None})
        else:
            published.append({"id": one.id, "decision": "published", "product_id": result.id})
            changes.setdefault(result.id, _change(made, result))
    for rows in (refused, unchanged, published):
        change_rows(scope, Staged, rows)
    known = select(Change.product_id).where(Change.publication_id == made.id, Change.product_id.in_(changes))
    for id_ in session().scalars(known).all():
        changes.pop(id_)  # What it was before the publication is known: that counts.
    insert_rows(scope, Change, list(changes.values()))
    return len(changes)


def _change(made: Publication, result: Published) -> dict[str, Any]:
    before = "" if result.before is None else json.dumps(result.before)
    return {
        "vendor_id": made.vendor_id,
        "publication_id": made.id,
        "product_id": result.id,
        "before": before,
    }


@job("marketplace.publish")
def pictures(scope: Scope, work: Work) -> None:
    """Fetch the pictures that published products have elsewhere."""
    picturing.fetch(scope, work)


@job("marketplace.publish")
def take_back(scope: Scope, work: Work) -> None:
    """Make products what they were before a publication, but for those that have changed since."""
    over = False
    while not over:
        with work.chunk() as chunk:
            made = services.publication(work.arguments["id"])
            asked = select(Change).where(Change.publication_id == made.id, Change.id > (chunk.cursor or 0))
            part = session().scalars(asked.order_by(Change.id).limit(CHUNK)).all()
            over = not part
            if part:
                made.left += _taken_back(scope, made, part)
                chunk.cursor, chunk.done = part[-1].id, chunk.done + len(part)
            elif made.state == "undoing":
                made.state = "undone"
                found = services.by_id(made.import_id)
                services.note(scope, services.TAKEN_BACK, found, made)
                _tell(scope, notices.TAKEN_BACK, found)


def _taken_back(scope: Scope, made: Publication, part: Sequence[Change]) -> int:
    """Take some products back; how many are left alone."""
    before = {one.product_id: json.loads(one.before) if one.before else None for one in part}
    found = services.by_id(made.import_id)
    left = targets.of(scope, found).take_back(scope, before, at=made.at)
    session().execute(
        update(Staged)
        .where(
            Staged.vendor_id == made.vendor_id,
            Staged.publication_id == made.id,
            Staged.product_id.in_(set(before) - set(left)),
        )
        .values(decision="open", publication_id=None, product_id=None)
        .execution_options(synchronize_session=False)
    )
    return len(left)
