"""Values for columns, from their types, their keys and the words that their checks allow."""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    LargeBinary,
    Table,
    UniqueConstraint,
)
from sqlalchemy.schema import ColumnDefault
from sqlalchemy.types import TypeDecorator

from orion.data.tables import wall_of

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FIRST_DAY = date(2026, 1, 1)


def sample(column: Column[Any], number: int) -> Any:
    """A value that fits the column, another one for each number. Raises TypeError for an unknown type."""
    kind = python_type(column)
    if kind is str:
        return _word(number, getattr(column.type, "length", None) or 12)
    if kind is datetime:
        return datetime.combine(_FIRST_DAY, time(), UTC) + timedelta(minutes=number)
    if kind is uuid.UUID:
        return uuid.UUID(int=number)
    simple = {bool: False, int: number, float: float(number), Decimal: Decimal(number), dict: {}, list: []}
    simple |= {date: _FIRST_DAY + timedelta(days=number % 20_000), bytes: str(number).encode()}
    if kind not in simple:
        raise TypeError(f"{column.table.name}.{column.name}: no sample of {kind.__name__} is known")
    return simple[kind]


def python_type(column: Column[Any]) -> type:
    """The Python type of a column's values, whoever wraps them."""
    kind = column.type
    if isinstance(kind, JSON | LargeBinary):
        return dict if isinstance(kind, JSON) else bytes
    return kind.impl_instance.python_type if isinstance(kind, TypeDecorator) else kind.python_type


def _word(number: int, length: int) -> str:
    """A word of letters and digits that says the number, and begins with a letter where there is room."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return ("w" + digits.rjust(min(length, 12) - 1, "0"))[-length:]


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """Column names of each key of which a table has every value once; the primary key comes first."""
    keys: list[Any] = [table.primary_key]
    keys += [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    keys += [index for index in table.indexes if index.unique]
    return [tuple(column.name for column in key.columns) for key in keys]


def references(table: Table) -> list[ForeignKeyConstraint]:
    """A table's foreign keys, in an order that stays."""
    found = [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]
    return sorted(found, key=lambda key: tuple(key.column_keys))


def checked_columns(table: Table) -> dict[str, list[str]]:
    """Columns that stand in the table's checks → the words that the checks have in quotes beside them."""
    found: dict[str, list[str]] = {}
    for check in (c for c in table.constraints if isinstance(c, CheckConstraint)):
        sql = str(check.sqltext)
        for column in table.columns:
            if re.search(rf"\b{re.escape(column.name)}\b", sql):
                known = found.setdefault(column.name, [])
                known += [word for word in _words_beside(column.name, sql) if word not in known]
    return found


def _words_beside(name: str, sql: str) -> Iterator[str]:
    for one, several in re.findall(rf"\b{re.escape(name)}\b\s*(?:=\s*'([^']*)'|in\s*\(([^)]*)\))", sql, re.I):
        yield from [one] if one else re.findall(r"'([^']*)'", several)


def choices(table: Table, fixed: Mapping[str, Any], number: int) -> dict[str, list[Any]]:
    """For columns whose values must suit each other, the values that each may have, the likeliest one first.

    Of what is `fixed` already, only a parent may be left out; one that is nobody's rather than a tenant's.
    """
    words, wall = checked_columns(table), wall_of(table)
    parents = {e.parent.name for key in references(table) for e in key.elements}
    parents -= set(wall.columns) if wall is not None else set()
    tenants = {e.parent.name for k in references(table) if wall_of(k.referred_table) for e in k.elements}
    possible: dict[str, list[Any]] = {}
    for column in (table.c[name] for name in words):
        if column.name not in fixed:
            possible[column.name] = _possible(column, words[column.name], number)
        elif column.nullable and column.name in parents and fixed[column.name] is not None:
            mine = [fixed[column.name], None]
            possible[column.name] = mine if column.name in tenants else mine[::-1]
    return possible


def _possible(column: Any, words: list[str], number: int) -> list[Any]:
    usual = [column.default.arg] if has_plain_default(column) else []
    if words:
        some = usual + [word for word in words if word not in usual]
    elif issubclass(python_type(column), bool):
        some = [False, True]
    elif issubclass(python_type(column), int):
        some = [*usual, 1, 0, -1]
    else:
        some = [*usual, sample(column, number)]
    return [*some, None] if column.nullable else some


def has_plain_default(column: Any) -> bool:
    """Whether every row gets one and the same value in this column."""
    return isinstance(column.default, ColumnDefault) and not callable(column.default.arg)
