"""Data versions: each transaction that writes rows of a vendor and module raises their number by one.

Caches put the number into their keys, so what they hold is never older than the rows beside it. The number
changes in the same transaction as the rows, last and in order of keys, so that no two writers wait for each
other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, ScalarSelect, event, func, inspect, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import ORMExecuteState, Session

from orion.contracts.scope import Everything, Scope
from orion.data.database import OrionSession, session
from orion.data.engine_tables import data_version
from orion.data.json_sql import json_mapping
from orion.data.rules import owner
from orion.data.tables import wall_of

#: Rows of no vendor, and changes that say nothing of whose rows they touch: they count for every vendor.
NO_VENDOR = 0
_version = data_version.c


def versions_json(vendor_id: ScalarSelect[int] | None = None) -> ScalarSelect[str]:
    """Module → version as JSON text, to stand in a statement: of one vendor, or of all where it is None."""
    totals = select(_version.module, func.sum(_version.version).label("total")).group_by(_version.module)
    if vendor_id is not None:
        totals = totals.where(or_(_version.vendor_id == NO_VENDOR, _version.vendor_id == vendor_id))
    each = totals.subquery("versions")
    return select(json_mapping(each.c.module, each.c.total)).select_from(each).scalar_subquery()


def read_versions(scope: Scope) -> Mapping[str, int]:
    """Module → version as the scope's vendors see it, read in the frame that is entered."""
    totals = select(_version.module, func.sum(_version.version)).group_by(_version.module)
    if not isinstance(scope.vendors, Everything):
        totals = totals.where(_version.vendor_id.in_({NO_VENDOR, *scope.vendors}))
    return {module: int(total) for module, total in session().execute(totals)}


def touch(writing: Session, module: str | None, vendor_id: int | None) -> None:
    """Say that rows of a module and vendor (None: of no vendor) are written in the session's transaction."""
    if module is not None:
        writing.info.setdefault("orion_touched", set()).add((vendor_id or NO_VENDOR, module))


@event.listens_for(OrionSession, "after_flush")
def _note_flush(writing: Session, _context: Any) -> None:
    for instance in (*writing.new, *writing.dirty, *writing.deleted):
        if instance not in writing.dirty or writing.is_modified(instance):
            table = inspect(instance).mapper.local_table
            wall = wall_of(table)
            touch(writing, module_of(table), owner(instance, wall.vendor) if wall else None)


@event.listens_for(OrionSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        frame = state.session.frame  # type: ignore[attr-defined]
        statement: Any = state.statement
        vendors = frame.scope.vendors if frame is not None else ()
        one = not isinstance(vendors, Everything) and len(vendors) == 1
        touch(state.session, module_of(statement.table), next(iter(vendors)) if one else None)


@event.listens_for(OrionSession, "before_commit")
def _bump(writing: Session) -> None:
    if writing.in_nested_transaction():
        return
    writing.flush()
    touched = sorted(writing.info.pop("orion_touched", ()))
    if touched:
        raise_versions(writing.connection(), touched)


def raise_versions(connection: Connection, touched: Sequence[tuple[int, str]]) -> None:
    """Raise the numbers of (vendor, module) by one, in the connection's transaction."""
    insert: Any = insert_on_sqlite if connection.dialect.name == "sqlite" else insert_on_postgresql
    rows = [{"vendor_id": vendor, "module": module, "version": 1} for vendor, module in touched]
    raised = insert(data_version).values(rows)
    connection.execute(
        raised.on_conflict_do_update(
            index_elements=["vendor_id", "module"], set_={"version": _version.version + 1}
        )
    )


@event.listens_for(OrionSession, "after_rollback")
def _forget(writing: Session) -> None:
    writing.info.pop("orion_touched", None)


def module_of(table: Any) -> str | None:
    """The module that a table belongs to; None for the engine's own, whose writes change no figures."""
    module: str | None = table.info.get("module")
    return None if module == "orion" else module
