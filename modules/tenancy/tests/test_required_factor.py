"""A role that asks for a second factor: nothing of its place is shown before one is set up."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP  # type: ignore[import-untyped]
from sqlalchemy import update

from modules.tenancy.models import Role
from orion.contracts.data import entered, system_scope
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns

OWN, SECURITY = "/vendor/WIZAMART", "/account/security"


@pytest.fixture
def strict(demo: Flask) -> Flask:
    """The demo, whose owners' role asks for a second factor."""
    with demo.app_context(), entered(system_scope("command"), write=True) as session:
        session.execute(update(Role).where(Role.level == "vendor", Role.everything).values(require_2fa=True))
        session.commit()
    return demo


@pytest.fixture
def owner(strict: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The owner, without a second factor."""
    return sign_in("owner@orion.example")


def _set_up(client: FlaskClient, after: str) -> Any:
    page = client.get(f"{SECURITY}/app?next={after}").text
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    key = re.search(r'name="key"[^>]*value="([^"]*)"', page)
    assert found and key
    code = str(TOTP(key=found[1].replace(" ", "")).generate().token)
    form = {"csrf_token": csrf_token(page), "key": key[1], "code": code}
    return client.post(f"{SECURITY}/app?next={after}", data=form)


@pytest.mark.parametrize("page", ["/", "/customers", "/team", "/?inline=1"])
def test_every_page_of_the_place_leads_to_setting_one_up(owner: FlaskClient, page: str) -> None:
    answer = owner.get(OWN + page)
    assert answer.status_code == 303
    assert answer.location.startswith(f"{SECURITY}?next={OWN}")
    assert "Your role asks for a second factor" in owner.get(answer.location).text


def test_a_tile_is_refused_and_moves_the_page(owner: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{OWN}/"}
    answer = owner.get(f"{OWN}/tiles/customers.revenue", headers=headers)
    assert (answer.status_code, answer.text) == (403, "")
    assert answer.headers["HX-Redirect"] == f"{SECURITY}?next={OWN}/"


def test_a_program_is_refused(owner: FlaskClient) -> None:
    answer = owner.get(f"{OWN}/tiles/customers.revenue", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (403, "second_factor")


def test_a_place_of_others_is_still_none(owner: FlaskClient) -> None:
    assert owner.get("/vendor/LUXBOOKS/").status_code == 404


def test_whoever_holds_another_role_there_is_not_asked(
    strict: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    assert sign_in("staff@orion.example").get(f"{OWN}/").status_code == 200
    assert sign_in("admin@orion.example").get("/admin/").status_code == 200


def test_it_opens_as_soon_as_one_is_set_up(owner: FlaskClient) -> None:
    answer = _set_up(owner, f"{OWN}/customers")
    assert answer.status_code == 200
    assert f'href="{OWN}/customers"' in answer.text
    assert owner.get(f"{OWN}/customers").status_code == 200


def test_the_last_second_factor_stays_while_a_role_asks_for_it(owner: FlaskClient) -> None:
    _set_up(owner, "/")
    token = csrf_token(owner.get(SECURITY).text)
    answer = owner.post(f"{SECURITY}/app/remove", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Set up another one before you remove this." in answer.text
    assert owner.get(f"{OWN}/").status_code == 200


def test_a_role_that_starts_to_ask_does_so_at_the_next_request(
    demo: Flask, sign_in: Callable[..., FlaskClient], request: pytest.FixtureRequest
) -> None:
    client = sign_in("owner@orion.example")
    assert client.get(f"{OWN}/").status_code == 200
    request.getfixturevalue("strict")
    assert client.get(f"{OWN}/").status_code == 303
