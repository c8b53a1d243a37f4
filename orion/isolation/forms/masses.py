"""Changes of many rows by criteria: they touch the scope's rows."""

from typing import Any

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import aliased

from orion.isolation.forms import writing
from orion.isolation.forms.reads import rows_of
from orion.isolation.forms.rows import PARENT, _can_change, _has_own
from orion.isolation.heights import Height
from orion.isolation.target import Target

MASS = (Height.STATEMENTS, Height.ENGINE, Height.POLICIES)


def _can_delete(t: Target) -> bool:
    return not t.append_only


@writing("mass update", *MASS, legal=True, applies=_can_change)
def _update(t: Target, s: Any) -> None:
    s.execute(update(t.model).values({t.plain.name: t.new_value()}).where(t.made()))


@writing("mass update of one foreign row", *MASS, legal=None, applies=_can_change)
def _update_one(t: Target, s: Any) -> None:
    s.execute(update(t.model).values({t.plain.name: t.new_value()}).where(t.is_row(t.victim)))


@writing("mass update of a legacy query", *MASS, legal=True, applies=_can_change)
def _query_update(t: Target, s: Any) -> None:
    s.query(t.model).filter(t.made()).update({t.attribute(t.plain.name): t.new_value()})


@writing("mass update that fetches", *MASS, legal=True, applies=_can_change)
def _fetching(t: Target, s: Any) -> None:
    options = {"synchronize_session": "fetch"}
    s.execute(
        update(t.model).values({t.plain.name: t.new_value()}).where(t.made()), execution_options=options
    )


@writing("mass update that returns", *MASS, legal=True, applies=_can_change)
def _returning(t: Target, s: Any) -> Any:
    changed = update(t.model).values({t.plain.name: t.new_value()}).where(t.made()).returning(*t.pk())
    return rows_of(s.execute(changed, execution_options={"synchronize_session": False}))


@writing("mass update of what a subquery finds", *MASS, legal=True, applies=_can_change)
def _update_found(t: Target, s: Any) -> None:
    other = aliased(t.model)
    found = select(t.pk(other)[0]).where(t.made(other))
    changed = update(t.model).values({t.plain.name: t.new_value()}).where(t.pk()[0].in_(found), t.made())
    s.execute(changed, execution_options={"synchronize_session": False})


@writing("mass update from another alias", *MASS, legal=None, applies=_can_change)
def _update_from(t: Target, s: Any) -> None:
    other = aliased(t.model)
    changed = update(t.model).values({t.plain.name: t.new_value()})
    changed = changed.where(t.pk()[0] == t.pk(other)[0], t.made(), t.made(other))
    s.execute(changed, execution_options={"synchronize_session": False})


@writing(
    "foreign value copied into own rows", *MASS, legal=None, applies=lambda t: _can_change(t) and _has_own(t)
)
def _copied(t: Target, s: Any) -> Any:
    other, mark = aliased(t.model), t.attribute(t.plain.name)
    foreign = select(func.max(getattr(other, mark))).where(t.is_row(t.victim, other)).scalar_subquery()
    changed = update(t.model).values({t.plain.name: func.coalesce(foreign, getattr(t.model, mark))})
    one = t.made_of(t.model, t.own[:1])
    s.execute(changed.where(one), execution_options={"synchronize_session": False})
    now = s.execute(select(getattr(t.model, mark)).where(one)).scalar_one()
    return [t.victim.key] if now == t.victim.values[t.plain.name] != t.own[0].values[t.plain.name] else []


@writing("mass update of the owner", *MASS, applies=lambda t: t.can_move)
def _owner(t: Target, s: Any) -> None:
    _give_away(t, s, update(t.model).values(t.others_owners(t.rows[0])))


@writing("mass update of the owner by column", *MASS, applies=lambda t: t.can_move)
def _owner_by_column(t: Target, s: Any) -> None:
    owners = {getattr(t.model, t.attribute(n)): v for n, v in t.others_owners(t.rows[0]).items()}
    _give_away(t, s, update(t.model).values(owners))


@writing("mass update of the owner in order", *MASS, applies=lambda t: t.can_move)
def _owner_in_order(t: Target, s: Any) -> None:
    owners = [(getattr(t.model, t.attribute(n)), v) for n, v in t.others_owners(t.rows[0]).items()]
    _give_away(t, s, update(t.model).ordered_values(*owners))


@writing("mass update of the owner by parameter", *MASS, applies=lambda t: t.can_move)
def _owner_by_parameter(t: Target, s: Any) -> None:
    one = t.made_of(t.model, [t.own[0] if t.own else t.victim])
    s.execute(update(t.model).where(one), t.others_owners(t.rows[0]))


def _give_away(t: Target, s: Any, change: Any) -> None:
    one = t.made_of(t.model, [t.own[0] if t.own else t.victim])
    s.execute(change.where(one), execution_options={"synchronize_session": False})


@writing(
    "mass update to a foreign parent",
    *PARENT,
    applies=lambda t: t.lost_to_vendors is not None and not t.append_only,
)
def _parent(t: Target, s: Any) -> None:
    _lose(t, s, t.lost_to_vendors)


@writing(
    "mass update to a parent on another platform",
    *PARENT,
    applies=lambda t: t.lost_to_platforms is not None and not t.append_only,
)
def _parent_elsewhere(t: Target, s: Any) -> None:
    _lose(t, s, t.lost_to_platforms)


def _lose(t: Target, s: Any, lost: Any) -> None:
    made, parent = lost
    change = update(t.model).values(parent).where(t.is_row(made))
    s.execute(change, execution_options={"synchronize_session": False})


@writing("mass delete", *MASS, legal=None, applies=_can_delete)
def _delete(t: Target, s: Any) -> None:
    s.execute(delete(t.model).where(t.made()), execution_options={"synchronize_session": False})


@writing("mass delete of one foreign row", *MASS, legal=None, applies=_can_delete)
def _delete_one(t: Target, s: Any) -> None:
    s.execute(delete(t.model).where(t.is_row(t.victim)), execution_options={"synchronize_session": False})


@writing("mass delete of a legacy query", *MASS, legal=None, applies=_can_delete)
def _query_delete(t: Target, s: Any) -> None:
    s.query(t.model).filter(t.made()).delete()


@writing("mass delete that returns", *MASS, legal=None, applies=_can_delete)
def _delete_returning(t: Target, s: Any) -> Any:
    gone = delete(t.model).where(t.made()).returning(*t.pk())
    return rows_of(s.execute(gone, execution_options={"synchronize_session": False}))


@writing("mass delete of what a subquery finds", *MASS, legal=None, applies=_can_delete)
def _delete_found(t: Target, s: Any) -> None:
    other = aliased(t.model)
    found = select(t.pk(other)[0]).where(t.made(other))
    gone = delete(t.model).where(t.pk()[0].in_(found), t.made())
    s.execute(gone, execution_options={"synchronize_session": False})


@writing("insert of a select", *MASS)
def _from_select(t: Target, s: Any) -> None:
    new = t.new_row(t.nobodys_slot)
    values = [literal(value, t.table.c[name].type) for name, value in new.items()]
    source = select(*values).select_from(t.model).where(t.is_row(t.victim))
    s.execute(insert(t.model).from_select(list(new), source))
