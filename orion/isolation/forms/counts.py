"""Numbers of rows, of which some name no column at all."""

from typing import Any

from sqlalchemy import func, literal, literal_column, select
from sqlalchemy.orm import aliased

from orion.isolation.forms import reading
from orion.isolation.forms.reads import ENTITIES
from orion.isolation.target import Target


@reading("count of rows", *ENTITIES)
def _rows(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count()).select_from(t.model).where(t.made()))


@reading("count of ids", *ENTITIES)
def _ids(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count(t.pk()[0])).where(t.made()))


@reading("count of a legacy query", *ENTITIES)
def _query(t: Target, s: Any) -> Any:
    return s.query(t.model).filter(t.made()).count()


@reading("count of an alias", *ENTITIES)
def _alias(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    return s.scalar(select(func.count()).select_from(other).where(t.made(other)))


@reading("count of a subquery", *ENTITIES)
def _subquery(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count()).select_from(select(t.model).where(t.made()).subquery()))


@reading("count of a CTE", *ENTITIES)
def _cte(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count()).select_from(select(*t.pk()).where(t.made()).cte()))


@reading("count as a column", *ENTITIES)
def _column(t: Target, s: Any) -> Any:
    return s.scalar(select(select(func.count()).select_from(t.model).where(t.made()).scalar_subquery()))


@reading("count without a condition", *ENTITIES, applies=lambda t: t.is_bounded)
def _bare(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count()).select_from(t.model))


@reading("constants beside rows without a condition", *ENTITIES, applies=lambda t: t.is_bounded)
def _constants(t: Target, s: Any) -> Any:
    return len(s.scalars(select(literal(1)).select_from(t.model)).all())


@reading("literal columns beside rows without a condition", *ENTITIES, applies=lambda t: t.is_bounded)
def _literal(t: Target, s: Any) -> Any:
    return len(s.scalars(select(literal_column("1")).select_from(aliased(t.model)).limit(1000)).all())


@reading("count by entity argument", *ENTITIES)
def _argument(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count(t.pk()[0].distinct())).where(t.made()))
