"""Rows as JSON text inside a statement: several questions in one round trip, on both databases."""

from typing import Any

from sqlalchemy import JSON, ColumnElement, ScalarSelect, Select, Text, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class _Rows(FunctionElement[str]):
    """Arguments are names and columns in turn; the value is a JSON array of objects."""

    type = Text()
    inherit_cache = True


class _Mapping(FunctionElement[str]):
    """Arguments are a key and a value column; the value is a JSON object."""

    type = Text()
    inherit_cache = True


def json_rows(rows: Select[Any]) -> ScalarSelect[str]:
    """The rows of a select, in its order, as the text of a JSON array of objects by column names.

    Dates are ISO text; columns of type JSON are nested. Moments and decimals must be cast by the caller.
    """
    inner = rows.subquery("json_rows")
    arguments: list[ColumnElement[Any]] = []
    for column in inner.columns:
        arguments += [literal_column(f"'{column.name}'"), column]
    return select(_Rows(*arguments)).select_from(inner).scalar_subquery()


def json_mapping(key: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[str]:
    """An aggregate: the text of a JSON object of keys and values; `{}` for no rows."""
    return _Mapping(key, value)


@compiles(_Rows, "postgresql")
def _rows_on_postgresql(element: _Rows, compiler: Any, **options: Any) -> str:
    arguments = compiler.process(element.clauses, **options)
    return f"CAST(coalesce(json_agg(json_build_object({arguments})), '[]') AS TEXT)"


@compiles(_Rows, "sqlite")
def _rows_on_sqlite(element: _Rows, compiler: Any, **options: Any) -> str:
    texts = [
        f"json({compiler.process(clause, **options)})"
        if isinstance(clause.type, JSON)
        else compiler.process(clause, **options)
        for clause in element.clauses
    ]
    return f"json_group_array(json_object({', '.join(texts)}))"


@compiles(_Mapping, "postgresql")
def _mapping_on_postgresql(element: _Mapping, compiler: Any, **options: Any) -> str:
    return f"CAST(coalesce(json_object_agg({compiler.process(element.clauses, **options)}), '{{}}') AS TEXT)"


@compiles(_Mapping, "sqlite")
def _mapping_on_sqlite(element: _Mapping, compiler: Any, **options: Any) -> str:
    return f"json_group_object({compiler.process(element.clauses, **options)})"
