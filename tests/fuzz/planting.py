"""Canary words in every text of every walled table, and what there is to be known of whom."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Engine, String, Table, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from orion.contracts.models import normalise
from orion.data.tables import NormText, metadata, wall_of
from tests.fuzz.owners import Owner, Owners
from tests.fuzz.words import LENGTH, new_word, with_word, words_in

#: Columns whose text is the machine's: changed, it would mean nothing, or nobody could sign in.
MACHINE = re.compile(
    r"(^|_)(code|currency|file|fs_uniquifier|hash|ip|kind|key|level|locale|mime|password|path|public_id|salt|"
    r"secret|slug|state|status|theme|token|type|uniquifier|url|zone)$"
)
#: Numbers are no words, and have to stay numbers.
NUMBER = re.compile(r"[-+\d.,:]+")
#: What begins so is JSON that the machine reads again.
STRUCTURED = "[{"
#: Rows of a table that are remembered as something to ask for.
ASKED_FOR = 400


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a text stands, and whose it is."""

    table: str
    column: str
    owners: tuple[Owner, ...]
    row_id: Any = None

    @property
    def place(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"

    def __str__(self) -> str:
        return f"{self.place} of {' or '.join(map(str, self.owners))}"


@dataclass
class Holdings:
    """What belongs to whom: planted `words`, `marks` that tell by themselves, `values` to ask for."""

    words: dict[str, list[Cell]] = field(default_factory=dict)
    marks: dict[str, Cell] = field(default_factory=dict)
    #: Of each column some, by their text.
    values: dict[tuple[str, str], dict[str, Cell]] = field(default_factory=dict)
    #: All that aren't mere numbers.
    known: dict[str, Cell] = field(default_factory=dict)

    def column_of(self, value: str) -> tuple[str, str] | None:
        """Where a value stands that isn't a mere number."""
        cell = self.known.get(value)
        return (cell.table, cell.column) if cell else None


def plant(engine: Engine, seed: int) -> None:
    """Put a word into each text of a database that was made for this."""
    rng = random.Random(seed)
    words: dict[tuple[Any, str], str] = {}
    with engine.begin() as connection:
        triggers = _without_triggers(connection)
        owners = Owners(connection)
        for table in tables(connection):
            rows = connection.execute(select(table)).mappings().all()
            for column in text_columns(table):
                _plant(connection, table, column, rows, owners, words, rng)
        for statement in triggers:
            connection.exec_driver_sql(statement)


def _plant(
    connection: Connection,
    table: Table,
    column: str,
    rows: Sequence[Mapping[Any, Any]],
    owners: Owners,
    words: dict[tuple[Any, str], str],
    rng: random.Random,
) -> None:
    """Equal texts of the same owner get the same word, so that what belongs together stays together."""
    norm, longest = _norm_of(table, column, rows), table.c[column].type.length or 10_000  # type: ignore[attr-defined]
    changes = []
    for row in rows:
        value, whose = row[column], owners.of(table, row)
        if not value or not whose or NUMBER.fullmatch(value) or value[0] in STRUCTURED:
            continue
        word = words.setdefault((whose, value), "") or new_word(rng)
        words[whose, value] = word
        marked = with_word(value, word, longest)
        if marked is not None:
            changes.append({"pk": row["id"], column: marked} | ({norm: normalise(marked)} if norm else {}))
    if changes:
        _write(connection, table, changes)


def _write(connection: Connection, table: Table, changes: list[dict[str, Any]]) -> None:
    statement = update(table).where(table.c.id == bindparam("pk"))
    try:
        with connection.begin_nested():
            connection.execute(statement, changes)
    except IntegrityError:
        return  # a text with rules of its own: it stays as it is


def take_stock(engine: Engine) -> Holdings:
    """What there is, and whose it is."""
    found = Holdings()
    with engine.connect() as connection:
        owners = Owners(connection)
        for table in tables(connection):
            rows = connection.execute(select(table)).mappings().all()
            for place, row in enumerate(rows):
                whose = owners.of(table, row)
                if whose:
                    _note(found, table, row, whose, place < ASKED_FOR)
    return found


def _note(
    found: Holdings, table: Table, row: Mapping[Any, Any], whose: tuple[Owner, ...], asked: bool
) -> None:
    for name, value in row.items():
        cell = Cell(table.name, name, whose, row["id"])
        plain = str(value)
        if isinstance(value, str):
            for word in words_in(value):
                _add(found.words.setdefault(word, []), cell)
            if is_telling(table, name) and len(value) >= 6:
                found.marks[value] = cell
        told = isinstance(value, str) and bool(words_in(value) or is_telling(table, name))
        if told:
            found.known[plain] = cell
        if asked and (told or name == "id"):
            found.values.setdefault((table.name, name), {})[plain] = cell


def _add(cells: list[Cell], cell: Cell) -> None:
    """One cell for each table and owner is enough."""
    if all((other.table, other.owners) != (cell.table, cell.owners) for other in cells):
        cells.append(cell)


def is_telling(table: Table, name: str) -> bool:
    """Whether a column holds what is a row's own, unknown to others and told by its mention: a public id, or
    a code that no other row has. Other codes are words of the portal's own."""
    return name == "public_id" or (name == "code" and bool(table.c[name].unique))


def tables(connection: Connection) -> Iterator[Table]:
    """The tables that have rows of tenants, and that of the people; those with a key of their own."""
    there = set(_tables_there(connection))
    for table in metadata.sorted_tables:
        tenants = wall_of(table) is not None or table.name == "orion_user"
        if tenants and table.name in there and "id" in table.c:
            yield table


def _tables_there(connection: Connection) -> Sequence[str]:
    return connection.dialect.get_table_names(connection)


def text_columns(table: Table) -> list[str]:
    """Columns that hold what people wrote: no keys, nothing that a CHECK names, with room for a word."""
    checked = " ".join(
        str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint)
    )
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, NormText)
        and (column.type.length or 10_000) > LENGTH + 10
        and not (column.primary_key or column.foreign_keys or MACHINE.search(column.name))
        and not re.search(rf"\b{column.name}\b", checked)
    ]


def _norm_of(table: Table, column: str, rows: Sequence[Mapping[Any, Any]]) -> str | None:
    """The column that holds the same text as searches compare it."""
    for other in table.columns:
        filled = [row for row in rows if row[column]] if isinstance(other.type, NormText) else []
        if filled and all(normalise(row[column]) == row[other.name] for row in filled):
            return other.name
    return None


def _without_triggers(connection: Connection) -> list[str]:
    """Rows that may only be added are changed all the same. Gives what makes SQLite's triggers again."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return []
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    there = connection.exec_driver_sql(named).all()
    for name, _sql in there:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [sql for _name, sql in there]
