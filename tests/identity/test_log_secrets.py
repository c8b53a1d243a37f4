"""No line of the log holds what people typed, were sent or carry with them: every flow, with canaries."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.settings import ROOT, Settings
from orion.testing import House, csrf_token
from tests.identity.conftest import KEEPER, cookie

WRONG, NEW = "canary-wrong-pass-1", "canary-new-pass-2"
STRANGER = "canary.stranger@example.com"
BEARER = "canary-bearer-3"
#: Raises with what was typed in the error's own text, as drivers and careless code do.
ROUTES = """
    from flask import request
    from sqlalchemy import insert

    from orion.contracts.pages import Pages
    from orion.data.database import entered
    from orion.contracts.scope import system_scope
    from orion.identity.models import User

    pages = Pages(__name__)

    @pages.page("/burst", public=True, methods=("GET", "POST"))
    def burst(scope):
        raise RuntimeError(f"cannot use {request.form.get('password')} of {request.form.get('email')}")

    @pages.page("/double", public=True, methods=("GET", "POST"))
    def double(scope):
        with entered(system_scope("command"), write=True) as session:
            email = request.form["email"]
            for _ in range(2):
                session.execute(insert(User).values(email=email, email_norm=email))
"""


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with pages that break."""
    house.module("trouble", routes_admin=ROUTES)
    return house.app()


@pytest.fixture
def secrets(log_lines: list[str]) -> Callable[..., None]:
    """`secrets(*values)`: something was logged, and none of these."""

    def refuse(*values: str) -> None:
        assert len(log_lines) > 1
        for line in log_lines:
            found = [value for value in values if value and value.lower() in line.lower()]
            assert not found, line

    return refuse


def test_signing_in_wrong_and_right_tells_the_log_nothing(
    site: Flask, post: Any, sign_in: Callable[..., FlaskClient], secrets: Callable[..., None]
) -> None:
    stranger = site.test_client()
    post(stranger, "/login", email=KEEPER, password=WRONG)
    post(stranger, "/login", email=STRANGER, password=WRONG)
    client = sign_in(KEEPER, app=site)
    session = cookie(client, "orion_staff")
    token = csrf_token(client.get("/account/password").text)
    client.get("/account/sessions", headers={"Authorization": f"Bearer {BEARER}"})
    client.get(f"/login?next=/&email={STRANGER}&token={WRONG}")
    client.post("/logout", data={"csrf_token": token})
    secrets(WRONG, STRANGER, KEEPER, BEARER, session, token)


def test_a_link_for_a_new_password_is_in_the_mail_alone(
    site: Flask, settings: Settings, post: Any, secrets: Callable[..., None]
) -> None:
    client = site.test_client()
    post(client, "/reset", email=KEEPER)
    site.extensions["orion_mail"].flush()
    (mail,) = (settings.data.parent / "mail").glob("*.eml")
    link = re.search(r"/reset/([\w.-]+)", mail.read_text().replace("=\n", ""))
    assert link
    assert post(client, link[0], password=NEW, password_confirm=NEW).status_code in (302, 303)
    client.get(link[0])
    client.get(f"{link[0]}x")
    client.get(f"/no/such/page/{link[1]}")
    secrets(link[1], KEEPER, NEW)


@pytest.mark.parametrize("page", ["/admin/burst", "/admin/double"])
def test_what_breaks_is_logged_without_what_was_typed(
    site: Flask,
    keeper: Callable[[Flask], FlaskClient],
    secrets: Callable[..., None],
    page: str,
    log_lines: list[str],
) -> None:
    client = keeper(site)
    token = csrf_token(client.get("/account/password").text)
    answer = client.post(page, data={"csrf_token": token, "password": WRONG, "email": STRANGER})
    assert answer.status_code == 500
    assert WRONG not in answer.text and STRANGER not in answer.text
    assert any("Traceback" in line for line in log_lines)
    secrets(WRONG, STRANGER, token)


def test_commands_say_nothing_of_passwords_in_addresses_of_servers(settings: Settings) -> None:
    canary = "canary-database-4"
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ORION_")},
        "ORION_DATA": str(settings.data),
        "ORION_DATABASE_URL": f"postgresql://orion:{canary}@127.0.0.1:1/orion",
        "ORION_CACHE_URL": f"redis://:{canary}@127.0.0.1:1/0",
        "ORION_MAIL_URL": f"smtp://orion:{canary}@127.0.0.1:1",
        "ORION_LOG_LEVEL": "DEBUG",
    }
    for command in (["users", "create", STRANGER, "--name", "Ada"], ["db", "upgrade"]):
        run = [sys.executable, "-c", "from orion.cli import main; main()", *command]
        done = subprocess.run(run, env=env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode != 0
        assert canary not in done.stdout + done.stderr
