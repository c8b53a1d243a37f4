"""What is loaded from rows that one has: relatives, and more of the same."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import (
    aliased,
    contains_eager,
    immediateload,
    joinedload,
    make_transient_to_detached,
    selectinload,
    subqueryload,
    with_parent,
)

from orion.isolation.forms import reading
from orion.isolation.forms.reads import ENTITIES, each, keys_of
from orion.isolation.heights import Height
from orion.isolation.target import Target


def _has_own(t: Target) -> bool:
    return bool(t.own)


def _others(t: Target, s: Any, *options: Any) -> Any:
    """All that a first row's relationship to rows that are none of its relatives gives, and the row."""
    first = t.made_of(t.twin, t.own[:1])
    twins = s.scalars(select(t.twin).options(*options).where(first)).unique().all()
    return keys_of(twins) | keys_of(o for twin in twins for o in twin.others) & t.keys(t.rows)


def _loader(name: str, make: Any) -> None:
    @reading(name, *ENTITIES, applies=_has_own)
    def _load(t: Target, s: Any) -> Any:
        return _others(t, s, make(t.twin.others.and_(t.made(t.twin.others.entity.class_))))


_loader("joined load", joinedload)
_loader("select-in load", selectinload)
_loader("subquery load", subqueryload)
_loader("immediate load", immediateload)


@reading("lazy load", *ENTITIES, applies=lambda t: t.is_bounded and _has_own(t))
def _lazy(t: Target, s: Any) -> Any:
    return _others(t, s)


@reading("eager load from a join", *ENTITIES, applies=_has_own)
def _contains_eager(t: Target, s: Any) -> Any:
    other = aliased(t.twin.others.entity.class_)
    others = t.twin.others.of_type(other)
    statement = select(t.twin).join(others).options(contains_eager(others))
    statement = statement.where(t.made_of(t.twin, t.own[:1]), t.made(other))
    twins = s.scalars(statement).unique().all()
    return t.keys(t.own[:1]) | keys_of(o for twin in twins for o in twin.others)


@reading("join along a relationship of an alias", *ENTITIES, applies=_has_own)
def _join(t: Target, s: Any) -> Any:
    other = aliased(t.twin.others.entity.class_)
    statement = select(other).select_from(t.twin).join(t.twin.others.of_type(other))
    statement = statement.where(t.made_of(t.twin, t.own[:1]), t.made(other))
    return t.keys(t.own[:1]) | keys_of(s.scalars(statement))


@reading("relationship's any", *ENTITIES, applies=_has_own)
def _any(t: Target, s: Any) -> Any:
    twin = aliased(t.twin)

    def one(made: Any) -> Any:
        related = twin.others.any(t.is_row(made, t.twin.others.entity.class_))
        return s.scalar(select(twin).where(t.made_of(twin, t.own[:1]), related))

    return t.keys(t.own[:1]) | set(each(t, one))


@reading("rows with a parent", *ENTITIES, applies=_has_own)
def _with_parent(t: Target, s: Any) -> Any:
    parent = s.scalars(select(t.twin).where(t.made_of(t.twin, t.own[:1]))).one()
    other = t.twin.others.entity.class_
    found = s.scalars(select(other).where(with_parent(parent, t.twin.others), t.made(other)))
    return t.keys(t.own[:1]) | keys_of(found)


@reading("real relationships", *ENTITIES, legal=None, applies=lambda t: bool(t.owned_relatives))
def _relationships(t: Target, s: Any) -> Any:
    found = set()
    for name, table in t.owned_relatives.items():
        for instance in s.scalars(select(t.model).where(t.made())):
            relatives = getattr(instance, name)
            several = relatives if isinstance(relatives, list | set) else [relatives]
            found |= {(table.name, *key) for key in keys_of(several)}
    hidden = {(m.table.name, *m.key) for table in t.owned_relatives.values() for m in t.hidden(table)}
    return [t.victim.key] if found & hidden else []


@reading("refresh", *ENTITIES)
def _refresh(t: Target, s: Any) -> Any:
    instances = s.scalars(select(t.model).where(t.made())).all()
    for instance in instances:
        s.expire(instance)
        s.refresh(instance)
    return keys_of(instances)


@reading("refresh that joins", *ENTITIES, legal=None, applies=lambda t: t.is_bounded and _has_own(t))
def _refresh_joined(t: Target, s: Any) -> Any:
    twin = s.scalars(select(t.eager_twin).where(t.made_of(t.eager_twin, t.own[:1]))).unique().one()
    s.expire(twin)
    s.refresh(twin)
    return keys_of(twin.others)


@reading("refresh of a new row that joins", *ENTITIES, legal=None, applies=lambda t: t.can_add)
def _new_joined(t: Target, s: Any) -> Any:
    """No criteria are kept with a row that was not loaded."""
    return _refreshed(t, s, t.eager_twin())


@reading(
    "refresh of a new row that joins its like",
    *(height for height in ENTITIES if height is not Height.STATEMENTS),
    legal=None,
    applies=lambda t: t.can_add,
)
def _new_joined_itself(t: Target, s: Any) -> Any:
    """SQLAlchemy asks for the criteria of the row and of its like in one way: the last guard refuses it."""
    return _refreshed(t, s, t.own_eager_twin())


def _refreshed(t: Target, s: Any, twin: Any) -> Any:
    for name, value in t.new_row(t.own[0].slot).items():
        setattr(twin, name, value)
    s.add(twin)
    s.flush()
    s.refresh(twin)
    return keys_of(twin.others)


# -- rows that were never loaded ------------------------------------------------------------------


def _forged(t: Target, made: Any) -> Any:
    instance = t.model(**t.identity(made))
    make_transient_to_detached(instance)
    return instance


def _tell(t: Target, instance: Any) -> bool:
    """Whether a forged row turns out to be there."""
    name = t.attribute(next(c.name for c in t.table.columns if not c.primary_key))
    getattr(instance, name)
    return True


FORGED = (Height.FLUSHES, Height.POLICIES, Height.VIEWS)


@reading("forged row that is refreshed", *FORGED, Height.ENGINE, legal=False)
def _forged_refresh(t: Target, s: Any) -> Any:
    instance = _forged(t, t.victim)
    s.add(instance)
    s.refresh(instance)
    return [t.victim.key]


@reading("forged row whose columns are loaded", *FORGED, Height.ENGINE, legal=False)
def _forged_column(t: Target, s: Any) -> Any:
    instance = _forged(t, t.victim)
    s.add(instance)
    return [t.victim.key] if _tell(t, instance) else []


@reading("forged row that is merged without loading", *FORGED, Height.ENGINE, legal=False)
def _forged_merge(t: Target, s: Any) -> Any:
    return [t.victim.key] if _tell(t, s.merge(_forged(t, t.victim), load=False)) else []


@reading(
    "forged row whose relatives are loaded",
    *ENTITIES,
    *FORGED,
    legal=False,
    applies=lambda t: len(t.foreign) > 1,
)
def _forged_relatives(t: Target, s: Any) -> Any:
    instance = t.twin()
    for name, value in t.key(t.victim).items():
        setattr(instance, name, value)
    make_transient_to_detached(instance)
    s.add(instance)
    return keys_of(instance.others) & t.keys(t.rows)
