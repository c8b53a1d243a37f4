"""What the unit of work is told to write."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import make_transient, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from orion.isolation.forms import reading, writing
from orion.isolation.heights import Height
from orion.isolation.target import Target
from orion.isolation.world import Made

FLUSH = (Height.FLUSHES, Height.ENGINE, Height.POLICIES)
#: Heights that stop what changes a row that was never loaded.
FORGED = FLUSH
#: The last guard knows nothing of parents, but without the flush's guard it lets nothing be written.
PARENT = (Height.KEYS, Height.ENGINE)


def _add(t: Target, s: Any, values: dict[str, Any]) -> None:
    s.add(t.instance(values))
    s.flush()


def _has_own(t: Target) -> bool:
    return bool(t.own)


def _own(t: Target, s: Any) -> Any:
    return s.scalars(select(t.model).where(t.made_of(t.model, t.own[:1]))).one()


# -- new rows -------------------------------------------------------------------------------------


@writing("insert for another", *FLUSH)
def _for_another(t: Target, s: Any) -> None:
    _add(t, s, t.new_row(t.nobodys_slot))


@writing("insert for another platform", *FLUSH, applies=lambda t: t.has_both_sides)
def _for_another_platform(t: Target, s: Any) -> None:
    _add(t, s, t.new_row((t.world.ours, t.world.nowhere)))


@writing("insert for nobody", *FLUSH, applies=lambda t: t.may_be_nobodys)
def _for_nobody(t: Target, s: Any) -> None:
    pointing = {element.parent.name for key in t.references for element in key.elements}
    new, other = t.new_row((None, None)), t.new_row(t.nobodys_slot)
    # Nobody's row that is there has the same parents, of which it may have to be the only child.
    parents = {name: other[name] for name in pointing if None not in (new.get(name), other.get(name))}
    _add(t, s, new | parents | dict.fromkeys(t.wall.columns))


@writing("insert beside an own row", *FLUSH, applies=_has_own)
def _beside(t: Target, s: Any) -> None:
    s.add_all([_own(t, s), t.instance(t.new_row(t.nobodys_slot))])
    s.flush()


@writing("insert by merge", *FLUSH)
def _by_merge(t: Target, s: Any) -> None:
    s.merge(t.instance(t.new_row(t.nobodys_slot)))
    s.flush()


@writing("insert of a copy", *FLUSH, applies=_has_own)
def _copy(t: Target, s: Any) -> None:
    own = _own(t, s)
    make_transient(own)
    new = t.new_row(t.nobodys_slot)
    for column in t.table.columns:
        setattr(own, t.attribute(column.name), new.get(column.name))
    s.add(own)
    s.flush()


# -- rows that are there --------------------------------------------------------------------------


def _forged(t: Target, made: Made, **owners: Any) -> Any:
    """A row that says it was loaded, with owners of the scope's."""
    instance = t.model(**t.identity(made) | owners)
    make_transient_to_detached(instance)
    return instance


def _changed(t: Target, instance: Any) -> Any:
    setattr(instance, t.attribute(t.plain.name), t.new_value())
    return instance


def _can_change(t: Target) -> bool:
    return t.plain is not None and not t.append_only


@writing("change of a forged row", *FORGED, applies=_can_change)
def _forged_change(t: Target, s: Any) -> None:
    instance = _forged(t, t.victim, **t.own_owners())
    s.add(instance)
    _changed(t, instance)
    s.flush()


@writing("change of a row that is merged without loading", *FORGED, applies=_can_change)
def _merged_change(t: Target, s: Any) -> None:
    _changed(t, s.merge(_forged(t, t.victim, **t.own_owners()), load=False))
    s.flush()


@writing("delete of a forged row", *FORGED, applies=lambda t: not t.append_only)
def _forged_delete(t: Target, s: Any) -> None:
    s.delete(_forged(t, t.victim, **t.own_owners()))
    s.flush()


@writing("merge of a foreign key", Height.STATEMENTS, *FLUSH, applies=_can_change)
def _merge(t: Target, s: Any) -> None:
    s.merge(_changed(t, t.model(**t.identity(t.victim))))
    s.flush()


@writing("change of a foreign row", Height.STATEMENTS, *FLUSH, legal=None, applies=_can_change)
def _change(t: Target, s: Any) -> None:
    instance = s.get(t.model, t.key(t.victim))
    if instance is not None:
        _changed(t, instance)
        s.flush()


@writing(
    "delete of a foreign row", Height.STATEMENTS, *FLUSH, legal=None, applies=lambda t: not t.append_only
)
def _delete(t: Target, s: Any) -> None:
    instance = s.get(t.model, t.key(t.victim))
    if instance is not None:
        s.delete(instance)
        s.flush()


@writing(
    "key of an own row turned into a foreign one", *FORGED, applies=lambda t: _can_change(t) and _has_own(t)
)
def _turned(t: Target, s: Any) -> None:
    own = _own(t, s)
    s.expunge(own)
    inspect(own).key = inspect(_forged(t, t.victim)).key
    for name, value in t.identity(t.victim).items():
        set_committed_value(own, name, value)
    s.add(own)
    _changed(t, own)
    s.flush()


@writing("own row given to another", *FLUSH, applies=lambda t: _has_own(t) and t.can_move)
def _rehome(t: Target, s: Any) -> None:
    own = _own(t, s)
    for name, owner in t.others_owners(t.own[0]).items():
        setattr(own, t.attribute(name), owner)
    s.flush()


# -- relatives ------------------------------------------------------------------------------------


def _can_add(t: Target, lost: Any) -> bool:
    return lost is not None and t.has_room(lost)


@writing("new child of a foreign parent", *PARENT, applies=lambda t: _can_add(t, t.lost_to_vendors))
def _child(t: Target, s: Any) -> None:
    _add_lost(t, s, t.lost_to_vendors)


@writing(
    "new child of a parent on another platform",
    *PARENT,
    applies=lambda t: _can_add(t, t.lost_to_platforms),
)
def _child_elsewhere(t: Target, s: Any) -> None:
    _add_lost(t, s, t.lost_to_platforms)


def _add_lost(t: Target, s: Any, lost: Any) -> None:
    made, parent = lost
    _add(t, s, t.new_row(made.slot) | parent)


@writing(
    "own row moved to a foreign parent",
    *PARENT,
    applies=lambda t: t.lost_to_vendors is not None and not t.append_only,
)
def _move(t: Target, s: Any) -> None:
    _move_lost(t, s, t.lost_to_vendors)


@writing(
    "own row moved to a parent on another platform",
    *PARENT,
    applies=lambda t: t.lost_to_platforms is not None and not t.append_only,
)
def _move_elsewhere(t: Target, s: Any) -> None:
    _move_lost(t, s, t.lost_to_platforms)


def _move_lost(t: Target, s: Any, lost: Any) -> None:
    made, parent = lost
    row = s.scalars(select(t.model).where(t.is_row(made))).one()
    for name, value in parent.items():
        setattr(row, t.attribute(name), value)
    s.flush()


@reading("unique key as an oracle", Height.KEYS, legal=None, applies=lambda t: bool(t.oracles), schema=True)
def _oracle(t: Target, s: Any) -> Any:
    return [made.key for made, names in t.oracles if _is_taken(t, s, made, names)]


def _is_taken(t: Target, s: Any, made: Made, names: list[str]) -> bool:
    """Whether a new row is refused for a foreign row's values, and not for itself."""
    values = t.new_row(t.own[0].slot)
    return t.inserts(s, values) and not t.inserts(s, values | {name: made.values[name] for name in names})
