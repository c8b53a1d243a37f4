"""Several files of one export read as one table: lines beside their orders, customers and products."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from orion.tabular.errors import TableError
from orion.tabular.mapping import Join
from orion.tabular.reading import RawRow, Rows, open_table
from orion.tabular.target import normal_header

#: Rows of another file that are kept at hand.
_AT_HAND = 10_000
#: How the names of columns end that tell rows apart.
_ID_ENDINGS = ("id", "no", "number", "key")
Find = Callable[[tuple[str, ...]], list[str] | None]


@dataclass(frozen=True, slots=True)
class Side:
    """Another file, the columns of the table that lead to it, and its own columns they meet."""

    table: Rows
    left: tuple[int, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A table with the columns of other files beside its own: the same rows, wider.

    A column whose name is taken already is called `file.column`. Where the other file has no
    row for a line, its columns are empty.
    """

    base: Rows
    sides: tuple[Side, ...]
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the file with the lines."""
        return self.base.name

    def rows(self) -> Iterator[RawRow]:
        """The lines in file order. Raises TableError where a key of another file isn't unique."""
        with closing(sqlite3.connect("", isolation_level=None)) as store:
            finders = [_index(store, f"side{number}", side) for number, side in enumerate(self.sides)]
            for row in self.base.rows():
                if row.fault is None:
                    for side, find in zip(self.sides, finders, strict=True):
                        found = find(tuple(row.cells[i].strip() for i in side.left))
                        row.cells.extend(found or [""] * len(side.table.columns))
                yield row


def join_tables(table: Rows, joins: Sequence[Join], folder: Path, encoding: str | None = None) -> Rows:
    """The table with the files of `joins` beside it, whatever their order.

    Names of files are relative to `folder`. A file is met by the columns it shares with what is
    there already: those that make its rows unique. Raises TableError when there are none, or when
    several would do.
    """
    if not joins:
        return table
    columns, sides = list(table.columns), []
    waiting = [(join, open_table(folder / join.file, encoding=encoding)) for join in joins]
    while waiting:
        met = [(join, other, pairs) for join, other in waiting if (pairs := _pairs(columns, join, other))]
        if not met:
            raise _turned(waiting, table) or _apart(waiting[0][1], table)
        join, other, pairs = met[0]
        left, right = zip(*pairs, strict=True)
        sides.append(Side(other, left, right))
        columns += _names(columns, other)
        waiting.remove((join, other))
    return Joined(table, tuple(sides), tuple(columns))


def _turned(waiting: Sequence[tuple[Join, Rows]], table: Rows) -> TableError | None:
    """That another file has the lines, where it is the one that could be met by the table."""
    for _join, other in waiting:
        met = _pairs(other.columns, Join(table.name), table)
        if any(normal_header(table.columns[right]).endswith(_ID_ENDINGS) for _left, right in met):
            return TableError(
                _(
                    "%(file)s has several rows for one of %(table)s. Give them the other way round: first "
                    "%(file)s, then %(table)s beside it.",
                    file=other.name,
                    table=table.name,
                )
            )
    return None


def _apart(other: Rows, table: Rows) -> TableError:
    return TableError(
        _(
            "%(file)s shares no column that is unique in it with %(table)s. Name the columns in the "
            "mapping file, like `with: [{file: %(file)s, on: order_id}]`.",
            file=other.name,
            table=table.name,
        )
    )


def _names(taken: Sequence[str], other: Rows) -> list[str]:
    known = {normal_header(name) for name in taken}
    stem = other.name.split(".")[0]
    return [f"{stem}.{name}" if normal_header(name) in known else name for name in other.columns]


def _pairs(columns: Sequence[str], join: Join, other: Rows) -> list[tuple[int, int]]:
    """Positions (left, right) of the columns to meet by; empty when the file can't be met yet."""
    if join.on:
        wanted = [(_find(columns, left), _find(other.columns, right)) for left, right in join.on.items()]
        met = [(left, right) for left, right in wanted if left is not None and right is not None]
        return met if len(met) == len(wanted) else []
    shared = [(_find(columns, name), right) for right, name in enumerate(other.columns) if name]
    unique = [(left, right) for left, right in shared if left is not None and _unique(other, right)]
    ids = [pair for pair in unique if normal_header(other.columns[pair[1]]).endswith(_ID_ENDINGS)]
    best = ids if len(ids) == 1 else unique
    if len(best) > 1:
        names = ", ".join(other.columns[right] for _left, right in best)
        raise TableError(
            _(
                "%(file)s can be met by several columns: %(columns)s. Name one in the mapping file, like "
                "`with: [{file: %(file)s, on: order_id}]`.",
                file=other.name,
                columns=names,
            )
        )
    return best


def _find(columns: Sequence[str], name: str) -> int | None:
    form = normal_header(name)
    return next((i for i, column in enumerate(columns) if normal_header(column) == form), None)


def _unique(table: Rows, index: int) -> bool:
    """Whether every row has a value there, and no two the same."""
    with closing(sqlite3.connect("", isolation_level=None)) as store:
        store.execute("CREATE TABLE seen (value TEXT PRIMARY KEY CHECK (value <> '')) WITHOUT ROWID")
        values = ((row.cells[index].strip(),) for row in table.rows() if row.fault is None)
        try:
            store.execute("BEGIN")
            store.executemany("INSERT INTO seen VALUES (?)", values)
        except sqlite3.IntegrityError:
            return False
    return True


def _index(store: sqlite3.Connection, name: str, side: Side) -> Find:
    """Put a file's rows into the store by key, and give the function that finds one."""
    store.execute(f"CREATE TABLE {name} (key TEXT PRIMARY KEY, cells TEXT) WITHOUT ROWID")
    try:
        store.execute("BEGIN")
        store.executemany(f"INSERT INTO {name} VALUES (?, ?)", _keyed(side))
        store.execute("COMMIT")
    except sqlite3.IntegrityError as error:
        columns = ", ".join(side.table.columns[i] for i in side.right)
        message = _(
            "%(file)s has several rows with the same %(columns)s.", file=side.table.name, columns=columns
        )
        raise TableError(message) from error

    @lru_cache(maxsize=_AT_HAND)
    def find(key: tuple[str, ...]) -> list[str] | None:
        row = store.execute(f"SELECT cells FROM {name} WHERE key = ?", (json.dumps(list(key)),)).fetchone()
        return json.loads(row[0]) if row else None

    return find


def _keyed(side: Side) -> Iterator[tuple[str, str]]:
    for row in side.table.rows():
        if row.fault is not None:
            raise TableError(
                _(
                    "%(file)s, line %(line)s: %(reason)s.",
                    file=side.table.name,
                    line=row.line,
                    reason=str(row.fault[1]),
                ),
                line=row.line,
            )
        key = [row.cells[i].strip() for i in side.right]
        if any(key):
            yield json.dumps(key), json.dumps(row.cells)
