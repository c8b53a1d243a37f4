"""Changes of manifests, written down: who, when and why, in the list of revisions and in the audit log."""

import logging
from collections.abc import Mapping, Sequence
from contextvars import Context
from hashlib import sha256

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError

from orion.contracts.audit import Subject, action, record
from orion.contracts.errors import OrionError
from orion.contracts.permissions import Place
from orion.contracts.scope import Scope, ScopeKind, system_scope
from orion.data.database import entered, session
from orion.data.texts import Edit, keep
from orion.product.diffs import diff_lines
from orion.product.models import HAND, Revision
from orion.product.switching import Change
from orion.product.writing import staged

log = logging.getLogger("orion.manifest")
#: Modules, features, rights of pages: all of them are switched in these files.
CHANGED = action("orion.manifest_changed", _l("A manifest was changed"))
#: Lines of a change that the audit log keeps.
MOST_LINES = 60


def base_of(changes: Sequence[Change]) -> str:
    """What tells the texts that a plan was made from: `orders:<SHA-256>`, by spaces, "-" for no file."""
    return " ".join(f"{one.name}:{digest_of(one.before)}" for one in changes)


def digest_of(text: bytes | None) -> str:
    """SHA-256 in hexadecimal, or "-" for no text."""
    return "-" if text is None else sha256(text).hexdigest()


def apply(scope: Scope, changes: Sequence[Change], how: str, who: str, why: str = "") -> list[str]:
    """Write the files, with a revision and an entry of the audit log for each; gives the revisions' ids.

    A transaction of its own, whose rows are there before the files are, so that no process that sees a file
    takes it for an edit by hand. Raises Conflict where a file has changed meanwhile or can't be written.
    """
    ids: list[str] = []
    try:
        with staged(changes), entered(scope, write=True) as writing:
            rows = [_noted(scope, one, how, who, why) for one in changes]
            writing.commit()
            ids += [row.public_id for row in rows]
    except OrionError:
        if ids:
            _take_back(scope, changes, how, who)
        raise
    return ids


def _noted(scope: Scope, change: Change, how: str, who: str, why: str) -> Revision:
    if change.after is not None:
        keep(session(), change.name, change.after)
    before, after = _lines_of(change.before, change.after)
    # The scope of a command is nobody's: the entry is Orion's own.
    person = None if scope.kind is ScopeKind.SYSTEM else scope
    subject = Subject("manifest", change.name, f"{change.name}.yaml")
    told = {"lines": after, "why": why} if why else {"lines": after}
    record(person, CHANGED, subject, {"lines": before}, told, platform_id=_platform_id(change.name))
    row = _row(change.name, how, who, why, change.before, change.after)
    session().add(row)
    session().flush()
    return row


def _row(name: str, how: str, who: str, why: str, before: bytes | None, after: bytes | None) -> Revision:
    return Revision(file=name, how=how, who=who[:254], why=why[:300], before=before, after=after)


def _take_back(scope: Scope, changes: Sequence[Change], how: str, who: str) -> None:
    """What was written down and not done is written down as undone."""
    with entered(scope, write=True) as writing:
        for one in changes:
            if one.before is not None:
                keep(writing, one.name, one.before)
            writing.add(_row(one.name, how, who, "", one.after, one.before))
        writing.commit()


def note_by_hand(app: Flask, edits: Mapping[str, Edit]) -> None:
    """Write down what somebody changed with an editor. Where that can't be, it is logged.

    Whoever is asking for something while an edit is noticed did not make it: it is noted apart from them.
    """
    Context().run(_note_by_hand, app, edits)


def _note_by_hand(app: Flask, edits: Mapping[str, Edit]) -> None:
    for name, (before, after) in sorted(edits.items()):
        try:
            with app.app_context(), entered(system_scope("bookkeeping"), write=True) as writing:
                gone, come = _lines_of(before, after)
                subject = Subject("manifest", name, f"{name}.yaml")
                place = _platform_id(name)
                record(None, CHANGED, subject, {"lines": gone}, {"lines": come}, platform_id=place)
                writing.add(_row(name, HAND, "", "", before, after))
                writing.commit()
        except SQLAlchemyError as error:
            log.warning("an edit is not noted", extra={"file": name, "error": type(error).__name__})


def _platform_id(name: str) -> int | None:
    """The row id of the platform whose file it is."""
    folder, _slash, code = name.rpartition("/")
    source = current_app.extensions["orion"].permission_source
    if not folder or source is None:
        return None
    try:
        platform = source.everything_at(Place("admin", None, code)).platform
    except OrionError:
        return None
    return platform.id if platform else None


def _lines_of(before: bytes | None, after: bytes | None) -> tuple[list[str], list[str]]:
    """The lines that go and that come, as many as the audit log keeps."""
    lines = diff_lines(before, after)
    gone, come = ([line.text for line in lines if line.kind == kind] for kind in ("gone", "come"))
    return gone[:MOST_LINES], come[:MOST_LINES]
