"""Many rows out of few: what a table holds is copied, with keys, names and dates of the copies' own."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Date, DateTime, String, Table, UniqueConstraint, text

from orion.data.tables import wall_of

#: Ids of copies begin here.
BASE = 1_000_000
#: Vendors among whom the copies are shared out, besides those that there are.
VENDORS = 200


def grow(connection: Connection, tables: Collection[Table], rows: int) -> None:
    """Add so many copies to each table; those that point to one another keep pointing to somebody.

    The n-th copies of all tables belong together. Rows of vendors are shared out among many of them; every
    hundredth stays with the vendor that it was copied from. The connection must be a superuser's: no foreign
    key is asked meanwhile.
    """
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    for table in tables:
        indexes = _dropped_indexes(connection, table)
        columns = [column for column in table.columns if column.computed is None]
        names = ", ".join(f'"{column.name}"' for column in columns)
        values = ", ".join(_value(table, column, tables) for column in columns)
        copies = (
            f'INSERT INTO "{table.name}" ({names}) SELECT {values}'
            f' FROM (SELECT *, row_number() OVER () AS nth, count(*) OVER () AS many FROM "{table.name}") o'
            f" JOIN generate_series(1, :rows) n ON n % many + 1 = nth"
        )
        connection.execute(text(copies), {"rows": rows})
        for index in indexes:
            connection.execute(text(index))
        connection.execute(text(f'ANALYZE "{table.name}"'))


def _dropped_indexes(connection: Connection, table: Table) -> list[str]:
    """Drop what no constraint needs, and give what makes it again: of all rows at once is faster."""
    found = text(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = CAST(:table AS regclass)"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)"
    )
    rows = connection.execute(found, {"table": table.name}).all()
    for name, _statement in rows:
        connection.execute(text(f"DROP INDEX {name}"))
    return [statement for _name, statement in rows]


def _value(table: Table, column: Column[Any], grown: Collection[Table]) -> str:
    """The SQL for a column of the n-th copy."""
    wall, name = wall_of(table), f'"{column.name}"'
    new = f"CASE WHEN {name} IS NULL THEN NULL ELSE {BASE} + n END"
    if column.primary_key:
        return new
    if wall is not None and column.name == wall.vendor:
        return f"CASE WHEN n % 100 = 0 OR {name} IS NULL THEN {name} ELSE {BASE} + n % {VENDORS} + 1 END"
    if wall is not None and column.name == wall.platform:
        return name
    if column.foreign_keys:
        targets = {key.column.table for key in column.foreign_keys}
        return new if targets & set(grown) - {table} else name
    return _varied(table, column, name)


def _varied(table: Table, column: Column[Any], name: str) -> str:
    kind = getattr(column.type, "impl", column.type)
    match kind:
        case Date():
            return f"{name} - (n % 700)::int"
        case DateTime():
            return f"{name} - (n % 700) * interval '1 day'"
        case String() if _tells_apart(table, column):
            length = getattr(column.type, "length", None) or kind.length or 200
            return f"left(md5(n::text || '{table.name}') || ' ' || {name}, {length})"
        case BigInteger():
            return f"{BASE} + n" if _tells_apart(table, column) else f"{name} + n % 977"
    return name


def _tells_apart(table: Table, column: Column[Any]) -> bool:
    """Whether a column's values differ from row to row: in a unique key, or as what lists search."""
    keys = [key for key in table.constraints if isinstance(key, UniqueConstraint)]
    unique = [*keys, *(index for index in table.indexes if index.unique)]
    return column.name.endswith("_norm") or any(column.name in key.columns for key in unique)
