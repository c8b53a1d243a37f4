"""Each form against each model under each scope, and what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from orion.contracts.errors import WallError
from orion.data.base import Base
from orion.data.database import entered
from orion.data.rules import DOOR, KEY
from orion.data.tables import wall_of
from orion.isolation.arena import Arena
from orion.isolation.forms import Form, forms
from orion.isolation.target import Target
from orion.isolation.world import Key, Made

#: What a refusal looks like: the wall's, the database's, a row that isn't found where it was to be, or SQL in
#: which criteria find no place.
REFUSALS = (
    WallError,
    DBAPIError,
    InvalidRequestError,
    NotImplementedError,
    ObjectDeletedError,
    StaleDataError,
)


class Result(StrEnum):
    """How an attempt ended."""

    REFUSED = "refused"
    INSIDE = "inside"
    #: Rows of others were read, or written.
    LEAKED = "leaked"
    WRITTEN = "written"
    #: What the scope may do didn't work, or what it may not do was not refused.
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One form against one model under one kind of scope; `detail` says what was found."""

    form: str
    model: str
    scope: str
    result: Result
    detail: str = ""

    @property
    def is_breach(self) -> bool:
        """Whether somebody else's row was read or written."""
        return self.result in (Result.LEAKED, Result.WRITTEN)

    def __str__(self) -> str:
        return f"{self.form} on {self.model}, scope {self.scope}: {self.result} {self.detail}".rstrip()


def attack(
    arena: Arena, model: Any, scope: str, only: Iterable[Form] | None = None, judge: bool = True
) -> list[Attempt]:
    """Try every form that applies. With `judge`, what is no breach must be as the form says of itself."""
    target = Target(arena, model, arena.world.scopes[scope])
    chosen = forms().values() if only is None else only
    with arena.open():
        return [
            _survived(form, target, scope, judge)
            for form in chosen
            if form.only in (None, arena.dialect) and form.applies(target)
        ]


def _survived(form: Form, target: Target, scope: str, judge: bool) -> Attempt:
    """An attempt; a form that can't be run proves nothing, and is wrong."""
    try:
        return _attempt(form, target, scope, judge)
    except Exception as error:
        why = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
        return Attempt(form.name, target.table.name, scope, Result.WRONG, why)
    finally:
        target.arena.forget()


def _attempt(form: Form, target: Target, scope: str, judge: bool) -> Attempt:
    dialect: Any = target.arena.connection.dialect
    found: Any = None
    refusal: Exception | None = None
    wrong: list[str] = []
    with entered(target.scope, write=True) as session:
        try:
            found = form.run(target, session)
            found = found if isinstance(found, int) or found is None else set(found)
        except (*REFUSALS, dialect.dbapi.Error) as error:
            refusal = error
        if refusal is None and form.writes:
            wrong = list(_written(target, session))
    result, detail = _breach(target, found, refusal, wrong)
    if result is None and judge:
        result, detail = _judged(form, target, found, refusal)
    if result is None:
        result = Result.REFUSED if refusal else Result.INSIDE
    return Attempt(form.name, target.table.name, scope, result, detail)


def _breach(
    target: Target, found: Any, refusal: Exception | None, wrong: list[str]
) -> tuple[Result | None, str]:
    if refusal is not None:
        return None, ""
    if wrong:
        return Result.WRITTEN, "; ".join(wrong)
    own = target.keys(target.own)
    leaked = found - len(own) if isinstance(found, int) else len((found or set()) & _foreign(target, own))
    return (Result.LEAKED, f"{leaked} rows") if leaked > 0 else (None, "")


def _foreign(target: Target, own: set[Key]) -> set[Key]:
    return target.keys(target.rows) - own


def _judged(form: Form, target: Target, found: Any, refusal: Exception | None) -> tuple[Result | None, str]:
    """What the form says of itself, behind the whole wall."""
    nothing_foreign = not target.is_bounded or target.sees_all
    if form.legal is False and nothing_foreign and not form.everywhere:
        return None, ""
    if form.legal is False or (form.legal and not target.is_entered):
        gave_nothing = form.legal and not found
        return (None, "") if refusal or gave_nothing else (Result.WRONG, "was not refused")
    if form.legal and refusal is not None:
        return Result.WRONG, f"was refused: {str(refusal).splitlines()[0]}"
    if form.legal and not form.writes:
        own = target.keys(target.own)
        number = len(own) if isinstance(found, int) else own
        return (None, "") if found == number else (Result.WRONG, f"gave {found}, and not {number}")
    return None, ""


# -- what was written -----------------------------------------------------------------------------


def _written(target: Target, session: Any) -> Iterator[str]:
    """What is not as it was outside of the scope, or points outside of it."""
    now = {made.key: made for made in _now(target, session)}
    for made in target.rows:
        there = now.pop(made.key, None)
        if made in target.own:
            if there is not None and not target.world.belongs(target.scope, _as_seen(there, made)):
                yield f"row {made.key} was given away"
        elif there is None:
            yield f"row {made.key} was deleted"
        elif there.values != made.values:
            yield f"row {made.key} was changed"
        if there is not None and made in target.own and _points_outside(target, there):
            yield f"row {made.key} was moved to a foreign parent"
    for key, made in now.items():
        if not _may_be_new(target, made):
            yield f"row {key} was inserted"
        elif _points_outside(target, made):
            yield f"row {key} was inserted under a foreign parent"


def _now(target: Target, session: Any) -> list[Made]:
    """The rows of all vendors and platforms of the arena, as who may see everything sees them."""
    world, wall, columns = target.world, target.wall, target.core
    rules = [target.made(columns)]
    number = target.table.autoincrement_column
    if number is not None:
        rules.append(number.between(world.base, world.base + world.counted))
    if wall.vendor is not None:
        rules.append(columns[wall.vendor].in_([world.ours, world.theirs, world.empty]))
    if wall.platform is not None and (wall.vendor is None or wall.either):
        rules.append(columns[wall.platform].in_([world.here, world.there, world.nowhere]))
    connection = target.arena.seeing_everything(session)
    found = connection.execute(select(target.table).where(or_(*rules)), execution_options={DOOR: KEY})
    return [Made(target.table, (None, None), dict(row._mapping)) for row in found]


def _as_seen(there: Made, made: Made) -> Made:
    """A row as it is now; on which platforms it was seen hangs on its key, which stays."""
    return Made(made.table, made.slot, there.values)


def _may_be_new(target: Target, made: Made) -> bool:
    """Whether the scope may add a row of these owners."""
    wall, scope = target.wall, target.scope
    if wall.seen_on is None:
        return target.world.belongs(scope, made)
    return made.owners[0] in scope.vendors


def _points_outside(target: Target, made: Made) -> bool:
    for key in target.parents:
        for parent in target.world.of(key.referred_table):
            if _points_to(key, made, parent) and not target.world.may_point(made, parent):
                return True
    return False


def _points_to(key: Any, made: Made, parent: Made) -> bool:
    """Whether the columns that are no owner's name the parent."""
    wall = wall_of(made.table)
    assert wall is not None
    pairs = [(e.parent.name, e.column.name) for e in key.elements if e.parent.name not in wall.columns]
    return bool(pairs) and all(made.values[here] == parent.values[there] for here, there in pairs)


# -- the walled models ----------------------------------------------------------------------------


def walled_models(app: Flask) -> list[Any]:
    """The walled models of the engine and of the modules that are on, by the names of their tables."""
    orion = app.extensions["orion"]
    parts = (orion.modules[code].parts.get("models") for code in orion.registry.on)
    return models_of(part for part in parts if part is not None)


def models_of(parts: Iterable[Any]) -> list[Any]:
    """The walled models of the engine and of these models.py, by the names of their tables."""
    bases = [Base, *(part.Base for part in parts)]
    mappers = [mapper for base in bases for mapper in base.registry.mappers]
    walled = [m for m in mappers if wall_of(m.local_table) is not None]
    return [m.class_ for m in sorted(walled, key=lambda m: m.local_table.name)]
