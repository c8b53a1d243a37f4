"""Whose a row is, and who may see it: said here a second time, apart from the wall's own rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, select

from orion.data.tables import Wall, metadata, wall_of

Ids = frozenset[int]


@dataclass(frozen=True, slots=True)
class Owner:
    """The vendor, the platforms (None: whatever platform) and whether the row came about on them, or only
    was seen there. Neither: the installation's own."""

    vendor: int | None = None
    platforms: Ids | None = None
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see. `vendors` are those whose team one is in, or those on one's platforms today;
    `narrow` is for a team that looks at one of its platforms."""

    everything: bool = False
    team: bool = False
    narrow: bool = False
    vendors: Ids = frozenset()
    platforms: Ids = frozenset()

    def sees(self, owner: Owner) -> bool:
        """Whether a row of this owner may be shown."""
        if self.everything:
            return True
        if owner.vendor is None:
            return bool(owner.platforms and owner.platforms & self.platforms)
        here = owner.platforms is None or bool(owner.platforms & self.platforms)
        mine = owner.vendor in self.vendors
        if self.team and not self.narrow:
            return mine
        return here and (mine or (not self.team and owner.platforms is not None and not owner.seen))


class Map:
    """Who is where: vendors, platforms and the junction, as the database has them."""

    def __init__(self, connection: Connection) -> None:
        self.platforms = dict(_pairs(connection, "tenancy_platform", "code", "id"))
        self.vendors = dict(_pairs(connection, "tenancy_vendor", "code", "id"))
        junction = metadata.tables["tenancy_vendor_platform"].c
        rows = connection.execute(select(junction.vendor_id, junction.platform_id, junction.status)).all()
        self.ever = {(vendor, platform) for vendor, platform, _status in rows}
        self.now = {(vendor, platform) for vendor, platform, status in rows if status != "ended"}

    def at_vendor(self, vendor: int) -> Sight:
        """What a vendor's team sees."""
        on = frozenset(platform for one, platform in self.ever if one == vendor)
        return Sight(team=True, vendors=frozenset({vendor}), platforms=on)

    def at_platforms(self, platforms: Ids) -> Sight:
        """What the people of platforms see."""
        vendors = frozenset(vendor for vendor, platform in self.now if platform in platforms)
        return Sight(vendors=vendors, platforms=platforms)

    def narrowed(self, sight: Sight, platform: str | None) -> Sight:
        """The same on one platform alone."""
        if platform is None or platform not in self.platforms:
            return sight
        one = frozenset({self.platforms[platform]})
        if not sight.team:
            return self.at_platforms(one if sight.everything else one & sight.platforms)
        return replace(sight, platforms=sight.platforms & one, narrow=True)


def _pairs(connection: Connection, table: str, *names: str) -> Iterable[Any]:
    columns = metadata.tables[table].c
    return connection.execute(select(*(columns[name] for name in names))).all()


class Owners:
    """Says of rows whose they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._seen: dict[str, dict[tuple[int, int], set[int]]] = {}
        self._people = self._memberships()

    def of(self, table: Table, row: Mapping[str, Any]) -> tuple[Owner, ...]:
        """Those to whom a row belongs, any of whom may see it. None where it belongs to nobody."""
        if table.name == "orion_user":
            return self._people.get(row["id"], ())
        wall = wall_of(table)
        if wall is None:
            return ()
        vendor = row[wall.vendor] if wall.vendor else None
        platform = row[wall.platform] if wall.platform else None
        if vendor is None and platform is None:
            return ()
        if platform is not None:
            return (Owner(vendor, frozenset({platform})),)
        key = _key_of_seen(table, wall)
        if key is None:
            return (Owner(vendor),)
        seen_on, column = key
        return (Owner(vendor, frozenset(self._seen_on(seen_on).get((vendor, row[column]), ())), seen=True),)

    def _seen_on(self, wall: Wall) -> dict[tuple[int, int], set[int]]:
        name = wall.seen_on or ""
        if name not in self._seen:
            found: dict[tuple[int, int], set[int]] = {}
            for vendor, key, platform in _pairs(
                self._connection, name, "vendor_id", wall.seen_key or "", "platform_id"
            ):
                found.setdefault((vendor, key), set()).add(platform)
            self._seen[name] = found
        return self._seen[name]

    def _memberships(self) -> dict[int, tuple[Owner, ...]]:
        """A person belongs to the places where they work."""
        found: dict[int, tuple[Owner, ...]] = {}
        for user, vendor, platform in _pairs(
            self._connection, "tenancy_membership", "user_id", "vendor_id", "platform_id"
        ):
            owner = Owner(vendor, None if platform is None else frozenset({platform}))
            found[user] = (*found.get(user, ()), owner)
        return found


def _key_of_seen(table: Table, wall: Wall) -> tuple[Wall, str] | None:
    """Where it stands on which platforms a row of this table was seen: its own mark, or its parent's."""
    if wall.seen_on:
        return wall, "id"
    for constraint in table.foreign_key_constraints:
        parent = wall_of(constraint.referred_table)
        if parent is not None and parent.seen_on and constraint.referred_table is not table:
            column = next(e.parent.name for e in constraint.elements if e.column.name == "id")
            return parent, column
    return None
