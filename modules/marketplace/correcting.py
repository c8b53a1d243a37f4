"""Correcting a rejected row in place: it joins its product."""

import json
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.marketplace import doubles, files, queries, staging, targets
from modules.marketplace.models import Import, Staged
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.scope import Scope
from orion.contracts.tabular import Rejected, Row, reread


def texts_of(staged: Staged, line: int | None = None) -> dict[str, str]:
    """What the cells of a rejected row say, by field, or those of a line of a thing. Raises NotFound."""
    for number, texts in json.loads(staged.source):
        if line in (None, number):
            return dict(texts)
    raise NotFound()


def correct(scope: Scope, public_id: str, texts: dict[str, str]) -> Staged:
    """Read a rejected row again with other texts (by field); the product that it is part of now.

    Raises NotFound, Conflict for a row that is none any more, and Invalid with the errors at their fields.
    """
    staged = _locked(public_id)
    if staged.state != "rejected" or not staged.lines == 1 or staged.data:
        raise Conflict(_("There is nothing to correct here any more."))
    found = session().scalars(select(Import).where(Import.id == staged.import_id)).one()
    read = reread(staging.plan_of(scope, found))
    whole = {key: text for key, text in {**texts_of(staged), **texts}.items() if text.strip()}
    row = _taken(read(staged.line, whole), found)
    destination = targets.of(scope, found)
    key = destination.key(row)
    if not key:
        raise Invalid(errors={destination.names[0]: [_("Say what it is called, or what its number is.")]})
    beside = _beside(found, key, staged)
    rows = {row.line: row}
    for other in beside:
        for line, kept in json.loads(other.source):
            again = read(line, kept)
            if isinstance(again, Row):
                rows[line] = again
    return _joined(scope, found, staged, beside, [rows[line] for line in sorted(rows)], staged.line)


def edit(scope: Scope, public_id: str, line: int, texts: dict[str, str]) -> Staged:
    """Read a line of a thing again with other texts (by field); the thing as it is now.

    Raises NotFound, Conflict for a thing that is published, and Invalid with the errors at their fields: a
    line can't be made one of another thing.
    """
    staged = _locked(public_id)
    if not staged.data or staged.decision == "published" or staged.state == "gone":
        raise Conflict(_("There is nothing to correct here any more."))
    found = session().scalars(select(Import).where(Import.id == staged.import_id)).one()
    read, destination = reread(staging.plan_of(scope, found)), targets.of(scope, found)
    before = texts_of(staged, line)
    rows = {number: read(number, kept) for number, kept in json.loads(staged.source)}
    whole = {key: text for key, text in {**before, **texts}.items() if text.strip()}
    rows[line] = row = _taken(read(line, whole), found)
    if destination.key(row)[:300] != staged.key:
        said = _("This would make it another one. Leave its number, or correct the file and bring it again.")
        name = next((key for key in texts if texts[key].strip() != before.get(key, "")), destination.names[0])
        raise Invalid(errors={name: [said]})
    sound = [rows[number] for number in sorted(rows)]
    return _joined(scope, found, staged, [], [one for one in sound if isinstance(one, Row)], line)


def _joined(
    scope: Scope, found: Import, staged: Staged, beside: list[Staged], rows: list[Row], line: int
) -> Staged:
    """Make the product of rows that are together now, in place of what was staged of them."""
    destination = targets.of(scope, found)
    thing, refused = destination.thing(rows, staging.rules_of(scope, files.settled(found)))
    mine = next((one for one in refused if one.line == line), None)
    if mine is not None:
        _taken(mine, found)
    if thing is None:
        raise Invalid(_("What this row belongs to can't be taken yet: correct its first row."))
    on = queries.platform_id(scope, found.show_on)
    [verdict] = destination.compare(scope, [thing], platform_id=on)
    source = [(row.line, row.texts or {}) for row in rows if row.line in set(thing.lines)]
    keep = next((one for one in beside if one.data), staged)
    for name, value in staging.facts(thing, verdict, source, doubles.still(keep, rows)).items():
        setattr(keep, name, value)
    keep.decision, keep.publication_id = "open", None
    for one in (staged, *beside):
        if one is not keep:
            session().delete(one)
    session().flush()
    staging.stage_rejected(scope, found, refused)
    return keep


def _taken(row: Row | Rejected, found: Import) -> Row:
    """The row. Raises Invalid at the field that is wrong."""
    if isinstance(row, Row):
        return row
    name = staging.field_of(row, files.settled(found)["columns"])
    raise Invalid(errors={name: [_("“%(value)s” %(reason)s.", value=row.value, reason=str(row.reason))]})


def _beside(found: Import, key: str, staged: Staged) -> list[Staged]:
    """What else is staged of the same product: it, and rows that were rejected for its sake."""
    mine = select(Staged).where(queries.staged_of(found), Staged.key == key[:300], Staged.id != staged.id)
    others = session().scalars(mine.order_by(Staged.line, Staged.id).with_for_update(of=Staged)).all()
    return [one for one in others if one.data or one.code in ("of_rejected", "empty")]


def _locked(public_id: str) -> Staged:
    found: Any = session().scalar(
        select(Staged).where(Staged.public_id == public_id).with_for_update(of=Staged)
    )
    if found is None:
        raise NotFound()
    return found  # type: ignore[no-any-return]
