"""Arenas on the modules of this checkout and on the fence's tables, each made once and never written to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from flask import Flask

from orion.app import create_app
from orion.data import migrate
from orion.data.tables import wall_of
from orion.isolation.arena import Arena, arena
from orion.isolation.contract import models_of, walled_models
from orion.isolation.forms import Form, forms
from orion.isolation.heights import Height
from orion.loader import load_modules
from orion.settings import Settings
from orion.testing import Databases, close
from tests.data import fence

SCOPES = ("none", "vendor", "vendor on one platform", "platform", "installation")
Arenas = Callable[[frozenset[Height]], Arena]


@cache
def models_by_name() -> dict[str, Any]:
    """The walled models of the engine and of every module, by the names of their tables."""
    modules = load_modules(Settings()).values()
    parts = (module.parts.get("models") for module in modules)
    return {model.__table__.name: model for model in models_of(part for part in parts if part is not None)}


@cache
def of_each_kind() -> list[str]:
    """A model for each kind of wall that there is."""
    kinds = {wall_of(model.__table__): table for table, model in models_by_name().items()}
    return sorted(kinds.values())


def share(table: str, scope: str) -> list[Form]:
    """The forms that a model is attacked with under a scope: all of them, for a model of each kind of wall.

    Of the others every form meets every model under one scope, and under each scope some of the models;
    `orion verify-isolation` leaves nothing out.
    """
    if table in of_each_kind():
        return list(forms().values())
    place = sorted(models_by_name()).index(table) + SCOPES.index(scope)
    return [form for number, form in enumerate(forms().values()) if (number + place) % len(SCOPES) == 0]


@pytest.fixture(scope="session")
def portal_app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Orion with the modules of this checkout, migrated, without rows."""
    folder = tmp_path_factory.mktemp("isolation")
    settings = Settings(data=folder, secret_key="isolation" * 4, testing=True, watch_every=0)

    def fill(url: str) -> None:
        made = create_app(replace(settings, database_url=url))
        migrate.upgrade(made)
        close(made)

    url = databases.lease("migrated", fill)
    app = create_app(replace(settings, database_url=url))
    yield app
    close(app)
    databases.give_back("migrated", url)


@pytest.fixture(scope="module")
def arenas(portal_app: Flask) -> Iterator[Arenas]:
    """`arenas(heights)` → the arena of the modules with these heights of the wall."""
    with ExitStack() as stack:
        yield _kept(stack, portal_app, walled_models(portal_app))


@pytest.fixture(scope="session")
def fence_app(databases: Databases) -> Iterator[Flask]:
    """An application on the fence's tables, which have every kind of wall."""
    url = databases.lease("fence", fence.fill)
    yield fence.application(url)
    databases.give_back("fence", url)


@pytest.fixture(scope="module")
def fence_arenas(fence_app: Flask) -> Iterator[Arenas]:
    """The same of the fence's tables."""
    with ExitStack() as stack:
        yield _kept(stack, fence_app, list(fence.WALLED))


def _kept(stack: ExitStack, app: Flask, models: list[Any]) -> Arenas:
    kept: dict[frozenset[Height], Arena] = {}
    held: list[ExitStack] = []

    def get(heights: frozenset[Height]) -> Arena:
        if heights not in kept:
            # One at a time: SQLite has one writer.
            while held:
                held.pop().close()
            kept.clear()
            held.append(stack.enter_context(ExitStack()))
            kept[heights] = held[0].enter_context(arena(app, [m.__table__ for m in models], heights))
        return kept[heights]

    return get
