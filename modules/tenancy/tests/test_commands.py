"""`orion tenancy …` on an empty installation."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from modules.tenancy.commands import commands
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.people import create_user

SignIn = Callable[..., FlaskClient]
PASSWORD = "a long and good password"


@pytest.fixture
def run(app: Flask) -> Callable[..., str]:
    """`run("add-platform", …)` → what it prints; errors come through as they are."""
    with app.app_context():
        create_user("ada@example.com", "Ada", PASSWORD)

    def running(*words: str) -> str:
        runner: FlaskCliRunner = app.test_cli_runner()
        return runner.invoke(commands, list(words), catch_exceptions=False, standalone_mode=False).output

    return running


def test_an_empty_installation_gets_its_first_administrator(
    run: Callable[..., str], app: Flask, sign_in: SignIn
) -> None:
    assert "Administrator of the installation" in run("add-member", "ada@example.com")
    assert sign_in("ada@example.com", PASSWORD, app=app).get("/admin/vendors").status_code == 200


def test_a_vendor_on_a_platform_gets_its_owner(run: Callable[..., str], app: Flask, sign_in: SignIn) -> None:
    run("add-platform", "south", "South Market")
    run("add-vendor", "ACME", "Acme", "--platform", "south", "--zone", "Europe/Luxembourg")
    run("add-member", "ada@example.com", "--vendor", "ACME")
    client = sign_in("ada@example.com", PASSWORD, app=app)
    assert client.get("/vendor/ACME/").status_code == 200
    assert client.get("/admin/").status_code == 403


def test_a_vendor_of_an_unknown_platform_is_not_made(run: Callable[..., str]) -> None:
    with pytest.raises(NotFound, match="no platform nowhere"):
        run("add-vendor", "ACME", "Acme", "--platform", "nowhere")
    run("add-platform", "nowhere", "Now there")
    run("add-vendor", "ACME", "Acme", "--platform", "nowhere")


def test_a_stranger_and_an_unknown_role_are_refused_in_words(run: Callable[..., str]) -> None:
    with pytest.raises(NotFound, match=r"nobody@example\.com"):
        run("add-member", "nobody@example.com")
    with pytest.raises(NotFound, match="no role Queen"):
        run("add-member", "ada@example.com", "--role", "Queen")


def test_nobody_gets_two_roles_at_one_place(run: Callable[..., str]) -> None:
    run("add-member", "ada@example.com")
    with pytest.raises(Invalid):
        run("add-member", "ada@example.com")
