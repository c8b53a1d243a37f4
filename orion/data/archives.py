"""Tables as files and back: JSON lines, which come back as they were, and CSV for people.

Everything here works on the tables themselves, on a connection of the database's owner that has begun.
"""

import csv
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
    true,
    type_coerce,
)

from orion.data.tables import metadata
from orion.tabular.writing import safe_cell

#: Rows that are written at once.
PART = 1000
_FROM_TEXT: dict[type, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    Decimal: Decimal,
    bytes: b64decode,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file holds of a table: its rows, the digest of its lines, and the last number that the database
    gave a row (0 where it numbers by the rows that are there)."""

    rows: int
    sha256: str
    last: int = 0


def tables_of(module: str) -> list[Table]:
    """The tables of a module's models, each after those that it points at."""
    return [table for table in metadata.sorted_tables if table.info.get("module") == module]


def write(connection: Connection, table: Table, folder: Path) -> Kept:
    """Write a table to `<table>.jsonl` and `<table>.csv` in a folder."""
    digest, rows = sha256(), 0
    lines = (folder / f"{table.name}.jsonl").open("wb")
    sheet = (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
    with lines, sheet:
        cells = csv.writer(sheet)
        cells.writerow([column.name for column in table.columns])
        for row in _rows(connection, table):
            line = _line(row)
            lines.write(line)
            digest.update(line)
            cells.writerow([safe_cell("" if value is None else str(value)) for value in row.values()])
            rows += 1
    return Kept(rows, digest.hexdigest(), _last(connection, table))


def seen(connection: Connection, table: Table) -> Kept:
    """What a file of the table would hold."""
    digest, rows = sha256(), 0
    for row in _rows(connection, table):
        digest.update(_line(row))
        rows += 1
    return Kept(rows, digest.hexdigest(), _last(connection, table))


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, as JSON has them."""
    with file.open("rb") as rows:
        for row in rows:
            yield json.loads(row)


def read(connection: Connection, tables: Iterable[Table], folder: Path) -> None:
    """Fill empty tables from the files in a folder; rows may point at each other in any order."""
    keys = [key for table in tables for key in table.foreign_key_constraints]
    _defer(connection, keys, True)
    for table in tables:
        put(connection, table, lines(folder / f"{table.name}.jsonl"))
    _defer(connection, keys, False)


def put(
    connection: Connection, table: Table, rows: Iterable[dict[str, Any]], without: tuple[str, ...] = ()
) -> None:
    """Add rows to a table as a file has them, `without` some columns."""
    columns = [column for column in table.columns if column.name not in without]
    statement = insert(table).values({column.name: _given(connection, column) for column in columns})
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append({f"to_{column.name}": _value(column, row[column.name]) for column in columns})
        if len(part) == PART:
            connection.execute(statement, part)
            part = []
    if part:
        connection.execute(statement, part)


def number_on(connection: Connection, table: Table, last: int) -> None:
    """Let new rows be numbered after `last` and after all that are there."""
    sequence = _sequence(connection, table)
    if sequence:
        [key] = table.primary_key.columns
        highest = max(last, connection.scalar(select(func.max(key))) or 0)
        if highest:
            connection.execute(text("SELECT setval(CAST(:s AS regclass), :n)"), {"s": sequence, "n": highest})


def empty(connection: Connection, tables: Iterable[Table]) -> None:
    """Delete all rows of tables, of which nobody else's point at any."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.exec_driver_sql(f"TRUNCATE {names}")
        return
    for table in reversed(list(tables)):
        connection.execute(table.delete())


def lock(connection: Connection, tables: Iterable[Table]) -> None:
    """Let nobody else write or read these tables until the transaction ends; SQLite's writers are alone."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


# -- rows -----------------------------------------------------------------------------------------


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    return rows_where(connection, table, true())


def rows_where(connection: Connection, table: Table, mine: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """Some rows of a table as a file has them, in the order of their keys."""
    columns = [_taken(connection, column).label(column.name) for column in table.columns]
    asked = select(*columns).select_from(table).where(mine).order_by(*table.primary_key.columns)
    found = connection.execute(asked.execution_options(yield_per=PART))
    return ({name: _plain(value) for name, value in row.items()} for row in found.mappings())


def _taken(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """JSON is taken as its text, which tells nothing from null."""
    if not isinstance(column.type, JSON):
        return column
    return cast(column, Text) if connection.dialect.name == "postgresql" else type_coerce(column, Text)


def _given(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    if not isinstance(column.type, JSON):
        return bindparam(f"to_{column.name}", type_=column.type)
    value: ColumnElement[Any] = bindparam(f"to_{column.name}", type_=Text)
    return cast(value, column.type) if connection.dialect.name == "postgresql" else value


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return str(value) if isinstance(value, Decimal) else value


def _value(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    kind = getattr(column.type, "impl", column.type).python_type
    return _FROM_TEXT[kind](value) if kind in _FROM_TEXT else value


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# -- what databases keep beside rows --------------------------------------------------------------


def _sequence(connection: Connection, table: Table) -> str | None:
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return None
    asked = text("SELECT pg_get_serial_sequence(:t, :c)")
    found: str | None = connection.scalar(asked, {"t": f'"{table.name}"', "c": keys[0].name})
    return found


def _last(connection: Connection, table: Table) -> int:
    sequence = _sequence(connection, table)
    if not sequence:
        return 0
    last, called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return int(last) if called else 0


def _defer(connection: Connection, keys: Iterable[ForeignKeyConstraint], wait: bool) -> None:
    """Ask about foreign keys after all rows are there; SQLite does so in any case here."""
    if connection.dialect.name != "postgresql":
        return
    if not wait:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for key in keys:
        how = "DEFERRABLE INITIALLY IMMEDIATE" if wait else "NOT DEFERRABLE"
        connection.exec_driver_sql(f'ALTER TABLE "{key.table.name}" ALTER CONSTRAINT "{key.name}" {how}')
    if wait:
        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
