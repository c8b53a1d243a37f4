"""Rows in bulk: SQLAlchemy's ways, which pass the unit of work, and the data layer's own doors."""

from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import make_transient_to_detached

from orion.contracts.data import change_rows, insert_rows, upsert_add
from orion.isolation import samples
from orion.isolation.forms import writing
from orion.isolation.forms.rows import _can_add, _can_change
from orion.isolation.heights import Height
from orion.isolation.target import Target

BULK = (Height.STATEMENTS, Height.ENGINE, Height.POLICIES)
#: Ways that never come by the session's own guards.
PAST_SESSION = (Height.ENGINE, Height.POLICIES)
DOOR = (Height.DOORS,)


@writing("insert of values", *BULK, everywhere=True)
def _insert(t: Target, s: Any) -> None:
    s.execute(insert(t.model).values(t.new_row(t.nobodys_slot)))


@writing("insert of a list", *BULK, everywhere=True)
def _insert_list(t: Target, s: Any) -> None:
    s.execute(insert(t.model), [t.attributes(t.new_row(t.nobodys_slot))])


@writing("insert that returns", *BULK, everywhere=True)
def _insert_returning(t: Target, s: Any) -> None:
    s.scalars(insert(t.model).returning(t.model), [t.attributes(t.new_row(t.nobodys_slot))]).all()


@writing("mappings inserted in bulk", *PAST_SESSION, everywhere=True)
def _insert_mappings(t: Target, s: Any) -> None:
    s.bulk_insert_mappings(t.mapper, [t.attributes(t.new_row(t.nobodys_slot))])


@writing("new objects saved in bulk", *PAST_SESSION, everywhere=True)
def _save_objects(t: Target, s: Any) -> None:
    s.bulk_save_objects([t.instance(t.new_row(t.nobodys_slot))])


@writing("changed objects saved in bulk", *PAST_SESSION, applies=_can_change, everywhere=True)
def _save_changed(t: Target, s: Any) -> None:
    forged = t.model(**t.identity(t.victim))
    make_transient_to_detached(forged)
    setattr(forged, t.attribute(t.plain.name), t.new_value())
    s.bulk_save_objects([forged])


@writing("mappings updated in bulk", *PAST_SESSION, applies=_can_change, everywhere=True)
def _update_mappings(t: Target, s: Any) -> None:
    s.bulk_update_mappings(t.mapper, [_change(t)])


@writing("update by a list of keys", *BULK, applies=_can_change, everywhere=True)
def _update_list(t: Target, s: Any) -> None:
    s.execute(update(t.model), [_change(t)])


def _change(t: Target) -> dict[str, Any]:
    return t.identity(t.victim) | {t.attribute(t.plain.name): t.new_value()}


def _upsert(t: Target, values: dict[str, Any]) -> Any:
    made = (insert_on_sqlite if t.arena.dialect == "sqlite" else insert_on_postgresql)(t.model).values(values)
    keys = [column.name for column in t.table.primary_key]
    return made.on_conflict_do_update(index_elements=keys, set_={t.plain.name: t.new_value()})


@writing("upsert over a foreign row", *BULK, applies=_can_change, everywhere=True)
def _upsert_foreign(t: Target, s: Any) -> None:
    s.execute(_upsert(t, t.victim.values))


@writing(
    "upsert of an own row over a foreign one",
    *BULK,
    everywhere=True,
    applies=lambda t: _can_change(t) and t.has_place,
)
def _upsert_own(t: Target, s: Any) -> None:
    key = {c.name: t.victim.values[c.name] for c in t.table.primary_key}
    s.execute(_upsert(t, t.new_row(t.own[0].slot) | key))


# -- the doors ------------------------------------------------------------------------------------


@writing("row for another through the door", *DOOR)
def _door(t: Target, _s: Any) -> None:
    insert_rows(t.scope, t.model, [t.new_row(t.nobodys_slot)])


@writing("row for another platform through the door", *DOOR, applies=lambda t: t.has_both_sides)
def _door_of_platform(t: Target, _s: Any) -> None:
    insert_rows(t.scope, t.model, [t.new_row((t.world.ours, t.world.nowhere))])


@writing("row for another among own ones through the door", *DOOR, applies=lambda t: t.has_place)
def _door_among(t: Target, _s: Any) -> None:
    foreign = t.new_row(t.nobodys_slot)
    own = t.new_row(t.own[0].slot)
    insert_rows(t.scope, t.model, [{name: own.get(name) for name in foreign}, foreign])


@writing("row through the door under another scope", *DOOR)
def _door_of_other(t: Target, _s: Any) -> None:
    insert_rows(t.others_scope, t.model, [t.victims_spare()])


@writing(
    "child of a foreign parent through the door",
    Height.KEYS,
    applies=lambda t: _can_add(t, t.lost_to_vendors),
)
def _door_to_vendor(t: Target, _s: Any) -> None:
    _lose(t, t.lost_to_vendors)


@writing(
    "child of a parent on another platform through the door",
    Height.KEYS,
    applies=lambda t: _can_add(t, t.lost_to_platforms),
)
def _door_to_platform(t: Target, _s: Any) -> None:
    _lose(t, t.lost_to_platforms)


def _lose(t: Target, lost: Any) -> None:
    made, parent = lost
    insert_rows(t.scope, t.model, [t.new_row(made.slot) | parent])


@writing(
    "foreign row changed through the door", *DOOR, applies=lambda t: _can_change(t) and "id" in t.table.c
)
def _change_foreign(t: Target, _s: Any) -> None:
    change_rows(t.scope, t.model, [{"id": t.victim.values.get("id"), t.plain.name: t.new_value()}])


@writing(
    "own row given to another through the door", *DOOR, applies=lambda t: t.has_place and "id" in t.table.c
)
def _give_away(t: Target, _s: Any) -> None:
    own = t.own[0].values
    owners = {name: t.victim.values[name] for name in t.wall.columns}
    change_rows(t.scope, t.model, [{"id": own.get("id")} | owners])


@writing(
    "foreign row added to through the door", *DOOR, applies=lambda t: t.addable is not None and t.has_place
)
def _add_to_foreign(t: Target, _s: Any) -> None:
    """The row is the scope's own, and the key by which it meets another row doesn't say whose that is."""
    keys = [column.name for column in t.table.primary_key]
    row = t.new_row(t.own[0].slot) | {name: t.victim.values[name] for name in keys}
    upsert_add(t.scope, t.model, [row | {t.addable: 1}], keys, add=[t.addable])


@writing("foreign row met through the door", *DOOR, applies=lambda t: t.addable is not None)
def _meet_foreign(t: Target, _s: Any) -> None:
    keys = next(k for k in samples.unique_keys(t.table) if t.addable not in k)
    upsert_add(t.scope, t.model, [t.victim.values | {t.addable: 1}], keys, add=[t.addable])
