"""What a file shows at first sight, before anything is read of it for good: nothing is written."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from orion.tabular.dialect import Ambiguous
from orion.tabular.errors import SeveralTables, TableError
from orion.tabular.importing import fitted, opened
from orion.tabular.lines import Undecodable
from orion.tabular.mapping import Mapping
from orion.tabular.reading import Rows, Written
from orion.tabular.recognition import missing, recognise
from orion.tabular.target import Field, Target

#: Rows and characters of a cell that are shown.
ROWS, CHARACTERS = 5, 120
#: Encodings that a person may choose from.
ENCODINGS = (
    *("utf-8", "cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "cp1253", "cp1254", "cp850"),
    *("mac-roman", "utf-16"),
)
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Understood:
    """A table at first sight.

    `mapping` has the columns that are taken by field; `unused` are columns that no field takes, `missing`
    fields that must have a column and have none. `problem` says why the file can't be read so far; then
    what follows from reading is empty, unless `guessed` says what was supposed for showing it: an encoding or
    a delimiter that somebody has to confirm. `tables` are the names of those that the file holds where one of
    several has to be chosen.
    """

    mapping: Mapping
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = ()
    unused: tuple[str, ...] = ()
    missing: tuple[Field, ...] = ()
    problem: str = ""
    guessed: Dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    tables: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing has to be stated before its rows can be read."""
        return not self.problem and not self.missing


def understand(path: Path, target: Target, stated: Mapping, name: str = "") -> Understood:
    """Look at the beginning of a file. Never raises for what is in it."""
    try:
        return _seen(path, target, stated, name)
    except Undecodable as error:
        return _supposed(path, target, stated, name, error, {"encoding": error.guess or ""})
    except Ambiguous as error:
        tried = [_supposed(path, target, stated, name, error, {"delimiter": one}) for one in DELIMITERS]
        return max(tried, key=lambda seen: len(seen.mapping.columns))
    except SeveralTables as error:
        return Understood(stated, problem=error.message, tables=error.tables)
    except TableError as error:
        return Understood(stated, encoding=stated.encoding or "", problem=error.message)


def _supposed(
    path: Path, target: Target, stated: Mapping, name: str, error: TableError, guess: dict[str, str]
) -> Understood:
    """The same under a supposition, which is said; the problem stays until somebody confirms it."""
    refused = Understood(stated, encoding=stated.encoding or "", problem=error.message)
    if not all(guess.values()):
        return refused
    try:
        seen = _seen(path, target, replace(stated, **guess), name)  # type: ignore[arg-type]
    except TableError:
        return refused
    return replace(seen, problem=error.message, guessed=guess)


def _seen(path: Path, target: Target, stated: Mapping, name: str) -> Understood:
    table, _more = opened(path, target, stated, name, whole=False)
    found, _mapping = fitted(table, target, replace(stated, columns={}), whole=False)
    known = {k: column for k, column in stated.columns.items() if column in (None, *found.columns)}
    mapping = recognise(found.columns, target, replace(_mapping, columns=known), whole=False)
    return _shown(table, found, mapping, target, known)


def _shown(
    written: Written, table: Rows, mapping: Mapping, target: Target, stated: dict[str, str | None]
) -> Understood:
    taken = {key: column for key, column in mapping.columns.items() if column}
    rows = [[cell.strip()[:CHARACTERS] for cell in raw.cells] for raw in islice(table.rows(), ROWS)]
    return Understood(
        mapping=replace(
            mapping, columns={**dict.fromkeys(k for k, c in stated.items() if c is None), **taken}
        ),
        encoding=written.encoding,
        delimiter=written.delimiter,
        columns=table.columns,
        rows=rows,
        unused=tuple(c for c in table.columns if c and c not in taken.values()),
        missing=missing(target, {*taken, *mapping.constants}),
        places={key: table.columns.index(column) for key, column in taken.items()},
    )
