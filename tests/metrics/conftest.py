"""The stage on each kind of database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, make_url

from orion import i18n
from orion.data import bookkeeping, engines, laying
from orion.data.database import db
from orion.data.engine_tables import data_version, metric_state
from orion.settings import Settings
from orion.testing import Databases, close

from .stage import Stage

TABLES = [metric_state, data_version]


@pytest.fixture(scope="session")
def stage_database(databases: Databases) -> Iterator[str]:
    """A database for all stages of this kind: making one takes longer than most of their tests."""
    url = databases.new()
    if make_url(url).get_backend_name() == "sqlite":
        Path(make_url(url).database or "").touch()
    engine = create_engine(url)
    with engine.begin() as connection:
        db.metadata.create_all(connection, tables=TABLES)
        laying.lay(connection, [table.name for table in TABLES])
    engine.dispose()
    yield url
    databases.drop(url)


@pytest.fixture
def stage_app(stage_database: str, settings: Settings) -> Iterator[Flask]:
    """An application with engines and bookkeeping, and the tables of metrics, empty."""
    app = Flask("stage")
    settings = replace(settings, database_url=stage_database)
    app.extensions["settings"] = settings
    engines.init_app(app, settings)
    bookkeeping.init_app(app)
    i18n.init_app(app, settings)
    with app.app_context(), db.engines["write"].begin() as connection:
        for table in TABLES:
            connection.execute(delete(table))
    yield app
    close(app)


@pytest.fixture
def stage(stage_app: Flask) -> Iterator[Stage]:
    """A stage at noon; what hangs there waits for `release`."""
    made = Stage(stage_app, stage_app.extensions["settings"])
    yield made
    made.release.set()
