"""Each guard of the wall is needed: with its height alone and without it, an attack gets through."""

import pytest
from flask import Flask

from orion.isolation.arena import arena
from orion.isolation.contract import attack
from orion.isolation.forms import forms
from orion.isolation.heights import alone
from tests.data import fence
from tests.guards import GUARDS, Guard, without

pytestmark = pytest.mark.long

SCOPES = ("none", "vendor on one platform", "platform")


def _only(kind: str | None) -> list[Guard]:
    return [guard for guard in GUARDS if guard.height is not None and guard.only == kind]


def _needed(app: Flask, guard: Guard) -> None:
    assert guard.height is not None
    found = []
    with without(guard), arena(app, [m.__table__ for m in fence.WALLED], alone(guard.height)) as lowered:
        for model in fence.WALLED:
            for scope in SCOPES:
                found += attack(lowered, model, scope, [forms()[guard.missed]], judge=False)
    assert any(attempt.is_breach for attempt in found), found


@pytest.mark.parametrize("guard", _only(None), ids=lambda guard: guard.name)
def test_a_guard_is_missed(fence_app: Flask, guard: Guard) -> None:
    _needed(fence_app, guard)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize(
    "guard", [g for g in GUARDS if g.height and g.only == "postgresql"], ids=lambda g: g.name
)
def test_a_guard_of_postgresql_is_missed(fence_app: Flask, guard: Guard) -> None:
    _needed(fence_app, guard)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "guard", [g for g in GUARDS if g.height and g.only == "sqlite"], ids=lambda g: g.name
)
def test_a_guard_of_sqlite_is_missed(fence_app: Flask, guard: Guard) -> None:
    _needed(fence_app, guard)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_stands_where_it_is_said_to(guard: Guard) -> None:
    assert getattr(guard.where, guard.what) is not guard.without
