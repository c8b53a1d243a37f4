"""What the unit of work may write: every new, changed and deleted row is checked before it is sent."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from orion.contracts.errors import WallError
from orion.contracts.scope import Everything, Scope
from orion.data.database import OrionSession
from orion.data.rules import entered_scope, key_of, owner, row_fits
from orion.data.tables import Wall, wall_of
from orion.data.wall import frame_of

#: Under this name a session remembers that a flush of checked rows is going on.
FLUSHING = "wall_flush"


@event.listens_for(OrionSession, "before_flush")
def _check_flush(session: Session, context: UOWTransaction, _instances: Any) -> None:
    walled = _walled(session)
    if walled:
        frame_of(session)
        scope = entered_scope()
        for instance, wall in walled:
            _fill(instance, wall, scope)
            _check_row(instance, wall, scope)
    session.info[FLUSHING] = context


@event.listens_for(OrionSession, "after_flush")
def _flushed(session: Session, _context: UOWTransaction) -> None:
    session.info.pop(FLUSHING, None)


@event.listens_for(OrionSession, "after_soft_rollback")
def _rolled_back(session: Session, _previous: Any) -> None:
    session.info.pop(FLUSHING, None)


@event.listens_for(OrionSession, "detached_to_persistent")
def _reattached(_session: Session, instance: Any) -> None:
    if wall_of(inspect(instance).mapper.local_table) is not None:
        raise WallError("a row that was loaded elsewhere cannot be added: load it here")


def _walled(session: Session) -> list[tuple[Any, Wall]]:
    found = []
    for instance in (*session.new, *session.dirty, *session.deleted):
        wall = wall_of(inspect(instance).mapper.local_table)
        if wall is not None:
            found.append((instance, wall))
    return found


def _fill(instance: Any, wall: Wall, scope: Scope) -> None:
    """A new row without an owner belongs to the scope's only vendor, and only platform."""
    state = inspect(instance)
    if state.persistent or wall.either:
        return
    for name, ids in ((wall.vendor, scope.vendors), (wall.platform, scope.platforms)):
        if name is None or isinstance(ids, Everything) or len(ids) != 1:
            continue
        own_key = state.mapper.local_table.c[name].primary_key and name == "id"
        if owner(instance, name) is None and not own_key:
            setattr(instance, key_of(state.mapper, name), next(iter(ids)))


def _check_row(instance: Any, wall: Wall, scope: Scope) -> None:
    state = inspect(instance)
    if not row_fits(wall, scope, owner(instance, wall.vendor), owner(instance, wall.platform)):
        raise WallError(f"a row of {state.mapper.local_table.name} lies outside of the scope")
    moved = any(state.attrs[key_of(state.mapper, name)].history.has_changes() for name in wall.columns)
    if state.persistent and moved:
        raise WallError(f"rows of {state.mapper.local_table.name} do not change their owner")
