"""Portals that tests begin with: built once, and put back after each test."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from flask import Flask

from orion.app import create_app
from orion.settings import Settings
from orion.testing.apps import close, migrated
from orion.testing.databases import Databases

P = TypeVar("P")


@dataclass
class Kept(Generic[P]):
    """What `build(app)` makes of an application without rows: a dataclass with the application as its `app`.

    It is built once a kind of database. `lease` gives one with its rows, `again` what was built, as it was
    then. A folder names its portals by fixture, and the first that a test uses is in its database:

        MARKET = Kept("market", build)

        @pytest.fixture
        def portals():
            return {"market": MARKET}

        @pytest.fixture
        def market(app, database_kind):
            return MARKET.again(app, database_kind)
    """

    key: str
    build: Callable[[Flask], P]
    made: dict[str, bytes] = field(default_factory=dict)

    def lease(self, databases: Databases, settings: Settings) -> str:
        """The URL of a database with these rows."""
        return databases.lease(
            self.key,
            lambda at: self._fill(databases.kind, replace(settings, database_url=at, watch_every=0)),
            migrated(settings),
        )

    def again(self, app: Flask, kind: str) -> P:
        """What was built, for an application on such a database."""
        return replace(pickle.loads(self.made[kind]), app=app)

    def _fill(self, kind: str, settings: Settings) -> None:
        app = create_app(settings)
        built: Any = self.build(app)
        self.made[kind] = pickle.dumps(replace(built, app=None))
        close(app)
