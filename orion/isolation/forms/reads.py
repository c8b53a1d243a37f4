"""What a query may look like: however it is put, it gives the scope's rows."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from sqlalchemy import case, exists, func, inspect, literal, or_, select, true, tuple_, union, union_all
from sqlalchemy.orm import Bundle, aliased, defer, load_only, with_loader_criteria

from orion.contracts.data import json_rows
from orion.contracts.errors import WallError
from orion.data.database import entered
from orion.isolation.forms import reading
from orion.isolation.heights import EVERYTHING, Height
from orion.isolation.target import Target

#: Heights that stop whatever reads by entities of a session.
ENTITIES = (Height.STATEMENTS, Height.ENGINE, Height.POLICIES, Height.VIEWS)


def keys_of(instances: Iterable[Any]) -> set[Any]:
    """The primary keys of instances; from their identities, so that nothing is loaded."""
    return {tuple(inspect(instance).identity) for instance in instances if instance is not None}


def rows_of(result: Iterable[Any]) -> set[Any]:
    """Rows of a result that are primary keys."""
    return {tuple(row) for row in result}


def each(t: Target, ask: Any) -> Iterator[Any]:
    """The keys of the rows for which a question is answered with yes; one of each kind is asked."""
    return (
        made.key
        for made in t.rows
        if (made not in t.asked and made in t.own) or (made in t.asked and ask(made))
    )


@reading("entity", *ENTITIES)
def _entity(t: Target, s: Any) -> Any:
    return keys_of(s.scalars(select(t.model).where(t.made())))


@reading("column", *ENTITIES)
def _column(t: Target, s: Any) -> Any:
    return rows_of(s.execute(select(*t.pk()).where(t.made())))


@reading("legacy query", *ENTITIES)
def _query(t: Target, s: Any) -> Any:
    return keys_of(s.query(t.model).filter(t.made()))


@reading("legacy query by keyword", *ENTITIES)
def _query_by(t: Target, s: Any) -> Any:
    return each(t, lambda made: s.query(t.model).filter_by(**t.key(made)).first())


@reading("get", *ENTITIES)
def _get(t: Target, s: Any) -> Any:
    return each(t, lambda made: s.get(t.model, t.key(made)))


@reading("get with a lock", *ENTITIES, applies=lambda t: not t.append_only)
def _get_locked(t: Target, s: Any) -> Any:
    return each(t, lambda made: s.get(t.model, t.key(made), with_for_update=True))


@reading("entity with a lock", *ENTITIES, applies=lambda t: not t.append_only)
def _locked(t: Target, s: Any) -> Any:
    statement = select(t.model).where(t.made()).with_for_update(of=t.model)
    return keys_of(s.scalars(statement))


@reading("entity anew", *ENTITIES)
def _anew(t: Target, s: Any) -> Any:
    s.scalars(select(t.model).where(t.made())).all()
    return keys_of(s.scalars(select(t.model).where(t.made()).execution_options(populate_existing=True)))


@reading("alias", *ENTITIES)
def _alias(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    return keys_of(s.scalars(select(other).where(t.made(other))))


@reading("column of an alias with a name", *ENTITIES)
def _named_alias(t: Target, s: Any) -> Any:
    other = aliased(t.model, name="other")
    return rows_of(s.execute(select(*t.pk(other)).where(t.made(other))))


@reading("self-join", *ENTITIES)
def _self_join(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    found = s.execute(select(t.model, other).join(other, t.made(other)).where(t.made()))
    return keys_of(instance for row in found for instance in row)


@reading("outer self-join", *ENTITIES)
def _outer_join(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    return rows_of(s.execute(select(*t.pk(other)).select_from(t.model).outerjoin(other, t.made(other)))) - {
        tuple(None for _ in t.table.primary_key)
    }


@reading("join by where", *ENTITIES)
def _by_where(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    return rows_of(s.execute(select(*t.pk(other)).where(t.made(), t.pk()[0] == t.pk(other)[0])))


@reading("scalar subquery", *ENTITIES)
def _scalar(t: Target, s: Any) -> Any:
    def one(made: Any) -> Any:
        return s.scalar(select(select(t.pk()[0]).where(t.is_row(made)).limit(1).scalar_subquery()))

    return each(t, one)


@reading("scalar subquery beside its own entity", *ENTITIES)
def _correlated(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    victim = select(t.pk(other)[0]).where(t.is_row(t.victim, other)).scalar_subquery()
    found = set(s.scalars(select(victim).select_from(t.model).where(t.made())))
    own = rows_of(s.execute(select(*t.pk()).where(t.made())))
    return own | ({t.victim.key} if found - {None} else set())


@reading("FROM subquery", *ENTITIES)
def _from_subquery(t: Target, s: Any) -> Any:
    inner = select(t.model).where(t.made()).subquery()
    return rows_of(s.execute(select(*(inner.c[column.name] for column in t.table.primary_key))))


@reading("entity of a subquery", *ENTITIES)
def _entity_of_subquery(t: Target, s: Any) -> Any:
    other = aliased(t.model, select(t.model).where(t.made()).subquery())
    return keys_of(s.scalars(select(other)))


@reading("CTE", *ENTITIES)
def _cte(t: Target, s: Any) -> Any:
    rows = select(*t.pk()).where(t.made()).cte("rows_of_it")
    return rows_of(s.execute(select(*rows.c)))


@reading("recursive CTE", *ENTITIES)
def _recursive(t: Target, s: Any) -> Any:
    first = select(*t.pk()).where(t.is_row((t.own or t.rows)[0])).cte("walk", recursive=True)
    other = aliased(t.model)
    walk = first.union(select(*t.pk(other)).select_from(other).join(first, true()).where(t.made(other)))
    return rows_of(s.execute(select(*walk.c)))


@reading("union", *ENTITIES)
def _union(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    return rows_of(
        s.execute(union(select(*t.pk()).where(t.made()), select(*t.pk(other)).where(t.made(other))))
    )


@reading("union all in a subquery", *ENTITIES)
def _union_all(t: Target, s: Any) -> Any:
    both = union_all(select(*t.pk()).where(t.made()), select(*t.pk()).where(t.made())).subquery()
    return rows_of(s.execute(select(*both.c)))


@reading("entities of a union", *ENTITIES)
def _entities_of_union(t: Target, s: Any) -> Any:
    both = union_all(select(t.model).where(t.made()), select(t.model).where(t.made()))
    return keys_of(s.scalars(select(t.model).from_statement(both)))


@reading("except", *ENTITIES)
def _except(t: Target, s: Any) -> Any:
    nothing = select(*t.pk()).where(t.made(), literal(1) == 0)
    return rows_of(s.execute(select(*t.pk()).where(t.made()).except_(nothing)))


@reading("intersect", *ENTITIES)
def _intersect(t: Target, s: Any) -> Any:
    return rows_of(s.execute(select(*t.pk()).where(t.made()).intersect(select(*t.pk()).where(t.made()))))


@reading("exists", *ENTITIES)
def _exists(t: Target, s: Any) -> Any:
    return each(t, lambda made: s.scalar(select(exists(select(t.pk()[0]).where(t.is_row(made))))))


@reading("exists of a select", *ENTITIES)
def _exists_of_select(t: Target, s: Any) -> Any:
    return each(
        t, lambda made: s.scalar(select(literal(1)).where(select(t.model).where(t.is_row(made)).exists()))
    )


@reading("exists of a query", *ENTITIES)
def _exists_of_query(t: Target, s: Any) -> Any:
    return each(t, lambda made: s.scalar(select(s.query(t.model).filter(t.is_row(made)).exists())))


@reading("among a subquery's", *ENTITIES)
def _among(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    inner = select(*t.pk(other)).where(t.made(other))
    return rows_of(s.execute(select(*t.pk()).where(tuple_(*t.pk()).in_(inner))))


@reading("lateral", *ENTITIES, only="postgresql")
def _lateral(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    inner = select(*t.pk(other)).where(t.made(other)).lateral("beside")
    return rows_of(s.execute(select(*inner.c).select_from(t.model).join(inner, true()).where(t.made())))


@reading("lateral on its own", *ENTITIES, only="postgresql")
def _lateral_alone(t: Target, s: Any) -> Any:
    inner = select(*t.pk()).where(t.made()).lateral("alone")
    return rows_of(s.execute(select(*inner.c)))


@reading("window function", *ENTITIES)
def _window(t: Target, s: Any) -> Any:
    number = func.row_number().over(order_by=t.pk()[0])
    return {tuple(row)[:-1] for row in s.execute(select(*t.pk(), number).where(t.made()))}


@reading("neighbour in a window", *ENTITIES)
def _neighbour(t: Target, s: Any) -> Any:
    first = t.pk()[0]
    before = func.lag(first).over(order_by=first)
    found = s.execute(select(first, before).where(t.made())).all()
    values = {value for row in found for value in row if value is not None}
    return {made.key for made in t.rows if made.key[0] in values}


@reading("grouped", *ENTITIES)
def _grouped(t: Target, s: Any) -> Any:
    statement = select(*t.pk(), func.count()).where(t.made()).group_by(*t.pk()).having(func.count() > 0)
    return {tuple(row)[:-1] for row in s.execute(statement)}


@reading("largest and smallest", *ENTITIES)
def _aggregated(t: Target, s: Any) -> Any:
    first = t.pk()[0]

    def one(made: Any) -> bool:
        largest, smallest = s.execute(select(func.max(first), func.min(first)).where(t.is_row(made))).one()
        return largest is not None or smallest is not None

    return each(t, one)


@reading("distinct, ordered and limited", *ENTITIES)
def _ordered(t: Target, s: Any) -> Any:
    return rows_of(s.execute(select(*t.pk()).where(t.made()).distinct().order_by(*t.pk()).limit(100)))


@reading("case", *ENTITIES)
def _case(t: Target, s: Any) -> Any:
    first = case((t.made(), t.pk()[0]), else_=None)
    return rows_of(s.execute(select(first, *t.pk()[1:]).select_from(t.model).where(t.made())))


@reading(
    "expression that hides its entity",
    Height.ENGINE,
    Height.POLICIES,
    Height.VIEWS,
    legal=None,
    applies=lambda t: len(t.table.primary_key) == 1,
)
def _hidden(t: Target, s: Any) -> Any:
    """SQLAlchemy takes it for a statement about tables, and leaves the criteria out."""
    made = or_(*(t.is_row(made) for made in t.rows))
    return rows_of(s.execute(select(case((made, t.pk()[0]), else_=None)).where(made)))


@reading("bundle", *ENTITIES)
def _bundle(t: Target, s: Any) -> Any:
    return rows_of(s.scalars(select(Bundle("key", *t.pk())).where(t.made())))


@reading("JSON text", *ENTITIES)
def _json(t: Target, s: Any) -> Any:
    def one(made: Any) -> bool:
        return s.scalar(select(json_rows(select(t.pk()[0]).where(t.is_row(made))))) != "[]"

    return each(t, one)


@reading("some columns", *ENTITIES)
def _some_columns(t: Target, s: Any) -> Any:
    return keys_of(s.scalars(select(t.model).options(load_only(t.pk()[0])).where(t.made())))


@reading("a column that is loaded later", *ENTITIES, applies=lambda t: t.plain is not None)
def _deferred(t: Target, s: Any) -> Any:
    attribute = t.attribute(t.plain.name)
    later = s.scalars(select(t.model).options(defer(getattr(t.model, attribute))).where(t.made())).all()
    return keys_of(instance for instance in later if getattr(instance, attribute) is not instance)


@reading("stream", *ENTITIES)
def _stream(t: Target, s: Any) -> Any:
    parts = s.scalars(select(t.model).where(t.made()).execution_options(yield_per=1)).partitions()
    return keys_of(instance for part in parts for instance in part)


@reading("criteria of one's own", *ENTITIES)
def _own_criteria(t: Target, s: Any) -> Any:
    option = with_loader_criteria(t.model, t.made(), include_aliases=True)
    return keys_of(s.scalars(select(t.model).options(option).where(t.made())))


@reading("negated condition", *ENTITIES)
def _negated(t: Target, s: Any) -> Any:
    return rows_of(s.execute(select(*t.pk()).where(~~t.made() | t.made())))


@reading("alternative condition", *ENTITIES)
def _alternative(t: Target, s: Any) -> Any:
    return rows_of(s.execute(select(*t.pk()).where((t.pk()[0].is_not(None)) | true()).where(t.made())))


@reading("statement of another scope", *ENTITIES)
def _reused(t: Target, s: Any) -> Any:
    statement = select(*t.pk()).where(t.made())
    for scope in t.world.scopes.values():
        with entered(scope, write=True) as other, suppress(WallError):
            other.execute(statement).all()
    return rows_of(s.execute(statement))


@reading("session of an outer frame", Height.STATEMENTS, Height.ENGINE, legal=False)
def _outer(t: Target, _s: Any) -> Any:
    with entered(EVERYTHING, write=True) as outer, entered(t.scope, write=True):
        return rows_of(outer.execute(select(*t.pk()).where(t.made())))


@reading("session in a thread of its own", *ENTITIES, legal=False)
def _threaded(t: Target, s: Any) -> Any:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: rows_of(s.execute(select(*t.pk()).where(t.made())))).result()


@reading("identity map after a change of scope", Height.FRAMES, legal=None)
def _identity_map(t: Target, _s: Any) -> Any:
    with entered(EVERYTHING, write=True) as warm:
        kept = warm.scalars(select(t.model).where(t.made())).all()
        with entered(t.scope, write=True) as after:
            return keys_of(i for i in after.identity_map.values() if i in kept)


@reading("get after a change of scope", *ENTITIES)
def _get_after(t: Target, _s: Any) -> Any:
    with entered(EVERYTHING, write=True) as warm:
        kept = warm.scalars(select(t.model).where(t.made())).all()
        with entered(t.scope, write=True) as after:
            return list(each(t, lambda made: kept and after.get(t.model, t.key(made))))
