"""From the rows of a file to what is staged: every row is in a product, or rejected with a reason."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from modules.marketplace import files, queries, targets
from modules.marketplace.doubles import SHARED, Doubles, Shared
from modules.marketplace.models import Import, Staged
from orion.contracts.data import insert_rows, session
from orion.contracts.locales import kept, said_again
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    CHANGED,
    Change,
    Destination,
    Note,
    Plan,
    Rejected,
    Row,
    Rules,
    Thing,
    Verdict,
    gathered,
    plan_again,
)

#: Rows of one product that are looked at together.
MOST_ROWS = 2_000


def groups(
    destination: Destination, rows: Iterable[Row | Rejected], reject: Callable[[Rejected], None]
) -> Iterator[tuple[list[Row], Shared | None]]:
    """The rows of each thing, and what they share with one before. Before the first comes, `reject` was
    called with every row that can't be taken, in the order of the file."""
    doubles = Doubles(destination)
    taken = _taken(destination, rows, reject, doubles)
    for key, of_product in gathered(taken, MOST_ROWS):
        yield of_product, doubles.find(key, of_product)


def _taken(
    destination: Destination,
    rows: Iterable[Row | Rejected],
    reject: Callable[[Rejected], None],
    doubles: Doubles,
) -> Iterator[tuple[str, Row]]:
    for row in rows:
        if isinstance(row, Rejected):
            reject(row)
        elif key := destination.key(row):
            doubles.see(key, row)
            yield key, row
        else:
            reason = _l("says neither what it is called nor what its number is")
            reject(Rejected(row.line, destination.names[0], "", "no_key", reason, row.values, row.texts))


def rules_of(scope: Scope, settled: dict[str, Any]) -> Rules:
    """What holds for a whole file."""
    fields = frozenset(key for key, column in settled["columns"].items() if column)
    fields |= frozenset(settled.get("constants", ()))
    return Rules(scope.currency, fields, settled["options"], scope.zone)


def plan_of(scope: Scope, found: Import) -> Plan:
    """The plan by which the file was read, for rows that are read again."""
    settled = files.settled(found)
    mapping = files.whole_mapping(scope, found)
    constants = settled.get("constants", mapping.constants)
    whole = replace(
        mapping, columns=settled["columns"], constants=constants, options=settled.get("options", {})
    )
    return plan_again(whole, targets.of(scope, found).target, settled["readings"])


@dataclass(frozen=True, slots=True)
class Told:
    """What groups of rows tell of: things, each with its rows and what it shares, and rows that can't be
    taken; `rows` counts all."""

    things: Sequence[tuple[Thing, Sequence[Row], Shared | None]]
    rejected: Sequence[Rejected]
    rows: int


def told(destination: Destination, rules: Rules, groups: Sequence[tuple[list[Row], Shared | None]]) -> Told:
    """The things that groups of rows tell of. Nothing is asked of the database."""
    things: list[tuple[Thing, Sequence[Row], Shared | None]] = []
    rejected: list[Rejected] = []
    for rows, shared in groups:
        thing, refused = destination.thing(rows, rules)
        rejected += refused
        if thing is not None:
            mine = set(thing.lines)
            things.append((thing, [row for row in rows if row.line in mine], shared))
    return Told(things, rejected, sum(len(rows) for rows, _shared in groups))


def stage(scope: Scope, found: Import, told: Told) -> None:
    """Stage things, and the rows that can't be taken."""
    destination, on = targets.of(scope, found), queries.platform_id(scope, found.show_on)
    verdicts = destination.compare(scope, [thing for thing, _rows, _shared in told.things], platform_id=on)
    staged = [
        {
            "import_id": found.id,
            **facts(thing, verdict, [(row.line, row.texts or {}) for row in rows], shared),
        }
        for (thing, rows, shared), verdict in zip(told.things, verdicts, strict=True)
    ]
    insert_rows(scope, Staged, staged)
    stage_rejected(scope, found, told.rejected)


def stage_rejected(scope: Scope, found: Import, rejected: Iterable[Rejected]) -> None:
    """Stage rows that can't be taken."""
    columns, destination = files.settled(found)["columns"], targets.of(scope, found)
    insert_rows(scope, Staged, [_rejected(found, destination, one, columns) for one in rejected])


def stage_gone(scope: Scope, found: Import, before: Sequence[Staged]) -> None:
    """Stage what an earlier file had and this one no longer has, as far as it is there still."""
    destination = targets.of(scope, found)
    things = [thing for one in before if (thing := destination.gone(thing_of(one))) is not None]
    on = queries.platform_id(scope, found.show_on)
    verdicts = destination.compare(scope, things, platform_id=on)
    rows = [
        {"import_id": found.id, **facts(thing, verdict, ()), "state": "gone"}
        for thing, verdict in zip(things, verdicts, strict=True)
        if verdict.state == CHANGED and not verdict.problem
    ]
    insert_rows(scope, Staged, rows)


def clear(found: Import) -> None:
    """Forget what is staged of an import."""
    session().execute(delete(Staged).where(queries.staged_of(found)))


def facts(
    thing: Thing,
    verdict: Verdict,
    source: Sequence[tuple[int, dict[str, str]]],
    shared: Shared | None = None,
) -> dict[str, Any]:
    """What the columns of a product say that follow from its rows, and from what it shares with another."""
    refused, title = bool(verdict.problem), thing.title[:300]
    notes = (*thing.notes, *(shared.notes if shared else ()))
    wrong = {"code": "", "field": "", "value": "", "reason": ""}
    if refused:
        wrong |= {"code": verdict.problem, "reason": kept(verdict.reason)}
    elif shared:
        reason = kept(shared.notes[0].text)
        wrong = {"code": SHARED, "field": shared.field, "value": shared.value, "reason": reason}
    return {
        "key": thing.key[:300],
        "title": title,
        "title_norm": normalise(title),
        "line": thing.lines[0] if thing.lines else 0,
        "lines": len(thing.lines),
        "parts": thing.parts,
        "state": "rejected" if refused else verdict.state,
        **wrong,
        "data": json.dumps(thing.data),
        "source": json.dumps(source),
        "changes": json.dumps([_as_json(change) for change in verdict.changes]) if verdict.changes else "[]",
        "notes": json.dumps([[note.line, kept(note.text)] for note in notes]) if notes else "[]",
    }


def _as_json(change: Change) -> dict[str, Any]:
    return {"what": change.what, "part": change.part, "before": change.before, "after": change.after}


def _rejected(
    found: Import, destination: Destination, one: Rejected, columns: Mapping[str, str]
) -> dict[str, Any]:
    """A rejected row's columns, but for those that have their defaults."""
    texts = one.texts or {}
    named = (texts[name] for name in destination.names if texts.get(name))
    title = next(named, one.value or next(iter(texts.values()), ""))[:300]
    return {
        "import_id": found.id,
        "key": destination.key(Row(one.line, _said(destination, one)))[:300],
        "title": title,
        "title_norm": normalise(title),
        "line": one.line,
        "state": "rejected",
        "code": one.code[:20],
        "field": field_of(one, columns),
        "value": one.value[:200],
        "reason": kept(one.reason),
        "source": json.dumps([[one.line, texts]]),
    }


def field_of(one: Rejected, columns: Mapping[str, str]) -> str:
    """The field that is wrong in a rejected row, empty where none is; `columns` is field → column."""
    if one.column in columns:
        return one.column
    return {column: key for key, column in columns.items()}.get(one.column, "")


def _said(destination: Destination, one: Rejected) -> dict[str, Any]:
    """What a rejected row says, as far as it is known: its texts where they were kept."""
    return {name: (one.texts or {}).get(name) for name in destination.target.keys}


def thing_of(staged: Staged) -> Thing:
    """The product of what is staged."""
    data = json.loads(staged.data)
    return Thing(staged.key, staged.title, tuple(lines_of(staged)), data, staged.parts)


def lines_of(staged: Staged) -> list[int]:
    """The lines of the file that it was read from."""
    return [line for line, _texts in json.loads(staged.source)]


def changes_of(staged: Staged) -> list[Change]:
    """What would change."""
    return [Change(**one) for one in json.loads(staged.changes)]


def notes_of(staged: Staged) -> list[Note]:
    """What is taken otherwise than it is written."""
    return [Note(line, said_again(text)) for line, text in json.loads(staged.notes)]
