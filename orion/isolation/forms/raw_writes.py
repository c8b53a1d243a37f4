"""SQL that writes and names the table itself."""

from typing import Any

from sqlalchemy import delete, insert, text, update

from orion.isolation.forms import writing
from orion.isolation.forms.rows import _can_change
from orion.isolation.heights import Height
from orion.isolation.target import Target

DATABASE = (Height.POLICIES,)
RAW = (Height.ENGINE, Height.POLICIES)


def _can_delete(t: Target) -> bool:
    return not t.append_only


def _update_sql(t: Target) -> str:
    name = t.plain.name
    return f'UPDATE {t.table.name} SET "{name}" = :new WHERE {t.sql_is([t.victim])}'


def _new(t: Target) -> dict[str, Any]:
    """The new value as the driver takes it."""
    processor = t.plain.type.dialect_impl(t.arena.connection.dialect).bind_processor(
        t.arena.connection.dialect
    )
    return {"new": processor(t.new_value()) if processor else t.new_value()}


@writing("update in text", *RAW, everywhere=True, applies=_can_change)
def _update_text(t: Target, s: Any) -> None:
    s.execute(text(_update_sql(t)), _new(t))


@writing("update in text after a comment", *RAW, everywhere=True, applies=_can_change)
def _update_comment(t: Target, s: Any) -> None:
    s.execute(text(_update_sql(t).replace("UPDATE ", "UPDATE/* */", 1)), _new(t))


@writing("delete in text", *RAW, everywhere=True, applies=_can_delete)
def _delete_text(t: Target, s: Any) -> None:
    s.execute(text(f"DELETE FROM {t.table.name} WHERE {t.sql_is([t.victim])}"))


@writing("delete in a CTE", *RAW, everywhere=True, applies=_can_delete, only="postgresql")
def _delete_cte(t: Target, s: Any) -> None:
    gone = f"DELETE FROM {t.table.name} WHERE {t.sql_is([t.victim])} RETURNING 1"
    s.execute(text(f"WITH gone AS ({gone}) SELECT count(*) FROM gone"))


@writing("delete by the driver", *RAW, everywhere=True, applies=_can_delete)
def _driver(t: Target, s: Any) -> None:
    s.connection().exec_driver_sql(f"DELETE FROM {t.table.name} WHERE {t.sql_is([t.victim])}")


@writing("update of a table", *RAW, everywhere=True, applies=_can_change)
def _update_core(t: Target, s: Any) -> None:
    s.execute(update(t.table).values({t.plain.name: t.new_value()}).where(t.is_row(t.victim, t.core)))


@writing("delete from a table", *RAW, everywhere=True, applies=_can_delete)
def _delete_core(t: Target, s: Any) -> None:
    s.execute(delete(t.table).where(t.is_row(t.victim, t.core)))


@writing("insert into a table", *RAW, everywhere=True)
def _insert_core(t: Target, s: Any) -> None:
    s.execute(insert(t.table).values(t.new_row(t.nobodys_slot)))


@writing("update of a table on a connection", *RAW, everywhere=True, applies=_can_change)
def _update_connection(t: Target, s: Any) -> None:
    change = update(t.table).values({t.plain.name: t.new_value()}).where(t.is_row(t.victim, t.core))
    s.connection().execute(change)


@writing("update of an entity on a connection", *RAW, everywhere=True, applies=_can_change)
def _entity_on_connection(t: Target, s: Any) -> None:
    s.connection().execute(update(t.model).values({t.plain.name: t.new_value()}).where(t.is_row(t.victim)))


@writing("insert on a connection", *RAW, everywhere=True)
def _insert_connection(t: Target, s: Any) -> None:
    s.connection().execute(insert(t.table), [t.new_row(t.nobodys_slot)])


@writing("own table changed beside another", *RAW, everywhere=True, applies=_can_change)
def _beside(t: Target, s: Any) -> None:
    """An UPDATE in a CTE beside a statement that is about something else."""
    gone = update(t.table).values({t.plain.name: t.new_value()}).where(t.is_row(t.victim, t.core))
    s.execute(gone.returning(*t.table.primary_key))


@writing("update by the driver's own cursor", *DATABASE, legal=None, applies=_can_change, only="postgresql")
def _cursor(t: Target, s: Any) -> None:
    with s.connection().connection.cursor() as cursor:
        cursor.execute(_update_sql(t).replace(":new", "%(new)s"), _new(t))


@writing("delete by the driver's own cursor", *DATABASE, legal=None, applies=_can_delete, only="postgresql")
def _cursor_delete(t: Target, s: Any) -> None:
    with s.connection().connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {t.table.name} WHERE {t.sql_is([t.victim])}")
