"""What whoever balances the load asks."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.testing import House, minimal_manifest

TOKEN = "a-token-for-machines"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
BROKEN = "import no_such_package\n"


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with the engine alone."""
    return house.app()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A stranger's browser."""
    return site.test_client()


def test_a_process_that_answers_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_process_behind_its_migrations_is_alive_and_not_ready(site: Flask, client: FlaskClient) -> None:
    with site.app_context(), db.engines["write"].begin() as connection:
        connection.execution_options(**AS_OWNER).execute(text("DELETE FROM alembic_version_orion"))
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["problem"] == "migrations are pending"


def test_a_module_that_is_off_degrades_and_its_name_is_for_those_who_watch(house: House) -> None:
    house.module("trouble", models=BROKEN)
    client = house.app(metrics_token=TOKEN).test_client()
    told = client.get("/readyz")
    assert (told.status_code, told.json) == (200, {"status": "degraded"})
    assert "no_such_package" in client.get("/readyz", headers=AUTHORIZED).json["modules"]["trouble"]


def test_a_core_module_that_is_off_is_not_ready(house: House) -> None:
    house.module("ground", minimal_manifest("ground", "core: true\n"), models=BROKEN)
    client = house.app(metrics_token=TOKEN).test_client()
    told = client.get("/readyz")
    assert told.status_code == 503
    assert told.json["problem"] == "a core module is off"
    assert "ground" in client.get("/readyz", headers=AUTHORIZED).json["problem"]


def test_a_portal_where_nobody_keeps_memberships_is_not_ready(house: House) -> None:
    house.module("keeper", api=BROKEN)
    assert house.app().test_client().get("/readyz").status_code == 503


def test_a_database_that_is_away_is_not_ready(house: House) -> None:
    client = house.app(database_url="postgresql://orion:hunter2@127.0.0.1:1/orion").test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["problem"] == "the database can't be reached"
    assert client.get("/healthz").status_code == 200
