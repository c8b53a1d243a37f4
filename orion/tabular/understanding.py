"""What a file shows at first sight, before anything is read of it for good: nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from orion.tabular.errors import TableError
from orion.tabular.mapping import Mapping
from orion.tabular.reading import Table, open_table
from orion.tabular.recognition import missing, recognise
from orion.tabular.target import Field, Target

#: Rows and characters of a cell that are shown.
ROWS, CHARACTERS = 5, 120
#: Encodings that a person may choose from.
ENCODINGS = (
    *("utf-8", "cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "cp1253", "cp1254", "cp850"),
    *("mac-roman", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A table at first sight.

    `mapping` has the columns that are taken by field; `unused` are columns that no field takes, `missing`
    fields that must have a column and have none. `problem` says why the file can't be read so far; then
    what follows from reading is empty.
    """

    mapping: Mapping
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = ()
    unused: tuple[str, ...] = ()
    missing: tuple[Field, ...] = ()
    problem: str = ""
    places: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing has to be stated before its rows can be read."""
        return not self.problem and not self.missing


def understand(path: Path, target: Target, stated: Mapping, name: str = "") -> Understood:
    """Look at the beginning of a file. Never raises for what is in it."""
    try:
        table = open_table(path, encoding=stated.encoding, delimiter=stated.delimiter, name=name)
        known = {k: column for k, column in stated.columns.items() if column in (None, *table.columns)}
        mapping = recognise(table.columns, target, replace(stated, columns=known), whole=False)
        return _shown(table, mapping, target, known)
    except TableError as error:
        return Understood(stated, encoding=stated.encoding or "", problem=error.message)


def _shown(table: Table, mapping: Mapping, target: Target, stated: dict[str, str | None]) -> Understood:
    taken = {key: column for key, column in mapping.columns.items() if column}
    rows = [[cell.strip()[:CHARACTERS] for cell in raw.cells] for raw in islice(table.rows(), ROWS)]
    return Understood(
        mapping=replace(
            mapping, columns={**dict.fromkeys(k for k, c in stated.items() if c is None), **taken}
        ),
        encoding=table.source.encoding,
        delimiter=table.delimiter,
        columns=table.columns,
        rows=rows,
        unused=tuple(c for c in table.columns if c and c not in taken.values()),
        missing=missing(target, {*taken, *mapping.constants}),
        places={key: table.columns.index(column) for key, column in taken.items()},
    )
