"""Tables on their way to a destination, without anybody who stages them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    Destination,
    Mapping,
    Rejected,
    Rules,
    Statement,
    Thing,
    grouped,
    open_import,
)


def read(
    destination: Destination, scope: Scope, folder: Path, text: str | Path, **stated: Any
) -> tuple[list[Thing], list[Rejected]]:
    """The things that a table tells of, a text or a file, as they are after they were kept as JSON, and the
    rows that can't be taken."""
    path = folder / "table.csv"
    if isinstance(text, Path):
        path = text
    else:
        path.write_text(text)
    statement = Statement(mapping=Mapping(**stated))
    found = open_import(path, destination.target, statement, currency=scope.currency)
    fields = frozenset(key for key, column in found.mapping.columns.items() if column)
    rules = Rules(scope.currency, fields, found.mapping.options, scope.zone)
    rows = list(found.rows(texts=True))
    rejected = [row for row in rows if isinstance(row, Rejected)]
    things: list[Thing] = []
    for _key, of_one in grouped((r for r in rows if not isinstance(r, Rejected)), destination.key, 1_000):
        thing, refused = destination.thing(of_one, rules)
        rejected += refused
        things += [replace(thing, data=json.loads(json.dumps(thing.data)))] if thing else []
    return things, rejected
