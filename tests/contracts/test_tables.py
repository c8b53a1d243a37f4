"""Tables, keys and migrations of every module."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from orion.app import create_app
from orion.data import migrate
from orion.data.histories import ENGINE, histories
from orion.data.tables import metadata, wall_of
from orion.settings import Settings
from orion.testing import close

OWNERS = {"vendor_id", "platform_id"}


def _tables(code: str) -> list[Table]:
    return [table for table in metadata.sorted_tables if table.info.get("module") == code]


def _keys(table: Table) -> list[ForeignKeyConstraint]:
    return [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]


def _target(key: ForeignKeyConstraint) -> Table:
    return key.referred_table


def _unique(table: Table) -> set[tuple[str, ...]]:
    """Column names of each unique key."""
    keys = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    return {tuple(c.name for c in key.columns) for key in keys}


def test_models_and_migrated_tables_are_the_same(app: Flask) -> None:
    found = histories(app)
    assert len(found) > 1
    assert {h.code: migrate.differences(app, h) for h in found} == {h.code: [] for h in found}


def test_migrations_go_up_and_down_and_up_again(empty_database: str, settings: Settings) -> None:
    app = create_app(replace(settings, database_url=empty_database))
    ran = migrate.upgrade(app)
    found = histories(app)
    assert len(ran) == sum(len(history.revisions) for history in found)
    for history in reversed(found):
        migrate.downgrade(app, history)
    assert migrate.upgrade(app) == ran
    assert migrate.upgrade(app) == []
    close(app)


def test_every_table_with_an_owner_has_a_wall(app: Flask, code: str) -> None:
    for table in _tables(code):
        wall = wall_of(table)
        for column, side in (("vendor_id", "vendor"), ("platform_id", "platform")):
            if column in table.c:
                assert wall is not None and getattr(wall, side) == column, table.name


@pytest.mark.parametrize("owner", sorted(OWNERS))
def test_keys_between_tables_with_an_owner_cannot_leave_it(app: Flask, code: str, owner: str) -> None:
    for table in (table for table in _tables(code) if owner in table.c):
        for key in _keys(table):
            if owner in _target(key).c:
                held = [other for other in _alike(table, key) if owner in other.column_keys]
                assert held, f"{table.name}: {key.column_keys}"
                there = {tuple(e.column.name for e in other.elements) for other in held}
                assert there <= _unique(_target(key)), _target(key).name


def _alike(table: Table, key: ForeignKeyConstraint) -> list[ForeignKeyConstraint]:
    """The keys that say of the same parent that it is of the same owners: rows that belong either to a
    vendor or to a platform have one for each."""
    columns = set(key.column_keys) - OWNERS
    same = (k for k in _keys(table) if _target(k) is _target(key) and set(k.column_keys) - OWNERS == columns)
    return [
        k for k in same if all(e.parent.name == e.column.name for e in k.elements if e.parent.name in OWNERS)
    ]


def test_deleting_a_row_empties_no_key(app: Flask, code: str) -> None:
    for table in _tables(code):
        for key in _keys(table):
            assert key.ondelete in ("RESTRICT", "CASCADE"), f"{table.name}: {key.column_keys}"


def test_unique_keys_of_a_vendors_rows_hold_the_vendor(app: Flask, code: str) -> None:
    for table in _tables(code):
        wall = wall_of(table)
        if "vendor_id" in table.c and wall is not None and not wall.either:
            assert all("vendor_id" in columns for columns in _unique(table)), table.name


def test_foreign_keys_point_only_to_what_is_required(app: Flask, code: str) -> None:
    allowed = {code, ENGINE, *_required(app, code)}
    for table in _tables(code):
        for key in _keys(table):
            owner = _target(key).info.get("module") or _target(key).name.partition("_")[0]
            assert owner in allowed, f"{table.name} → {_target(key).name}"


def _required(app: Flask, code: str) -> set[str]:
    """What a module requires, directly or not."""
    manifests: Any = app.extensions["orion"].registry.manifests
    needs = set(manifests[code].requires)
    return needs.union(*(_required(app, need) for need in needs)) if needs else set()
