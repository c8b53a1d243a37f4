"""What an attack is told: the model, the scope it is made under, and which rows are whose there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Table, and_, inspect, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper

from orion.contracts.scope import Everything, Scope, ScopeKind
from orion.data.tables import Wall, wall_of
from orion.data.words import kept_of
from orion.isolation import samples
from orion.isolation.arena import Arena
from orion.isolation.twins import twin_of
from orion.isolation.world import Key, Made, Slot, World

#: A row, and the columns that would make it the child of a parent that it must not have.
Lost = tuple[Made, dict[str, Any]]


@dataclass(frozen=True)
class Target:
    """A walled model under a scope."""

    arena: Arena
    model: Any
    scope: Scope

    @cached_property
    def mapper(self) -> Mapper[Any]:
        """The model's mapper."""
        return inspect(self.model)

    @cached_property
    def table(self) -> Table:
        """The model's table."""
        table: Any = self.mapper.local_table
        return table

    @property
    def world(self) -> World:
        """All rows that were made."""
        return self.arena.world

    @cached_property
    def wall(self) -> Wall:
        """The fence of the model's table."""
        wall = wall_of(self.table)
        assert wall is not None
        return wall

    @cached_property
    def twin(self) -> Any:
        """Another class on the same table: its `others` are all other rows, whosever they are."""
        return twin_of(self.model)

    @cached_property
    def eager_twin(self) -> Any:
        """A twin that brings its `others` along."""
        return twin_of(self.model, lazy="joined")

    @cached_property
    def own_eager_twin(self) -> Any:
        """The same where the others are twins too."""
        return twin_of(self.model, lazy="joined", itself=True)

    # -- rows -------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Made]:
        """All rows of the model that were made."""
        return self.world.of(self.table)

    @cached_property
    def own(self) -> list[Made]:
        """Rows that the scope sees."""
        return [made for made in self.rows if self.world.belongs(self.scope, made)]

    @cached_property
    def sees_all(self) -> bool:
        """Whether there is no row but those of the scope: a vendor may be on every platform that was made."""
        return len(self.own) == len(self.rows)

    @cached_property
    def foreign(self) -> list[Made]:
        """Rows that the scope must not see; where it may see all, any rows, for whom raw SQL would go."""
        return [made for made in self.rows if made not in self.own] or self.rows

    @property
    def victim(self) -> Made:
        """One row to attack: of another vendor's, where there is one."""
        return next((m for m in self.foreign if m.owners[0] == self.world.theirs), self.foreign[0])

    @cached_property
    def asked(self) -> list[Made]:
        """A row of each kind, for questions that are asked row by row."""
        kinds = {(made in self.own, *made.owners): made for made in self.rows}
        return list(kinds.values())

    def keys(self, rows: Iterable[Made]) -> set[Key]:
        """The primary keys of rows."""
        return {made.key for made in rows}

    def key(self, made: Made) -> dict[str, Any]:
        """A row's primary key by attribute, as `get` takes it."""
        return self.attributes({c.name: v for c, v in zip(self.table.primary_key, made.key, strict=True)})

    def identity(self, made: Made) -> dict[str, Any]:
        """The same with the row's version, where rows have one: what a forged row must know."""
        return self.key(made) | ({self.version: made.values[self.version]} if self.version else {})

    @property
    def version(self) -> str:
        """The column that counts the changes of a row, or ""."""
        column = self.mapper.version_id_col
        return "" if column is None else str(column.name)

    # -- columns and conditions ---------------------------------------------------------------

    def pk(self, entity: Any = None) -> list[Any]:
        """The primary key's attributes of an entity (the model, an alias, a subquery's columns)."""
        entity = self.model if entity is None else entity
        return [getattr(entity, self.attribute(column.name)) for column in self.table.primary_key]

    @property
    def core(self) -> Any:
        """The table's columns, which are nobody's entity."""
        return self.table.c

    @property
    def others_scope(self) -> Scope:
        """The scope of whoever owns the foreign rows."""
        vendor, platform = self.world.theirs, self.world.nowhere
        return replace(
            self.scope,
            kind=ScopeKind.VENDOR,
            vendors=frozenset({vendor}),
            platforms=frozenset({self.world.here, self.world.there, platform}),
        )

    def attribute(self, column: str) -> str:
        """The name of the attribute of a column."""
        return self.mapper.get_property_by_column(self.table.c[column]).key

    def is_row(self, made: Made, entity: Any = None) -> ColumnElement[bool]:
        """That an entity's row is this one."""
        return and_(*(column == value for column, value in zip(self.pk(entity), made.key, strict=True)))

    def made(self, entity: Any = None) -> ColumnElement[bool]:
        """That an entity's row is one that was made here, and no customer's."""
        return self.made_of(entity, self.rows)

    def made_of(self, entity: Any, rows: Iterable[Made]) -> ColumnElement[bool]:
        """That an entity's row is one of these."""
        rows = list(rows)
        if len(self.table.primary_key) == 1:
            return self.pk(entity)[0].in_([made.key[0] for made in rows])
        return or_(*(self.is_row(made, entity) for made in rows))

    @property
    def is_bounded(self) -> bool:
        """Whether no customer's row is in the scope, so that all of its rows may be asked for."""
        return not isinstance(self.scope.vendors, Everything)

    @cached_property
    def owned_relatives(self) -> dict[str, Table]:
        """The model's relationships to tenants' tables."""
        found = {r.key: r.mapper.local_table for r in self.mapper.relationships}
        return {name: table for name, table in found.items() if wall_of(table) is not None}  # type: ignore[misc]

    def hidden(self, table: Table) -> list[Made]:
        """Rows of another table that the scope must not see."""
        return [made for made in self.world.of(table) if not self.world.belongs(self.scope, made)]

    @cached_property
    def plain(self) -> Any:
        """A column that any value suits, and of which nobody asks; None where there is none."""
        taken = {name for key in samples.unique_keys(self.table) for name in key}
        taken |= {c.parent.name for key in self.references for c in key.elements}
        taken |= {*samples.checked_columns(self.table), *self.wall.columns, self.version}
        # Texts whose words are kept beside can't be changed for many rows at once.
        taken |= set(kept.columns) if (kept := kept_of(self.table)) is not None else set()
        free = [c for c in self.table.columns if c.name not in taken and c.computed is None]
        suitable = [c for c in free if samples.python_type(c) not in (bool, dict, list)]
        return next(iter(sorted(suitable, key=lambda column: bool(column.nullable))), None)

    def new_value(self) -> Any:
        """A value for the plain column that no row has."""
        return samples.sample(self.plain, 7_777)

    # -- SQL by hand --------------------------------------------------------------------------

    @property
    def sql_key(self) -> str:
        """The primary key's columns."""
        return ", ".join(f'"{column.name}"' for column in self.table.primary_key)

    @property
    def sql_nulls(self) -> str:
        """As many NULLs as the primary key has columns."""
        return ", ".join("NULL" for _column in self.table.primary_key)

    @property
    def schema(self) -> str:
        """The schema that the tables are in."""
        return "main" if self.arena.dialect == "sqlite" else "public"

    @property
    def sql_made(self) -> str:
        """The condition for rows that were made here."""
        return self.sql_is(self.rows)

    def sql_is(self, rows: Iterable[Made]) -> str:
        """The condition for some rows."""
        return " OR ".join(f"({_sql_is(made)})" for made in rows)

    # -- new rows -----------------------------------------------------------------------------

    @cached_property
    def references(self) -> list[ForeignKeyConstraint]:
        """The model's foreign keys."""
        return samples.references(self.table)

    @cached_property
    def parents(self) -> list[ForeignKeyConstraint]:
        """Foreign keys to rows of tenants, by a column that isn't an owner's."""
        return [
            key
            for key in self.references
            if wall_of(key.referred_table) is not None and set(key.column_keys) - set(self.wall.columns)
        ]

    def foreign_parents(self, key: ForeignKeyConstraint, made: Made, on_platform: bool) -> list[Made]:
        """Rows that a row must not point to: of another vendor, or of its own `on_platform`s that it isn't
        on. Those that have no child come first: some parents have room for one alone."""
        foreign = [p for p in self.world.of(key.referred_table) if not self.world.may_point(made, p)]
        foreign.sort(key=lambda parent: parent.owners[1] != self.world.nowhere)
        return [p for p in foreign if (p.owners[0] == made.owners[0]) is on_platform]

    def instance(self, values: dict[str, Any]) -> Any:
        """A new instance of the model, with values by column."""
        return self.model(**self.attributes(values))

    def attributes(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values by attribute."""
        return {self.attribute(name): value for name, value in values.items()}

    def new_row(self, slot: Slot) -> dict[str, Any]:
        """Values, by column, of a row that isn't there yet."""
        return self.world.spare(self.table, slot)

    def victims_spare(self) -> dict[str, Any]:
        """Values of a new row for whom `others_scope` is."""
        return self.new_row((self.world.theirs, self.world.nowhere))

    def inserts(self, session: Any, values: dict[str, Any]) -> bool:
        """Whether a row of these values may be inserted; nothing of it stays."""
        inner = session.begin_nested()
        try:
            session.add(self.instance(values))
            session.flush()
        except IntegrityError:
            return False
        finally:
            inner.rollback()
        return True

    @property
    def can_add(self) -> bool:
        """Whether the first own row may have another one beside it, of the same owners and parents."""
        return self.has_place and self.has_room()

    def has_room(self, lost: Lost | None = None) -> bool:
        """Whether a row with the owners and parents of another one, but for those that it is `lost` to, is
        like it in no unique key."""
        fixed = {*self.wall.columns, *(c.parent.name for key in self.references for c in key.elements)}
        fixed -= set(lost[1]) if lost else set()
        return not any(set(key) <= fixed for key in samples.unique_keys(self.table))

    @property
    def has_place(self) -> bool:
        """Whether there is an own row, with owners that are not the row itself."""
        return bool(self.own) and "id" not in self.wall.columns

    # -- owners and parents -------------------------------------------------------------------

    @property
    def is_entered(self) -> bool:
        """Whether there is a scope at all."""
        return self.scope.kind is not ScopeKind.NONE

    @property
    def append_only(self) -> bool:
        """Whether rows are neither changed nor deleted, by nobody."""
        return bool(self.table.info.get("append_only"))

    @property
    def has_both_sides(self) -> bool:
        """Whether each row has a vendor and a platform."""
        return self.wall.vendor is not None and self.wall.platform is not None and not self.wall.either

    @property
    def may_be_nobodys(self) -> bool:
        """Whether the table takes rows without an owner."""
        return self.wall.either and (self.table, (None, None)) in self.world.rows

    @property
    def can_move(self) -> bool:
        """Whether the owner is a column of its own, and not the row's key."""
        return not {c.name for c in self.table.primary_key} & set(self.wall.columns) and not self.append_only

    def own_owners(self) -> dict[str, Any]:
        """The owners of an own row by attribute, but for those that are the row's key."""
        made = (self.own or self.rows)[0]
        keys = {c.name for c in self.table.primary_key}
        return self.attributes({n: made.values[n] for n in self.wall.columns if n not in keys})

    def others_owners(self, made: Made) -> dict[str, Any]:
        """Another vendor or platform for a row, by column: one that has no row like it."""
        named = {self.wall.vendor: self.world.empty, self.wall.platform: self.world.nowhere}
        there = [name for name in self.wall.columns if made.values[name] is not None]
        by_platform = self.scope.kind is ScopeKind.PLATFORM and self.wall.platform in there
        first = self.wall.platform if by_platform else (there or self.wall.columns)[0]
        return {str(first): named[first]}

    @cached_property
    def lost_to_vendors(self) -> Lost | None:
        """An own row with a parent of another vendor's that it must not have."""
        return self._lost(on_platform=False)

    @cached_property
    def lost_to_platforms(self) -> Lost | None:
        """An own row with a parent of the same vendor, or of nobody's, on another platform."""
        return self._lost(on_platform=True)

    def _lost(self, on_platform: bool) -> Lost | None:
        for made in self.own:
            for key in self.parents:
                if any(made.values[name] is None for name in key.column_keys):
                    continue
                for parent in self.foreign_parents(key, made, on_platform):
                    pairs = ((e.parent.name, parent.values[e.column.name]) for e in key.elements)
                    return made, {name: value for name, value in pairs if name not in self.wall.columns}
        return None

    @cached_property
    def oracles(self) -> list[tuple[Made, list[str]]]:
        """Foreign rows, each with columns of a unique key that are neither owner, parent nor primary key."""
        pointing = {c.parent.name for key in self.references for c in key.elements}
        taken = {*self.wall.columns, *pointing, *(c.name for c in self.table.primary_key)}
        # Nobody asks for a value that nobody can guess: one that is drawn, or is said to be "unguessable".
        drawn = (c for c in self.table.columns if getattr(c.default, "is_callable", False))
        taken |= {column.name for column in drawn}
        taken |= {column.name for column in self.table.columns if column.info.get("unguessable")}
        names = [[n for n in key if n not in taken] for key in samples.unique_keys(self.table)]
        foreign = [made for made in self.foreign if made.owners[0] == self.world.theirs]
        return [(made, key) for made in foreign if self.has_place for key in names if key]

    @cached_property
    def addable(self) -> Any:
        """The name of a column of numbers that the door for sums may add to, or None."""
        names = [c.name for c in self.table.columns if samples.python_type(c) is int and not c.nullable]
        taken = {*self.wall.columns, *samples.checked_columns(self.table)}
        taken |= {n for key in samples.unique_keys(self.table) for n in key}
        taken |= {c.parent.name for key in self.references for c in key.elements}
        return next((name for name in names if name not in taken), None)

    @property
    def nobodys_slot(self) -> Slot:
        """A vendor and a platform that have no rows yet, and are in no scope."""
        return self.world.empty, self.world.nowhere


def _sql_is(made: Made) -> str:
    pairs = zip(made.table.primary_key, made.key, strict=True)
    return " AND ".join(f'"{c.name}" = {v if isinstance(v, int) else repr(str(v))}' for c, v in pairs)
