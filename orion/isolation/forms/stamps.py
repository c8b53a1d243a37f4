"""Statements with the data layer's own stamp, as if the guard before the last had failed.

Only the data layer can make them. They are attacks on the guard that reads the SQL, which must look for the
criteria and not believe the stamp.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from orion.data.flush import FLUSHING
from orion.data.rules import AGAIN, FENCED, KEY, criteria
from orion.isolation.forms import reading, writing
from orion.isolation.forms.reads import rows_of
from orion.isolation.heights import Height
from orion.isolation.target import Target

#: Heights that see the SQL, and those that see the rows.
SEEN_BY = (Height.ENGINE, Height.POLICIES, Height.VIEWS)
STAMP = {FENCED: KEY}


def _has_foreign(t: Target) -> bool:
    """In the installation's scope a stamped statement needs no criteria."""
    return t.is_bounded


@reading("stamp without criteria", *SEEN_BY, legal=False, applies=_has_foreign)
def _stamped(t: Target, s: Any) -> Any:
    return rows_of(s.connection().execute(select(*t.pk()).where(t.made()), execution_options=STAMP))


@reading("stamp on a table", *SEEN_BY, legal=False, applies=_has_foreign)
def _stamped_table(t: Target, s: Any) -> Any:
    statement = select(*t.table.primary_key).where(t.made(t.core))
    return rows_of(s.connection().execute(statement, execution_options=STAMP))


@reading("criteria of another scope", *SEEN_BY, legal=False, applies=_has_foreign)
def _foreign_criteria(t: Target, s: Any) -> Any:
    rule: Any = criteria(t.wall, t.core, t.others_scope)
    statement = select(*t.table.primary_key).where(t.made(t.core), rule)
    return rows_of(s.connection().execute(statement, execution_options=STAMP))


@reading("criteria of one alias for two", *SEEN_BY, legal=False, applies=_has_foreign)
def _half_fenced(t: Target, s: Any) -> Any:
    other = t.table.alias("unfenced")
    rule: Any = criteria(t.wall, t.core, t.scope)
    fenced = select(func.count()).select_from(t.table).where(rule).scalar_subquery()
    statement = select(*(other.c[c.name] for c in t.table.primary_key)).where(t.made(other.c), fenced > -1)
    return rows_of(s.connection().execute(statement, execution_options=STAMP))


@reading("two rows read again as one", *SEEN_BY, legal=False, applies=_has_foreign)
def _again_twice(t: Target, s: Any) -> Any:
    other = aliased(t.model)
    statement = select(*t.pk(other)).join(t.model, t.made()).where(t.made(other))
    options = STAMP | {AGAIN: t.table.name}
    return rows_of(s.connection().execute(statement, execution_options=options))


@writing("flush that nobody has checked", Height.FLUSHES, Height.ENGINE, Height.POLICIES)
def _unchecked(t: Target, s: Any) -> Any:
    s.info[FLUSHING] = True
    s.add(t.instance(t.new_row(t.nobodys_slot)))
    s.flush()
