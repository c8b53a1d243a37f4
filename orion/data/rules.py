"""The rules of the tenant wall: which rows of a walled table a scope may see, and which it may write."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, and_, bindparam, exists, inspect, or_, select
from sqlalchemy.orm import Mapper

from orion.contracts.errors import WallError
from orion.contracts.scope import Everything, Ids, Scope, ScopeKind
from orion.data.database import current_frame
from orion.data.tables import Wall, metadata

#: Names of the parameters that carry a scope's ids: the guard knows criteria by them.
VENDOR, PLATFORM, SEEN = "wall_vendor", "wall_platform", "wall_seen"
#: Execution options of statements that went through the wall, and of the data layer's own doors, whose
#: callers have checked every row. Their value must be KEY, an object that is only to be had here.
FENCED, DOOR = "orion_fenced", "orion_door"
#: Execution option that names the table of which one known row is read again.
AGAIN = "orion_again"
KEY = object()
#: Options of connections that work on the tables themselves, with the rights of the database's owner.
OWNER = "orion_owner"
AS_OWNER = {OWNER: KEY}
Parameters = Mapping[str, BindParameter[Any]]
_ON_PLATFORMS = frozenset({ScopeKind.PLATFORM, ScopeKind.VENDOR_ON_PLATFORM})


def entered_scope() -> Scope:
    """The scope that was entered here. Raises WallError where there is none, or nobody's."""
    frame = current_frame()
    if frame is None or frame.scope.kind is ScopeKind.NONE:
        raise WallError("a tenant's rows were asked for and no scope was entered")
    return frame.scope


def parameters(scope: Scope) -> Parameters:
    """The ids of a scope as parameters of statements: vendors and platforms, as far as they are limited."""
    sides = {VENDOR: scope.vendors, PLATFORM: scope.platforms}
    return {
        name: bindparam(name, sorted(ids), BigInteger, expanding=True, unique=True)
        for name, ids in sides.items()
        if not isinstance(ids, Everything)
    }


def criteria(
    wall: Wall, columns: Any, scope: Scope, among: Parameters | None = None
) -> ColumnElement[bool] | None:
    """What limits a walled table's rows to a scope; None where the scope sees them all.

    `columns` gives a column for a name: a mapped class's table, or an alias. `among` holds the scope's
    parameters, which are made where they are not given.
    """
    among = parameters(scope) if among is None else among
    if wall.either:
        return _either(columns, wall, scope, among)
    limited = not isinstance(scope.vendor_ids(wall.platform is not None), Everything)
    vendors = _among(columns, wall.vendor, among.get(VENDOR)) if limited else None
    platforms = _among(columns, wall.platform, among.get(PLATFORM))
    rules = [rule for rule in (vendors, platforms, _seen(wall, columns, scope, among)) if rule is not None]
    return and_(*rules) if rules else None


def _either(columns: Any, wall: Wall, scope: Scope, among: Parameters) -> ColumnElement[bool] | None:
    vendors = _among(columns, wall.vendor, among.get(VENDOR))
    if scope.kind is not ScopeKind.PLATFORM:
        return vendors
    platforms = _among(columns, wall.platform, among.get(PLATFORM))
    return None if vendors is None or platforms is None else or_(vendors, platforms)


def _seen(wall: Wall, columns: Any, scope: Scope, among: Parameters) -> ColumnElement[bool] | None:
    if wall.seen_on is None or scope.kind not in _ON_PLATFORMS:
        return None
    seen = metadata.tables[wall.seen_on].alias(SEEN)
    return exists(
        select(1).where(
            seen.c.vendor_id == columns[wall.vendor],
            seen.c[wall.seen_key or ""] == columns[wall.seen_by],
            _among(seen.c, "platform_id", among.get(PLATFORM)),  # type: ignore[arg-type]
        )
    )


def _among(columns: Any, name: str | None, ids: BindParameter[Any] | None) -> ColumnElement[bool] | None:
    if name is None or ids is None:
        return None
    rule: ColumnElement[bool] = columns[name].in_(ids)
    return rule


def row_fits(wall: Wall, scope: Scope, vendor: int | None, platform: int | None) -> bool:
    """Whether a row with these owners may be written under a scope."""
    if wall.either:
        return _in(vendor, scope.vendors) if vendor is not None else _platforms_own(scope, platform)
    if wall.platform is not None and not _in(platform, scope.platforms):
        return False
    return wall.vendor is None or _in(vendor, scope.vendor_ids(wall.platform is not None))


def _platforms_own(scope: Scope, platform: int | None) -> bool:
    """Whether a row that belongs to no vendor may be written: a vendor on a platform isn't the platform."""
    everywhere = isinstance(scope.platforms, Everything)
    return everywhere or (scope.kind is ScopeKind.PLATFORM and _in(platform, scope.platforms))


def _in(owner_id: int | None, ids: Ids) -> bool:
    """Rows without an owner are for those alone who may see all."""
    return isinstance(ids, Everything) if owner_id is None else owner_id in ids


def owner(instance: Any, column: str | None) -> int | None:
    """The value of an instance's owner column; None where there is no such column."""
    return None if column is None else getattr(instance, key_of(inspect(instance).mapper, column))


def key_of(mapper: Mapper[Any], column: str) -> str:
    """The attribute of a column."""
    return mapper.get_property_by_column(mapper.local_table.c[column]).key
