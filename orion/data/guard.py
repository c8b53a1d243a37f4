"""The last guard: SQL that is about to be sent is read once more.

Each mention of a walled table must be an entity that the wall fenced, which is seen by the names of the
parameters in its criteria; an inserted row must carry owners of the scope; and a flush may write the rows
that were checked. Whatever else names a walled table is refused, however it was written. Reading is done
once for each different text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from orion.contracts.errors import WallError
from orion.contracts.scope import Everything, Scope, ScopeKind
from orion.data.database import db
from orion.data.flush import FLUSHING
from orion.data.rules import AGAIN, DOOR, FENCED, KEY, OWNER, PLATFORM, SEEN, VENDOR, entered_scope, row_fits
from orion.data.tables import Wall, metadata, wall_of

_WORDS = re.compile(r""""?\b([a-z_]\w*)\b"?(\s*\.)?(?:\s+AS\s+"?(\w+)"?)?""", re.IGNORECASE)
_MARK = re.compile(rf"""(\w+)"?\."?\w+"? IN \(__\[POSTCOMPILE_({VENDOR}|{PLATFORM})""")
_LOCK_OF = re.compile(r"\bFOR (?:NO KEY )?(?:UPDATE|SHARE)(?: OF [\w\", ]+)?", re.IGNORECASE)
#: A name in escapes, which PostgreSQL reads and we don't: nothing that SQLAlchemy writes has one.
_ESCAPED = re.compile(r"""\bU&["']""", re.IGNORECASE)
_READ: dict[str, "Reading"] = {}
_MOST_TEXTS = 4000


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's walled tables with their aliases, how often each stands there, and the marks of criteria."""

    mentions: Counter[tuple[str, str]]
    marks: Counter[tuple[str, str]]


def watch(engine: Engine) -> None:
    """Read every statement that an engine sends."""
    event.listen(engine, "before_cursor_execute", _check)


def read(sql: str) -> Reading:
    """What a text says about walled tables; known texts are not read again."""
    known = _READ.get(sql)
    if known is None:
        if len(_READ) >= _MOST_TEXTS:
            _READ.clear()
        if _ESCAPED.search(sql):
            raise WallError("SQL with escaped names can't be read")
        known = _READ[sql] = Reading(Counter(_mentions(sql)), Counter(_MARK.findall(sql)))
    return known


def _mentions(sql: str) -> Iterator[tuple[str, str]]:
    for name, after, alias in _WORDS.findall(_LOCK_OF.sub("", sql)):
        table = metadata.tables.get(name.lower())
        if table is not None and wall_of(table) is not None and not after:
            yield table.name, alias or name


def _check(_conn: Connection, _cursor: Any, statement: str, _params: Any, context: Any, _many: bool) -> None:
    compiled = context.compiled
    reading = read(statement if compiled is None else compiled.string)
    if not reading.mentions:
        return
    options = context.execution_options
    if options.get(OWNER) is KEY or options.get(DOOR) is KEY:
        return
    scope = entered_scope()
    if _in_flush() and (context.isinsert or context.isupdate or context.isdelete):
        _check_flushed(scope, context)
    elif scope.kind is not ScopeKind.SYSTEM:
        if options.get(FENCED) is not KEY:
            raise WallError(
                f"{next(iter(reading.mentions))[0]} is read or changed by entities of a session alone"
            )
        _check_marks(scope, reading, options.get(AGAIN))
        _check_values(scope, context.compiled_parameters)


def _in_flush() -> bool:
    """Whether the unit of work of the session here is writing rows that were checked before."""
    if not db.session.registry.has():
        return False
    session: Any = db.session.registry()
    return session._flushing and FLUSHING in session.info


def _check_flushed(scope: Scope, context: Any) -> None:
    table = context.compiled.dml_compile_state.dml_table
    wall = wall_of(table)
    if wall is None or context.isdelete:
        return
    for row in context.compiled_parameters:
        if context.isinsert and not row_fits(wall, scope, row.get(wall.vendor), row.get(wall.platform)):
            raise WallError(f"a row of {table.name} lies outside of the scope")


def _check_marks(scope: Scope, reading: Reading, again: str | None) -> None:
    """Each mention needs criteria of its own; but one row that is known may be read again by its key."""
    for (name, alias), times in reading.mentions.items():
        known = name == again == alias and times == 1
        wall = None if known else wall_of(metadata.tables[name])
        for mark in _needed(wall, scope, alias) if wall else ():
            if reading.marks[mark] < times:
                raise WallError(f"{name} as {alias} would be read past the wall")


def _needed(wall: Wall, scope: Scope, alias: str) -> Iterator[tuple[str, str]]:
    """(alias, parameter) of the criteria that one mention of a table must have."""
    if alias == SEEN:
        yield alias, PLATFORM
        return
    vendors = scope.vendors if wall.either else scope.vendor_ids(wall.platform is not None)
    if wall.vendor and not isinstance(vendors, Everything):
        yield alias, VENDOR
    by_platform = not wall.either or scope.kind is ScopeKind.PLATFORM
    if wall.platform and by_platform and not isinstance(scope.platforms, Everything):
        yield alias, PLATFORM
    if wall.seen_on and scope.kind in (ScopeKind.PLATFORM, ScopeKind.VENDOR_ON_PLATFORM):
        yield SEEN, PLATFORM


def _check_values(scope: Scope, parameters: Sequence[Any]) -> None:
    """The ids in the criteria are this scope's, and not of the one that the statement was made under."""
    for name, value in (parameters[0] if parameters else {}).items():
        if name.startswith((VENDOR, PLATFORM)):
            ids = scope.vendors if name.startswith(VENDOR) else scope.platforms
            if any(id_ not in ids for id_ in (value if isinstance(value, list) else [value])):
                raise WallError("criteria of another scope")
