"""The tenant wall around every statement: it adds what a scope may see, and lets nothing else through.

Three guards that do not trust each other. Statements of a session get the scope's criteria for every walled
entity (here). What a flush writes is checked row by row (`orion.data.flush`). And the SQL that is about to
be sent is read again (`orion.data.guard`): each mention of a walled table must carry its criteria.
"""

import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, event, true
from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.mapper import _all_registries
from sqlalchemy.sql.annotation import _deep_annotate
from sqlalchemy.sql.elements import ClauseElement

from orion.contracts.errors import WallError
from orion.contracts.scope import Scope, ScopeKind
from orion.data.database import Frame, OrionSession, current_frame
from orion.data.rules import AGAIN, FENCED, KEY, criteria, entered_scope, key_of, parameters
from orion.data.tables import wall_of

log = logging.getLogger("orion.wall")
_closures: dict[Mapper[Any], frozenset[Mapper[Any]]] = {}


class _Columns:
    """A mapped class's attributes by column name, so that criteria follow it into aliases."""

    def __init__(self, mapper: Mapper[Any]) -> None:
        self.mapper = mapper

    def __getitem__(self, name: str) -> Any:
        return getattr(self.mapper.class_, key_of(self.mapper, name))


class _Fence:
    """The criteria of one entity, made where a statement is compiled that mentions it.

    It stands where SQLAlchemy expects a LoaderCriteriaOption, and does two things more: its criteria follow
    an alias into a JOIN; and where one row is read again, they are for what is joined to it, not for the row.
    """

    include_aliases = propagate_to_loaders = True

    def __init__(self, mapper: Mapper[Any], of: "_Wall") -> None:
        self.entity = mapper
        self.of = of

    def _should_include(self, compile_state: Any) -> bool:
        return self not in compile_state._containing_loader_criteria

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        if self.of.again is self.entity and not ext_info.is_aliased_class:
            return true()
        wall: Any = wall_of(self.entity.local_table)
        rule = criteria(wall, _Columns(self.entity), self.of.scope, self.of.among)
        marked: Any = _deep_annotate(
            true() if rule is None else rule,
            {"for_loader_criteria": self},
            detect_subquery_cols=True,
            ind_cols_on_fromclause=True,
            # Annotated parameters are equal to their likes, which each execution would compare anew.
            annotate_callable=lambda e, marks: e if isinstance(e, BindParameter) else e._annotate(marks),
        )
        return ext_info._adapter.traverse(marked) if ext_info.is_aliased_class else marked


class _Wall(CriteriaOption):
    """All criteria of a scope as one option of a statement, which is told apart by its kind alone.

    What it means for a statement is worked out when that is compiled, and the ids are parameters: so a
    statement that is known costs no walk through it.
    """

    __slots__ = ("again", "among", "scope")
    propagate_to_loaders = False  # What a loader sends comes by here itself.

    def __init__(self, scope: Scope, again: Mapper[Any] | None = None) -> None:
        self.scope = scope
        self.again = again
        self.among = parameters(scope)

    def _gen_cache_key(self, _anon_map: Any, bindparams: list[Any]) -> tuple[Any, ...]:
        bindparams.extend(self.among.values())
        return (_Wall, self.scope.kind, self.again, *self.among)

    def process_compile_state(self, compile_state: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        for mapper in _walled_mappers():
            attributes.setdefault(("additional_entity_criteria", mapper), []).append(_Fence(mapper, self))


def _walled_mappers() -> list[Mapper[Any]]:
    return [m for r in _all_registries() for m in r.mappers if wall_of(m.local_table) is not None]


@event.listens_for(OrionSession, "do_orm_execute")
def _fence(state: ORMExecuteState) -> None:
    if not state.is_orm_statement:
        return
    frame = current_frame()
    session: Any = state.session
    if frame is None or frame.scope.kind is ScopeKind.NONE or session.frame is not frame:
        _refuse(state)
        return
    if frame.scope.kind is ScopeKind.SYSTEM:
        _log_system(frame.scope, state.statement)
    if state.is_insert or state.is_update:
        _check_mass_change(state)
    if state.is_column_load:  # It reads more of one row, which was loaded or written through the wall.
        state.update_execution_options(**{FENCED: KEY, AGAIN: _table(state.bind_mapper)})
        option = _Wall(frame.scope, state.bind_mapper)
    else:
        state.update_execution_options(**{FENCED: KEY})
        option = state.session.info.get("wall") or state.session.info.setdefault("wall", _Wall(frame.scope))
    if option.among:
        state.statement = state.statement.options(option)


def _refuse(state: ORMExecuteState) -> None:
    """Without a scope, or outside of the session's frame, no tenant's rows are asked for."""
    if _reach(state.statement):
        frame_of(state.session)
        entered_scope()


def frame_of(session: Any) -> Frame | None:
    """The frame of a session. Raises WallError where another one is entered now."""
    frame = current_frame()
    if session.frame is not frame:
        raise WallError("a session was used outside of the frame that it belongs to")
    return frame


def _log_system(scope: Scope, statement: Any) -> None:
    if log.isEnabledFor(logging.DEBUG) and (mappers := _reach(statement)):
        log.debug("system scope", extra={"reason": scope.reason, "tables": [_table(m) for m in mappers]})


def _check_mass_change(state: ORMExecuteState) -> None:
    """An INSERT has a door of its own; an UPDATE says its rows by criteria, and changes no owner."""
    if not _reach(state.statement):
        return
    if state.is_insert:
        raise WallError("a mass insert goes through orion.contracts.data.insert_rows")
    if isinstance(state.parameters, list | tuple):
        raise WallError("a change by a list of keys passes the wall: load the rows, or say criteria")
    statement: Any = state.statement
    wall = wall_of(statement.table)
    names = {getattr(key, "key", key) for key in statement._values or ()} | set(state.parameters or {})
    if wall and names & set(wall.columns):
        raise WallError(f"rows of {statement.table.name} do not change their owner")


def _reach(statement: Any) -> list[Mapper[Any]]:
    """Walled mappers that a statement may read: those it names, and where their relationships lead."""
    found: set[Mapper[Any]] = set()
    for mapper in {*_named(statement)}:
        found |= _closure(mapper)
    return sorted((m for m in found if wall_of(m.local_table) is not None), key=_table)


def _table(mapper: Any) -> str:
    name: str = mapper.local_table.name
    return name


def _closure(mapper: Mapper[Any]) -> frozenset[Mapper[Any]]:
    if mapper not in _closures:
        seen, todo = {mapper}, [mapper]
        while todo:
            for relationship in todo.pop().relationships:
                if relationship.mapper not in seen:
                    seen.add(relationship.mapper)
                    todo.append(relationship.mapper)
        _closures[mapper] = frozenset(seen)
    return _closures[mapper]


def _named(statement: Any) -> Iterator[Mapper[Any]]:
    """Mappers whose entity or column stands anywhere in a statement."""
    todo, seen = [statement], set()
    while todo:
        element = todo.pop()
        if id(element) in seen or not isinstance(element, ClauseElement):
            continue
        seen.add(id(element))
        entity = element._annotations.get("parententity")
        if entity is not None:
            yield entity.mapper
        todo.extend(element.get_children())
        table = getattr(element, "table", None)
        if table is not None:
            todo.append(table)
