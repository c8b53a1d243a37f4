"""How rows are sent many at a time: one text of SQL, and plain values, as drivers take them.

SQLite takes rows as tuples. PostgreSQL takes a statement for all of them, with each column as one JSON text:
a statement for each row costs it several times what writing a short row does.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import repeat, starmap
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Dialect, Table, TypeDecorator, insert

from orion.data.rules import DOOR, KEY

Row = Mapping[str, Any]
#: The types of PostgreSQL that texts are read as, by what is kept in a column.
_CASTS = {
    str: "",
    int: "::bigint",
    bool: "::boolean",
    datetime: "::timestamptz",
    date: "::date",
    Decimal: "::numeric",
}


class _Form(NamedTuple):
    """A statement: its text, whether that takes whole columns, and for each column the name, what makes it
    where rows don't say it, and what makes it ready for the driver."""

    sql: str
    whole: bool
    columns: Sequence[tuple[str, Callable[[], Any] | None, Callable[[Any], Any] | None]]


def send(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that were checked, all with the same names; columns have their defaults."""
    form = _form(table, tuple(rows[0]), connection.dialect)
    if form is None:
        connection.execute(insert(table), rows, execution_options={DOOR: KEY})
        return
    values = _values(form, rows)
    given: Any = tuple(map(_as_json, values)) if form.whole else list(zip(*values, strict=True))
    connection.exec_driver_sql(form.sql, given, execution_options={DOOR: KEY})


def _values(form: _Form, rows: Sequence[Row]) -> Iterator[Iterable[Any]]:
    """The values of each column, ready for the driver."""
    for name, make, ready in form.columns:
        of_all: Iterable[Any] = (
            map(itemgetter(name), rows) if make is None else starmap(make, repeat((), len(rows)))
        )
        yield of_all if ready is None else map(ready, of_all)


def _as_json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} is no value of a column")


def send_changes(connection: Connection, table: Table, rows: Sequence[Row], owned_by: str, owner: int) -> int:
    """Change the rows of an owner (its column and its id) that have the ids of `rows`; how many there are."""
    names = tuple(name for name in rows[0] if name != "id")
    form = _change(table, names, owned_by, connection.dialect)
    values = _values(form, rows)
    given: Any = (
        (*map(_as_json, values), owner)
        if form.whole
        else list(zip(*values, repeat(owner, len(rows)), strict=True))
    )
    return connection.exec_driver_sql(form.sql, given, execution_options={DOOR: KEY}).rowcount


@lru_cache(maxsize=500)
def _change(table: Table, names: tuple[str, ...], owned_by: str, dialect: Dialect) -> _Form:
    """The form of an UPDATE: its columns are those that change and the id; the owner's comes behind them."""
    columns = [table.columns[name] for name in (*names, "id", owned_by)]
    quoted = [dialect.identifier_preparer.quote(column.name) for column in columns]
    name = dialect.identifier_preparer.format_table(table)
    casts = [_cast(column) for column in columns]
    whole = dialect.name != "sqlite"
    if whole and None in casts:
        raise ValueError(f"{table.name} has columns that are not changed many at a time")
    if whole:
        news = [f"{one} = given.{one}{cast}" for one, cast in zip(quoted[:-2], casts, strict=False)]
        sources = ", ".join("json_array_elements_text(%s::json)" for _one in quoted[:-1])
        sql = (
            f"UPDATE {name} SET {', '.join(news)} "
            f"FROM ROWS FROM ({sources}) AS given ({', '.join(quoted[:-1])}) "
            f"WHERE {name}.{quoted[-2]} = given.{quoted[-2]}::bigint AND {name}.{quoted[-1]} = %s"
        )
    else:
        news = [f"{one} = ?" for one in quoted[:-2]]
        sql = f"UPDATE {name} SET {', '.join(news)} WHERE {quoted[-2]} = ? AND {quoted[-1]} = ?"
    ready = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    return _Form(sql, whole, [(c.name, None, one) for c, one in zip(columns, ready, strict=True)][:-1])


@lru_cache(maxsize=500)
def _form(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Form | None:
    """The form of an INSERT; None for one that SQLAlchemy itself has to write."""
    columns = [column for column in table.columns if column.name in names or column.default is not None]
    unsaid = [column.default for column in columns if column.name not in names]
    if not {column.name for column in columns} >= set(names) or not all(
        default.is_scalar or default.is_callable for default in unsaid if default is not None
    ):
        return None
    writer = dialect.identifier_preparer
    listed = ", ".join(writer.quote(column.name) for column in columns)
    sql, whole = f"INSERT INTO {writer.format_table(table)} ({listed})", False
    casts = [_cast(column) for column in columns]
    if dialect.name == "sqlite":
        sql += f" VALUES ({', '.join('?' for _column in columns)})"
    elif None not in casts:
        whole = True
        texts = [f"{writer.quote(c.name)}{cast}" for c, cast in zip(columns, casts, strict=True)]
        given = ", ".join("json_array_elements_text(%s::json)" for _column in columns)
        sql += f" SELECT {', '.join(texts)} FROM ROWS FROM ({given}) AS given ({listed})"
    else:
        return None
    ready = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    made = [None if column.name in names else _maker(column.default) for column in columns]
    return _Form(sql, whole, list(zip((column.name for column in columns), made, ready, strict=True)))


def _cast(column: Column[Any]) -> str | None:
    kind: Any = column.type
    try:
        return _CASTS.get((kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type)
    except NotImplementedError:
        return None


def _maker(default: Any) -> Callable[[], Any]:
    if default.is_scalar:
        return lambda: default.arg
    # SQLAlchemy gives each such function the statement that it is called for, and ours look at none.
    return lambda: default.arg(None)
