"""Passkeys as the server sees them: what is taken, and what is not."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from orion.identity.models import Passkey, SessionRow, User, now
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.authenticator import Authenticator, decoded, encoded
from tests.identity.conftest import KEEPER, cookie

pytestmark = pytest.mark.by_turns

SECURITY, SECOND = "/account/security", "/login/second-factor"


@pytest.fixture
def site(house: House) -> Flask:
    """The counts in the database alone."""
    return house.app(rate_limits=False)


def _asked(html: str, prefix: str = "") -> tuple[str, str]:
    """The options and the state of the ceremony of a page."""
    options = re.search(r'data-options="([^"]*)"', html)
    state = re.search(rf'name="{prefix}state" value="([^"]*)"', html)
    assert options and state
    return unescape(options[1]), unescape(state[1])


def _add(client: FlaskClient, device: Authenticator, name: str = "Phone", answer: str | None = None) -> Any:
    page = client.get(SECURITY).text
    options, state = _asked(page)
    made = answer or device.create(options)
    form = {"csrf_token": csrf_token(page), "name": name, "state": state, "credential": made}
    return client.post(f"{SECURITY}/passkeys", data=form)


def _sign_in(client: FlaskClient, device: Authenticator, **changes: str) -> Any:
    page = client.get("/login").text
    options, state = _asked(page)
    form = {"csrf_token": csrf_token(page), "state": state, "credential": device.get(options)}
    return client.post("/login/passkey?next=/account/sessions", data=form | changes)


@pytest.fixture
def signed_in(site: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The keeper's browser."""
    return sign_in(KEEPER, app=site)


@pytest.fixture
def device(signed_in: FlaskClient) -> Authenticator:
    """The keeper's device, with a passkey."""
    made = Authenticator()
    assert _add(signed_in, made).status_code == 200
    return made


def test_a_passkey_signs_in_without_address_and_password(site: Flask, device: Authenticator) -> None:
    client = site.test_client()
    answer = _sign_in(client, device)
    assert (answer.status_code, answer.location) == (303, "/account/sessions")
    assert client.get("/account/sessions").status_code == 200


def test_what_is_kept_of_a_passkey(device: Authenticator, rows: Any) -> None:
    with rows() as session:
        kept = session.scalars(select(Passkey)).one()
    assert (kept.name, kept.credential_id, json.loads(kept.transports)) == ("Phone", device.id, ["internal"])


def test_an_answer_works_once(site: Flask, device: Authenticator) -> None:
    page = site.test_client().get("/login").text
    options, state = _asked(page)
    fields = {"state": state, "credential": device.get(options)}
    statuses = []
    for _ in range(2):
        client = site.test_client()
        token = csrf_token(client.get("/login").text)
        statuses.append(client.post("/login/passkey", data=fields | {"csrf_token": token}).status_code)
    assert statuses == [303, 422]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"site": "evil.example"},
        {"knows_person": False},
        {"handle": encoded(b"somebody else")},
        {"id": b"unknown"},
        {"key": Authenticator().key},
    ],
    ids=["origin", "site", "not verified", "handle", "unknown", "another key"],
)
def test_a_wrong_answer_signs_nobody_in(site: Flask, device: Authenticator, wrong: dict[str, Any]) -> None:
    for name, value in wrong.items():
        setattr(device, name, value)
    client = site.test_client()
    answer = _sign_in(client, device)
    assert answer.status_code == 422
    assert "This passkey was not accepted." in answer.text
    assert cookie(client) is None


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", "x" * 70_000, '{"response": {}}', '{"rawId": 7, "response": {}}', "\x00"],
)
def test_junk_signs_nobody_in(site: Flask, device: Authenticator, credential: str) -> None:
    assert _sign_in(site.test_client(), device, credential=credential).status_code == 422


def test_a_forged_note_is_refused(site: Flask, device: Authenticator) -> None:
    answer = _sign_in(site.test_client(), device, state="forged")
    assert answer.status_code == 422
    assert "That took too long. Try again." in answer.text


def test_a_count_that_goes_back_is_a_copy(site: Flask, device: Authenticator) -> None:
    device.count = 5
    assert _sign_in(site.test_client(), device).status_code == 303
    device.count = 2
    assert _sign_in(site.test_client(), device).status_code == 422


def test_who_is_switched_off_is_not_let_in(site: Flask, device: Authenticator, rows: Any) -> None:
    with rows() as session:
        session.execute(update(User).values(active=False))
    assert _sign_in(site.test_client(), device).status_code == 422


def test_an_answer_for_one_use_is_none_for_another(site: Flask, device: Authenticator, post: Any) -> None:
    client = site.test_client()
    post(client, "/login", email=KEEPER, password=PASSWORD)
    page = client.get(SECOND).text
    options, state = _asked(page)
    form = {"csrf_token": csrf_token(page), "state": state, "credential": device.get(options)}
    assert client.post("/login/passkey", data=form).status_code == 422
    answer = client.post(SECOND, data=form | {"by": "passkey"})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_second_factor_need_not_know_its_person(site: Flask, device: Authenticator, post: Any) -> None:
    device.knows_person = False
    client = site.test_client()
    post(client, "/login", email=KEEPER, password=PASSWORD)
    page = client.get(SECOND).text
    options, state = _asked(page)
    form = {"csrf_token": csrf_token(page), "by": "passkey", "state": state}
    assert client.post(SECOND, data=form | {"credential": device.get(options)}).status_code == 303


def test_a_passkey_confirms_that_it_is_you(signed_in: FlaskClient, device: Authenticator, rows: Any) -> None:
    with rows() as session:
        session.execute(update(SessionRow).values(fresh_until=now()))
    page = signed_in.get("/account/confirm?next=/account/security").text
    options, state = _asked(page, "confirm_")
    form = {"csrf_token": csrf_token(page), "confirm_state": state, "confirm_credential": device.get(options)}
    answer = signed_in.post("/account/confirm", data=form | {"next": SECURITY})
    assert (answer.status_code, answer.location) == (303, SECURITY)
    with rows() as session:
        assert session.scalars(select(SessionRow)).one().fresh_until > now()


def test_the_same_passkey_is_not_added_twice(signed_in: FlaskClient, device: Authenticator) -> None:
    answer = _add(signed_in, device, name="Again")
    assert answer.status_code == 422
    assert "This passkey is known already." in answer.text


def test_a_passkey_of_another_site_is_not_added(signed_in: FlaskClient) -> None:
    answer = _add(signed_in, Authenticator(origin="https://evil.example"))
    assert answer.status_code == 422
    assert "This passkey was not accepted." in answer.text


def test_somebody_elses_passkey_can_be_neither_renamed_nor_removed(
    signed_in: FlaskClient, device: Authenticator
) -> None:
    token = csrf_token(signed_in.get(SECURITY).text)
    for what in ("name", "remove"):
        answer = signed_in.post(
            f"{SECURITY}/passkeys/aaaaaaaaaaaaaa/{what}", data={"csrf_token": token, "name": "x"}
        )
        assert answer.status_code == 404


def test_the_last_way_in_is_not_removed(signed_in: FlaskClient, device: Authenticator, rows: Any) -> None:
    with rows() as session:
        session.execute(update(User).values(password=None))
        public_id = session.scalars(select(Passkey.public_id)).one()
    token = csrf_token(signed_in.get(SECURITY).text)
    answer = signed_in.post(f"{SECURITY}/passkeys/{public_id}/remove", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "This passkey is your only way in." in answer.text


def test_at_an_address_of_numbers_no_passkey_is_offered(site: Flask, device: Authenticator) -> None:
    page = site.test_client().get("/login", base_url="http://127.0.0.1:8000").text
    assert "data-passkey" not in page
    assert "signin.js" not in page


def test_the_installations_own_address_is_the_site(house: House) -> None:
    app = house.app(public_url="https://portal.example")
    options, _state = _asked(app.test_client().get("/login", base_url="https://portal.example").text)
    assert json.loads(options)["rpId"] == "portal.example"


def test_a_challenge_is_never_the_same(site: Flask) -> None:
    asked = {_asked(site.test_client().get("/login").text)[0] for _ in range(3)}
    challenges = {json.loads(options)["challenge"] for options in asked}
    assert len(challenges) == 3
    assert all(len(decoded(one)) == 32 for one in challenges)
