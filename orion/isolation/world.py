"""Rows to attack: one of every table for each vendor on each platform, made from the tables alone.

There are three vendors and three platforms. `ours` is on `here` and `there`; `theirs` was on `here` once and
is on `there` today; `empty` and `nowhere` have no rows, so that an attack may always put one there.
"""

import itertools
import secrets
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, Table, insert
from sqlalchemy.exc import IntegrityError

from orion.contracts.scope import ALL, NOBODY, Scope, ScopeKind
from orion.data.rules import DOOR, KEY
from orion.data.tables import metadata, wall_of
from orion.isolation import samples

Key = tuple[Any, ...]
Slot = tuple[int | None, int | None]
#: Row keys of the world's own rows: above all that an installation counts up to.
FIRST_ID = 10**15
#: Where rows are that belong to no vendor and no platform.
NOBODYS: Slot = (None, None)
#: So many combinations of values are tried for a row of which the checks ask something.
MOST_TRIES = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A row that was made, and where: a vendor's id and a platform's id."""

    table: Table
    slot: Slot
    values: dict[str, Any]

    @property
    def key(self) -> Key:
        """The values of the primary key."""
        return tuple(self.values[column.name] for column in self.table.primary_key)

    @property
    def owners(self) -> Slot:
        """The vendor and the platform that the row's own columns name."""
        wall = wall_of(self.table)
        assert wall is not None
        return self.values.get(wall.vendor or ""), self.values.get(wall.platform or "")


class CannotMake(Exception):
    """No row of a table can be made from what the table says."""


@dataclass
class World:
    """The rows of one transaction. `connection` must be allowed to write everything."""

    connection: Connection
    base: int = field(default_factory=lambda: FIRST_ID + secrets.randbelow(FIRST_ID) * 100)
    rows: dict[tuple[Table, Slot], Made] = field(default_factory=dict)
    spares: dict[tuple[Table, Slot], dict[str, Any]] = field(default_factory=dict)
    counted: int = 0
    making: list[Table] = field(default_factory=list)
    #: Table and kind of owner → what its checks accepted.
    accepted: dict[tuple[Table, bool, bool], tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ours, self.theirs, self.empty, self.here, self.there, self.nowhere = (
            self.next_id() for _ in range(6)
        )

    def next_id(self) -> int:
        """A row key that nobody has."""
        self.counted += 1
        return self.base + self.counted

    # -- making -------------------------------------------------------------------------------

    def make(self, tables: Iterable[Table]) -> None:
        """Make the rows of walled tables, and those that they point to. Raises CannotMake."""
        walled = list(tables)
        walled += [metadata.tables[w.seen_on] for t in walled if (w := wall_of(t)) and w.seen_on]
        for table in walled:
            for slot in self._slots(table):
                with suppress(CannotMake) if slot == NOBODYS else nullcontext():
                    self.row(table, slot)
        for table in walled:
            nowhere = [(vendor, self.nowhere) for vendor in (self.ours, self.theirs, self.empty)]
            for slot in [*self._slots(table), *nowhere]:
                if slot == NOBODYS and (table, slot) not in self.rows:
                    continue  # Not every table takes rows that belong to nobody.
                self.spares[table, self._own_slot(table, slot)] = self._values(table, slot)

    def row(self, table: Table, slot: Slot) -> Made:
        """The row of a table in a slot, made where there is none yet."""
        slot = self._own_slot(table, slot)
        if (table, slot) not in self.rows:
            self.making.append(table)
            try:
                self.rows[table, slot] = self._insert(table, slot)
            finally:
                self.making.remove(table)
        return self.rows[table, slot]

    def of(self, table: Table) -> list[Made]:
        """All rows of a table."""
        return [made for (owner, _slot), made in self.rows.items() if owner is table]

    def spare(self, table: Table, slot: Slot) -> dict[str, Any]:
        """Values of one more row for a slot, with the same parents as the slot's own row."""
        return self.spares[table, self._own_slot(table, slot)]

    def _values(self, table: Table, slot: Slot) -> dict[str, Any]:
        slot = self._own_slot(table, slot)
        fixed = self._fixed(table, slot)
        wall = wall_of(table)
        if wall is not None and "id" in wall.columns:
            fixed["id"] = self.next_id()
        possible = samples.choices(table, fixed, self.counted)
        return fixed | _chosen(possible, self.accepted.get(self._kind(table, slot), ()))

    def _slots(self, table: Table) -> list[Slot]:
        wall = wall_of(table)
        vendors, platforms = (self.ours, self.theirs), (self.here, self.there)
        if wall is not None and wall.either:
            return [*((v, None) for v in vendors), *((None, p) for p in platforms), NOBODYS]
        return [(v, p) for v in vendors for p in platforms]

    def _own_slot(self, table: Table, slot: Slot) -> Slot:
        """Tables that hold one row a vendor, or one a platform, have it in one slot."""
        wall, (vendor, platform) = wall_of(table), slot
        if wall is None:
            return slot
        if wall.either:
            return (vendor, None) if vendor is not None else (None, platform)
        keys = samples.unique_keys(table)
        if wall.platform is None and any(set(key) == {wall.vendor} for key in keys):
            return (vendor, None)
        if wall.vendor is None and any(set(key) == {wall.platform} for key in keys):
            return (None, platform)
        return (vendor, platform if platform is not None else self.here)

    def _insert(self, table: Table, slot: Slot) -> Made:
        fixed = self._fixed(table, slot)
        kind, possible = self._kind(table, slot), samples.choices(table, fixed, self.counted)
        if not possible:
            self.accepted[kind] = ()
        if kind in self.accepted:
            return self._inserted(table, slot, fixed | _chosen(possible, self.accepted[kind]))
        why: Exception | None = None
        places = (range(len(values)) for values in possible.values())
        for pattern in itertools.islice(itertools.product(*places), MOST_TRIES):
            try:
                with self.connection.begin_nested():
                    made = self._inserted(table, slot, fixed | _chosen(possible, pattern))
            except IntegrityError as error:
                why = error
                continue
            self.accepted[kind] = pattern
            return made
        raise CannotMake(f"no row of {table.name} can be made: {why}")

    def _inserted(self, table: Table, slot: Slot, values: dict[str, Any]) -> Made:
        statement = insert(table).values(values).returning(*table.columns)
        row = self.connection.execute(statement, execution_options={DOOR: KEY}).one()
        return Made(table, slot, dict(row._mapping))

    @staticmethod
    def _kind(table: Table, slot: Slot) -> tuple[Table, bool, bool]:
        return table, slot[0] is None, slot[1] is None

    def _fixed(self, table: Table, slot: Slot) -> dict[str, Any]:
        """The values that don't depend on checks: keys, owners, parents, and what must not be left out."""
        values = self._owners(table, slot)
        for key in samples.references(table):
            values |= self._parent(key, slot, values)
        checked, keyed = samples.checked_columns(table), {n for k in samples.unique_keys(table) for n in k}
        for column in table.columns:
            if column.name in values or column.name in checked or column.computed is not None:
                continue
            if column is table.autoincrement_column:
                values[column.name] = self.next_id()
            elif _must_be_said(column, column.name in keyed):
                values[column.name] = samples.sample(column, self._count())
        return values

    def _count(self) -> int:
        self.counted += 1
        return self.counted

    def _owners(self, table: Table, slot: Slot) -> dict[str, Any]:
        wall = wall_of(table)
        if wall is None:
            return {}
        named = {wall.vendor: slot[0], wall.platform: slot[1]}
        return {name: owner for name, owner in named.items() if name is not None}

    def _parent(self, key: ForeignKeyConstraint, slot: Slot, values: dict[str, Any]) -> dict[str, Any]:
        """What a foreign key's columns say: the row of its table in the same slot."""
        pairs = [(element.parent, element.column) for element in key.elements]
        optional = all(local.nullable or local.name in values for local, _there in pairs)
        owned = [local for local, _there in pairs if local.name in values]
        if len(owned) == len(pairs) and any(values[local.name] is None for local in owned):
            return {}
        try:
            if key.referred_table in self.making:
                raise CannotMake(f"{key.parent} and {key.referred_table.name} need each other")
            parent = self.row(key.referred_table, slot)
        except CannotMake:
            if not optional:
                raise
            return {local.name: None for local, _there in pairs if local.name not in values}
        return {local.name: parent.values[there.name] for local, there in pairs if local.name not in values}

    # -- who sees what ------------------------------------------------------------------------

    @property
    def scopes(self) -> dict[str, Scope]:
        """The five kinds of scope."""
        ours, both = frozenset({self.ours}), frozenset({self.here, self.there})
        here = frozenset({self.here})
        return {
            "none": NOBODY,
            "vendor": Scope(ScopeKind.VENDOR, ours, both),
            "vendor on one platform": Scope(ScopeKind.VENDOR_ON_PLATFORM, ours, here),
            "platform": Scope(ScopeKind.PLATFORM, ours, here),
            "installation": Scope(ScopeKind.INSTALLATION, ALL, ALL),
        }

    def belongs(self, scope: Scope, made: Made) -> bool:
        """Whether a scope may see a row. Said here once more, apart from the rules that are on trial."""
        wall = wall_of(made.table)
        assert wall is not None
        vendor, platform = made.owners
        is_ours, is_here = vendor == self.ours, platform == self.here
        match scope.kind:
            case ScopeKind.INSTALLATION:
                return True
            case ScopeKind.NONE:
                return False
            case ScopeKind.PLATFORM if wall.either:
                return is_ours or is_here
            case ScopeKind.PLATFORM if wall.platform is not None:
                return is_here
            case _ if wall.either:
                return is_ours
        if wall.vendor is not None and not is_ours:
            return False
        if wall.platform is not None and not (is_here or (platform == self.there and _on_both(scope))):
            return False
        return wall.seen_on is None or _on_both(scope) or self._was_seen(made)

    def may_point(self, child: Made, parent: Made) -> bool:
        """Whether a row may name another as its parent: one of its vendor, and of its platform, as far as
        rows of both tables have such owners."""
        sides = zip(_sides(child), _sides(parent), child.owners, parent.owners, strict=True)
        return all(one == other for has, had, one, other in sides if has and had)

    def _was_seen(self, made: Made) -> bool:
        """Whether a row of a vendor has acted on the platform here."""
        wall = wall_of(made.table)
        assert wall is not None
        seen = [row.values for row in self.rows.values() if row.table.name == wall.seen_on]
        return any(
            row["vendor_id"] == made.owners[0]
            and row[wall.seen_key or ""] == made.values[wall.seen_by]
            and row["platform_id"] == self.here
            for row in seen
        )


def _chosen(possible: dict[str, list[Any]], pattern: tuple[int, ...]) -> dict[str, Any]:
    """The values that a pattern takes of those that are possible; where it is empty, the first ones."""
    places = pattern or (0,) * len(possible)
    return {name: values[place] for (name, values), place in zip(possible.items(), places, strict=True)}


def _sides(made: Made) -> tuple[bool, bool]:
    """Whether rows of the table have a vendor, and whether they have a platform."""
    wall = wall_of(made.table)
    assert wall is not None
    return wall.vendor is not None, wall.platform is not None


def _on_both(scope: Scope) -> bool:
    return scope.kind is ScopeKind.VENDOR


def _must_be_said(column: Any, keyed: bool) -> bool:
    if samples.has_plain_default(column) and (keyed or samples.python_type(column) in (str, int)):
        return True  # What is alike in all rows tells none from another.
    given = column.default is not None or column.server_default is not None or column.identity is not None
    return not column.nullable and not given
