"""`orion users …`"""

import json
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.identity import services
from orion.identity.commands import users
from tests.identity.conftest import KEEPER

NEW = "three brave new words"
ADA = "ada@orion.example"


@pytest.fixture
def run(site: Flask) -> FlaskCliRunner:
    """Runs commands on the site."""
    return site.test_cli_runner(catch_exceptions=False)


def _path(output: str) -> str:
    return urlsplit(output.strip().splitlines()[-1]).path


def test_a_new_person_chooses_their_password_through_the_printed_link(
    run: FlaskCliRunner, client: FlaskClient, post, sign_in, site: Flask
) -> None:
    answer = run.invoke(users, ["create", "Ada@Orion.Example", "--name", "Ada"])
    post(client, _path(answer.output), password=NEW, password_confirm=NEW)
    sign_in(ADA, password=NEW, app=site)


def test_nobody_signs_in_before_they_chose_a_password(run: FlaskCliRunner, client: FlaskClient, post) -> None:
    run.invoke(users, ["create", ADA, "--name", "Ada"])
    for guess in ("", "None", "password", "orion-demo"):
        assert post(client, "/login", email=ADA, password=guess).status_code == 422


def test_links_lead_to_the_installations_own_address(house) -> None:
    run = house.app(public_url="https://portal.example/").test_cli_runner()
    output = run.invoke(users, ["reset-link", KEEPER]).output
    assert output.startswith("https://portal.example/reset/")


def test_people_are_listed_as_json(run: FlaskCliRunner) -> None:
    rows = json.loads(run.invoke(users, ["list", "--json"]).output)
    assert [(row["email"], row["name"], row["active"]) for row in rows] == [(KEEPER, "Keeper", True)]
    assert "password" not in rows[0]


def test_a_person_is_switched_off_with_their_sessions(run: FlaskCliRunner, sign_in, site: Flask) -> None:
    client = sign_in(KEEPER, app=site)
    run.invoke(users, ["deactivate", KEEPER])
    assert client.get("/account/sessions").status_code == 302


@pytest.mark.parametrize("email", [KEEPER, KEEPER.upper(), "kéeper@orion.example"])
def test_two_people_never_have_addresses_that_look_alike(site: Flask, email: str) -> None:
    with site.app_context(), pytest.raises(Conflict):
        services.create_user(email, "Other")


def test_what_is_no_address_is_refused(site: Flask) -> None:
    with site.app_context(), pytest.raises(Invalid):
        services.create_user("not an address", "Nobody")


def test_an_unknown_person_is_said_to_be_unknown(site: Flask) -> None:
    with site.app_context(), pytest.raises(NotFound):
        services.find_user("nobody@orion.example")
