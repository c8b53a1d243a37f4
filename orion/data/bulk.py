"""Mass writes: past the unit of work, and not past the wall.

Every row is checked against the scope here, which is why these functions, and no others, may send rows in
bulk.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from orion.contracts.errors import WallError
from orion.contracts.scope import Everything, Scope
from orion.data import versions, words
from orion.data.database import session
from orion.data.rules import DOOR, KEY, entered_scope, row_fits
from orion.data.sending import Row, send, send_changes
from orion.data.tables import wall_of


def insert_rows(scope: Scope, model: Any, rows: Iterable[Row]) -> list[int]:
    """Insert rows (column name → value, all with the same names) and give their ids in the same order.

    Owners that are left out are the scope's only vendor and only platform. Columns have their defaults, rows
    that are found by words their words; validators and events of the model do not run. An empty list for a
    model without a numeric `id`.
    Raises WallError when a row lies outside of the scope, which must be the one that is entered.
    """
    table: Table = inspect(model).local_table
    checked = _checked(scope, table, rows)
    if not checked:
        return []
    connection = _connection()
    ids = _new_ids(connection, table, len(checked)) if _numbered(table, checked[0]) else []
    if ids:
        for row, id_ in zip(checked, ids, strict=True):
            row["id"] = id_
    send(connection, table, checked)
    if (kept := words.kept_of(table)) is not None:
        words.add(connection, kept, checked)
    return ids


def change_rows(scope: Scope, model: Any, rows: Iterable[Row]) -> None:
    """Change rows of the scope's one vendor: each says its `id` and the new values of the same columns.

    Validators and events of the model do not run, and what a session has loaded of them says what was. Raises
    as `insert_rows` does, and WallError for a row that is not there or another vendor's.
    """
    table: Table = inspect(model).local_table
    changed = list(rows)
    if not changed:
        return
    _check_alike(scope, table, changed)
    wall = wall_of(table)
    vendors = scope.vendors
    if wall is None or wall.vendor is None or wall.platform or wall.seen_on:
        raise WallError(f"rows of {table.name} are not told by their ids and a vendor alone")
    if isinstance(vendors, Everything) or len(vendors) != 1:
        raise WallError("rows are changed under the scope of one vendor")
    if words.kept_of(table) is not None:
        raise WallError(f"rows of {table.name} have words, which would stay as they are")
    if "id" not in changed[0] or wall.vendor in changed[0] or table.info.get("append_only"):
        raise WallError(f"rows of {table.name} keep their owners and ids, and what is only added")
    [vendor] = vendors
    versions.touch(session(), versions.module_of(table), vendor)
    if send_changes(_connection(), table, changed, wall.vendor, vendor) != len(changed):
        raise WallError(f"a row of {table.name} is not there, or lies outside of the scope")


def upsert_add(
    scope: Scope,
    model: Any,
    rows: Iterable[Row],
    keys: Sequence[str],
    add: Sequence[str],
    least: Sequence[str] = (),
    greatest: Sequence[str] = (),
) -> None:
    """Insert rows, or where their `keys` are there already, add the `add` columns to what is there.

    `least` and `greatest` columns keep the smaller or larger value; other columns are for new rows alone.
    `keys` must be a unique constraint without NULL that holds the owners. Rows with equal keys are added up
    first, and all are written in the order of their keys, so that no two writers wait for each other. Raises
    as `insert_rows` does.
    """
    table: Table = inspect(model).local_table
    _check_keys(table, keys)
    merged = _merged(_checked(scope, table, rows), keys, add, least, greatest)
    if not merged:
        return
    connection = _connection()
    sqlite = connection.dialect.name == "sqlite"
    there: Any = (insert_on_sqlite if sqlite else insert_on_postgresql)(table)
    smaller, larger = (func.min, func.max) if sqlite else (func.least, func.greatest)
    changes = {name: table.c[name] + there.excluded[name] for name in add}
    changes |= {name: smaller(table.c[name], there.excluded[name]) for name in least}
    changes |= {name: larger(table.c[name], there.excluded[name]) for name in greatest}
    there = there.on_conflict_do_update(index_elements=list(keys), set_=changes)
    connection.execute(there, merged, execution_options={DOOR: KEY})


def _check_keys(table: Table, keys: Sequence[str]) -> None:
    """Rows that a key finds are of the same owner only where the key says whose they are."""
    if words.kept_of(table) is not None:
        raise WallError(f"rows of {table.name} have words: find out which are there")
    wall = wall_of(table)
    if wall is not None and (wall.either or not set(wall.columns) <= set(keys)):
        raise WallError(f"rows of {table.name} are met by keys that hold {' and '.join(wall.columns)}")


def _connection() -> Connection:
    writing = session()
    writing.flush()
    return writing.connection()


def _checked(scope: Scope, table: Table, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows with their owners. Raises WallError, and ValueError when their names differ."""
    whole = [dict(row) for row in rows]
    if not whole:
        return []
    _check_alike(scope, table, whole)
    wall = wall_of(table)
    owners: set[tuple[Any, Any]] = {(None, None)}
    if wall is not None:
        _fill(whole, ((wall.vendor, scope.vendors), (wall.platform, scope.platforms)))
        owners = {(row.get(wall.vendor or ""), row.get(wall.platform or "")) for row in whole}
        if not all(row_fits(wall, scope, *owner) for owner in owners):
            raise WallError(f"a row for {table.name} lies outside of the scope")
    for vendor, _platform in owners:
        versions.touch(session(), versions.module_of(table), vendor)
    return whole


def _check_alike(scope: Scope, table: Table, rows: Sequence[Row]) -> None:
    if scope.key != entered_scope().key:
        raise WallError("rows are written under another scope than the one that was entered")
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"rows for {table.name} must all have the same columns")


def _fill(rows: list[dict[str, Any]], owners: Iterable[tuple[str | None, Any]]) -> None:
    for name, ids in owners:
        if name and name not in rows[0] and not isinstance(ids, Everything) and len(ids) == 1:
            only = next(iter(ids))
            for row in rows:
                row[name] = only


def _merged(
    rows: list[dict[str, Any]],
    keys: Sequence[str],
    add: Sequence[str],
    least: Sequence[str],
    greatest: Sequence[str],
) -> list[dict[str, Any]]:
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        first = merged.setdefault(tuple(row[key] for key in keys), row)
        if first is row:
            continue
        first.update({name: first[name] + row[name] for name in add})
        first.update({name: min(first[name], row[name]) for name in least})
        first.update({name: max(first[name], row[name]) for name in greatest})
    return [merged[key] for key in sorted(merged)]


def _numbered(table: Table, row: Row) -> bool:
    """Whether rows of the table get their ids from the database."""
    return (
        table.autoincrement_column is not None and table.autoincrement_column.name == "id" and "id" not in row
    )


def _new_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Ids for as many rows: SQLite's writer is alone and may count on, PostgreSQL has a sequence."""
    options = {DOOR: KEY}
    if connection.dialect.name == "sqlite":
        last = connection.execute(select(func.coalesce(func.max(table.c.id), 0)), execution_options=options)
        first = last.scalar_one() + 1
        return list(range(first, first + count))
    taken = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(connection.scalars(taken, {"name": table.name, "count": count}, execution_options=options))
