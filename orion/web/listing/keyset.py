"""Paging by key: rows after or before a row, in an order that is the same every time.

The order is (sort column, key), both in one direction. Where the column may be NULL, such rows
come last in either direction.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, tuple_


def ordered(
    statement: Select[Any], sort: Any, key: Any, *, down: bool, nullable: bool, back: bool
) -> Select[Any]:
    """The statement in its order, or with `back` in the opposite of it."""
    turned = down != back
    columns = [sort.desc() if turned else sort.asc(), key.desc() if turned else key.asc()]
    if nullable:
        columns.insert(0, sort.is_(None).desc() if back else sort.is_(None).asc())
    return statement.order_by(None).order_by(*columns)


def beyond(
    sort: Any, key: Any, at: tuple[Any, Any], *, down: bool, nullable: bool, back: bool
) -> ColumnElement[bool]:
    """The rows after the one with this sort value and key, or with `back` those before it."""
    value, id_ = at
    turned = down != back
    further = key < id_ if turned else key > id_
    if value is None:
        missing = sort.is_(None)
        return or_(~missing, and_(missing, further)) if back else and_(missing, further)
    here = tuple_(sort, key)
    there = tuple_(literal(value, sort.type), literal(id_, key.type))
    within = here < there if turned else here > there
    return or_(within, sort.is_(None)) if nullable and not back else within
