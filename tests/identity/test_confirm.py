"""Who does what can do harm is asked again who they are."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from orion.identity.attempts import FREE
from orion.identity.links import local_path
from orion.identity.models import SessionRow
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.conftest import KEEPER, cookie

pytestmark = pytest.mark.by_turns

PAGE = "/vendor/ACME/danger"
DANGER = """
    from flask import request
    from orion.contracts.pages import Pages

    pages = Pages(__name__)

    @pages.page("/danger", permission="risky.do", fresh=True)
    def ask(scope):
        return "the form"

    @pages.page("/danger", permission="risky.do", fresh=True, methods=("POST",))
    def do(scope):
        return "|".join(f"{k}={v}" for k, v in sorted(request.form.items(multi=True)) if k != "csrf_token")
"""
MANIFEST = """
    schema: 1
    code: risky
    name: Risky
    description: A page that can do harm.
    version: "1.0.0"
    permissions:
      - id: risky.do
        label_key: risky.permissions.do
        label: Do harm
        description_key: risky.permissions.do_desc
        description: Do what can do harm.
        category: risky
"""


@pytest.fixture
def site(house: House) -> Flask:
    house.module("risky", manifest=MANIFEST, routes_vendor=DANGER)
    return house.app()


@pytest.fixture
def stale(site: Flask, sign_in: Callable[..., FlaskClient], rows: Any) -> FlaskClient:
    """A browser whose person signed in a while ago."""
    client = sign_in(KEEPER, app=site)
    with rows() as session:
        session.execute(update(SessionRow).values(fresh_until=datetime.now(UTC)))
    return client


def _send(client: FlaskClient, page: str, **fields: Any) -> Any:
    token = csrf_token(client.get("/account/sessions").text)
    return client.post(page, data={"csrf_token": token, **fields})


def _fields(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return [(unescape(name), unescape(value)) for name, value in found]


def test_who_has_just_signed_in_is_not_asked(site: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    assert sign_in(KEEPER, app=site).get(PAGE).text == "the form"


def test_a_page_leads_to_the_confirmation_and_back(stale: FlaskClient) -> None:
    asked = stale.get(PAGE + "?a=1&b=%C3%BC")
    assert (asked.status_code, asked.location) == (
        302,
        "/account/confirm?next=/vendor/ACME/danger?a%3D1%26b%3D%25C3%25BC",
    )
    form = dict(_fields(stale.get(asked.location).text))
    answer = stale.post("/account/confirm", data={**form, "confirm_password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/vendor/ACME/danger?a=1&b=%C3%BC")
    assert stale.get(PAGE).text == "the form"


def test_a_wrong_password_confirms_nothing(stale: FlaskClient) -> None:
    answer = _send(stale, "/account/confirm", next=PAGE, confirm_password="not the password")
    assert answer.status_code == 422
    assert "This password is wrong." in answer.text
    assert ("next", PAGE) in _fields(answer.text)
    assert stale.get(PAGE).status_code == 302


def test_guesses_at_the_confirmation_are_held_up(stale: FlaskClient) -> None:
    token = csrf_token(stale.get("/account/confirm").text)
    form = {"csrf_token": token, "confirm_password": "not the password"}
    statuses = [stale.post("/account/confirm", data=form).status_code for _ in range(FREE + 1)]
    assert statuses == [422] * FREE + [429]
    held = stale.post("/account/confirm", data=form | {"confirm_password": PASSWORD})
    assert held.status_code == 429
    assert held.headers["Retry-After"]


def test_a_form_that_is_sent_is_kept_and_done_as_soon_as_it_is_confirmed(stale: FlaskClient) -> None:
    asked = _send(stale, PAGE + "?q=1", name='"><b>x', also=["1", "2"])
    assert asked.status_code == 401
    assert f'action="{PAGE}?q=1"' in asked.text
    fields = _fields(asked.text)
    assert ("name", '"><b>x') in fields
    form: dict[str, list[str]] = {"confirm_password": [PASSWORD]}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    assert stale.post(PAGE + "?q=1", data=form).text == 'also=1|also=2|name="><b>x'
    assert stale.get(PAGE).status_code == 200


def test_a_form_with_a_wrong_password_is_kept_too(stale: FlaskClient) -> None:
    answer = _send(stale, PAGE, name="x", confirm_password="not the password")
    assert answer.status_code == 422
    assert ("name", "x") in _fields(answer.text)
    assert "not the password" not in answer.text


def test_a_form_with_a_file_leads_back_to_its_page(stale: FlaskClient) -> None:
    token = csrf_token(stale.get("/account/sessions").text)
    data = {"csrf_token": token, "file": (BytesIO(b"x"), "x.txt")}
    answer = stale.post(PAGE, data=data, headers={"Referer": f"http://localhost{PAGE}"})
    assert (answer.status_code, answer.location) == (303, f"/account/confirm?next={PAGE}")
    assert "choose it again" in stale.get(answer.location).text


def test_a_fragment_leads_the_whole_page_there(stale: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/vendor/ACME/?period=7d"}
    answer = stale.get(PAGE, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/account/confirm?next=/vendor/ACME/?period%3D7d"


def test_a_program_gets_401(stale: FlaskClient) -> None:
    answer = stale.get(PAGE, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (401, "confirm")


def test_a_form_without_its_token_is_refused_before_anything_is_asked(stale: FlaskClient) -> None:
    assert stale.post(PAGE, data={"confirm_password": PASSWORD}).status_code == 400


def test_a_session_that_was_confirmed_has_a_new_id(stale: FlaskClient, site: Flask) -> None:
    before = cookie(stale) or ""
    _send(stale, "/account/confirm", confirm_password=PASSWORD)
    assert cookie(stale) != before
    thief = site.test_client()
    thief.set_cookie("orion_staff", before)
    assert thief.get("/account/sessions").status_code == 302


def test_forms_that_are_open_elsewhere_stay_good(stale: FlaskClient) -> None:
    token = csrf_token(stale.get("/account/sessions").text)
    _send(stale, "/account/confirm", confirm_password=PASSWORD)
    assert stale.post(PAGE, data={"csrf_token": token, "a": "1"}).text == "a=1"


def test_nobody_is_led_to_another_site(stale: FlaskClient) -> None:
    answer = _send(stale, "/account/confirm", next="https://evil.example/", confirm_password=PASSWORD)
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/a?b=c", "/a?b=c"),
        ("http://localhost/a", "/a"),
        ("", "/"),
        (None, "/"),
        ("a", "/"),
        ("//evil.example/a", "/"),
        ("////evil.example", "/"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("https://evil.example/a", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x", "/aSet-Cookie:%20x"),
        ("http://[", "/"),
    ],
)
def test_only_a_page_of_this_site_is_led_to(site: Flask, given: str | None, path: str) -> None:
    with site.test_request_context():
        assert local_path(given) == path
