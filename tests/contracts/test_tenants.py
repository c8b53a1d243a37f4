"""One vendor's figures and rows are nobody else's business."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import DBAPIError

from orion.app import create_app
from orion.contracts.data import entered
from orion.contracts.errors import WallError
from orion.contracts.scope import NOBODY
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.data.tables import metadata, wall_of
from orion.settings import Settings
from orion.testing import client_of, close
from tests.contracts.conftest import PEOPLE, Portal, portal_of

JSON = {"Accept": "application/json"}
#: A period that is over: nothing in it moves because a minute has gone by.
OVER = {
    "from": (datetime.now(UTC) - timedelta(days=60)).date().isoformat(),
    "to": (datetime.now(UTC) - timedelta(days=5)).date().isoformat(),
}


@contextmanager
def _as_owner_of_the_database(app: Flask) -> Iterator[Connection]:
    with app.app_context(), db.engines["write"].begin() as connection:
        yield connection.execution_options(**AS_OWNER)


def _delete_others(app: Flask, vendor_id: int) -> int:
    """Delete every row of every other vendor that can be deleted; how many there were."""
    gone = 0
    with _as_owner_of_the_database(app) as connection:
        for table in reversed(metadata.sorted_tables):
            wall = wall_of(table)
            if wall is None or wall.vendor is None or not _is_there(app, table.info.get("module")):
                continue
            others = delete(table).where(table.c[wall.vendor] != vendor_id)
            # A log that keeps its rows from the owner too stays as it is.
            kept = suppress(DBAPIError) if table.info.get("append_only") else nullcontext()
            with kept, connection.begin_nested():
                gone += connection.execute(others).rowcount
    return gone


def _is_there(app: Flask, module: str | None) -> bool:
    return module in app.extensions["orion"].modules


def _vendor_id(app: Flask, code: str) -> int:
    with app.app_context():
        vendor = app.extensions["orion"].command_scope(vendor=code).vendor
    assert vendor is not None
    return int(vendor.id)


def _figures(client: FlaskClient, home: str) -> dict[str, Any]:
    tiles = client.get(f"{home}tiles", query_string=OVER, headers=JSON).get_json()["tiles"]
    return {tile["query"]: (tile.get("value"), tile.get("previous"), tile.get("parts")) for tile in tiles}


def test_no_tile_moves_when_other_vendors_rows_change(
    demo: Flask, settings: Settings, demo_database: str
) -> None:
    portal = portal_of(demo)
    before = {f: _figures(portal.clients[f], home) for f, home in portal.homes.items()}
    vendor = portal.homes["vendor"].strip("/").split("/")[-1]
    assert _delete_others(portal.app, _vendor_id(portal.app, vendor)) > 0
    # Another process: what this one has kept would prove nothing.
    fresh = create_app(replace(settings, database_url=demo_database))
    after = {f: _figures(client_of(fresh, email), portal.homes[f]) for f, email in PEOPLE.items()}
    close(fresh)
    assert after["vendor"] == before["vendor"]
    assert after["admin"] != before["admin"], "the rows that went were in no figure at all"


def _classes(portal: Portal, code: str) -> list[Any]:
    """A module's mapped classes whose rows belong to vendors."""
    models = portal.orion.modules[code].parts.get("models")
    mappers = models.Base.registry.mappers if models is not None else ()
    return [m.class_ for m in mappers if (w := wall_of(m.local_table)) is not None and w.vendor]


def test_a_vendor_reads_the_rows_of_that_vendor_alone(portal: Portal, code: str) -> None:
    vendor = portal.homes["vendor"].strip("/").split("/")[-1]
    with portal.app.app_context():
        scope = portal.orion.command_scope(vendor=vendor)
        for cls in _classes(portal, code):
            owner = getattr(cls, wall_of(cls.__table__).vendor)
            with entered(scope) as session:
                assert set(session.scalars(select(owner).distinct())) <= {scope.vendor.id}, cls


def test_nobody_reads_no_row(portal: Portal, code: str) -> None:
    with portal.app.app_context():
        for cls in _classes(portal, code):
            with entered(NOBODY) as session, pytest.raises(WallError):
                session.scalar(select(func.count()).select_from(cls))
