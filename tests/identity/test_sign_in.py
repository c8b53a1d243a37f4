"""Signing in and out, and what strangers meet."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from orion.identity.models import User
from orion.testing import PASSWORD, csrf_token
from tests.identity.conftest import KEEPER, cookie, words

pytestmark = pytest.mark.by_turns


def test_the_right_password_opens_the_page_that_was_asked_for(client: FlaskClient, post: Any) -> None:
    answer = post(client, "/login?next=/account/sessions", email=KEEPER, password=PASSWORD)
    assert answer.status_code in (302, 303)
    assert answer.headers["Location"] == "/account/sessions"
    assert client.get("/account/sessions").status_code == 200


def test_capital_letters_in_an_address_do_not_matter(client: FlaskClient, post: Any) -> None:
    assert post(client, "/login", email=KEEPER.upper(), password=PASSWORD).status_code in (302, 303)


def test_a_wrong_password_and_an_unknown_person_read_the_same(client: FlaskClient, post: Any) -> None:
    wrong = post(client, "/login", email=KEEPER, password="not the password")
    unknown = post(client, "/login", email="nobody@orion.example", password="not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert words(wrong.text) == words(unknown.text)
    assert "password is wrong" in wrong.text


def test_a_login_form_without_its_token_is_refused(client: FlaskClient) -> None:
    client.get("/login")
    answer = client.post("/login", data={"email": KEEPER, "password": PASSWORD})
    assert answer.status_code == 400
    assert cookie(client) is None


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, post: Any, elsewhere: str) -> None:
    answer = post(client, "/login", email=KEEPER, password=PASSWORD, next=elsewhere)
    assert answer.status_code in (302, 303)
    there = urlsplit(urljoin("http://localhost/login", answer.headers.get("Location", "")))
    assert (there.scheme, there.netloc) == ("http", "localhost")


def test_a_stranger_is_sent_to_the_login_page_and_back(client: FlaskClient) -> None:
    answer = client.get("/account/sessions?lang=en")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/account/sessions?lang%3Den"


def test_a_fragment_for_a_stranger_moves_the_whole_page_to_the_login(client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/vendor/ACME/?period=7d"}
    answer = client.get("/account/sessions", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/vendor/ACME/?period%3D7d"


def test_a_program_without_a_session_gets_401(client: FlaskClient) -> None:
    answer = client.get("/account/sessions", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["status"] == 401


def test_signing_out_needs_a_form(site: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    client = sign_in(KEEPER, app=site)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 400
    assert client.get("/account/sessions").status_code == 200


def test_a_cookie_copied_before_the_logout_is_dead_after_it(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    client = sign_in(KEEPER, app=site)
    thief = site.test_client()
    thief.set_cookie("orion_staff", cookie(client) or "")
    assert thief.get("/account/sessions").status_code == 200
    post(client, "/account/sessions", to="/logout")
    assert cookie(client) is None
    assert thief.get("/account/sessions").status_code == 302


def test_no_cookie_remembers_a_person_beyond_the_session(client: FlaskClient, post: Any) -> None:
    post(client, "/login", email=KEEPER, password=PASSWORD, remember="y")
    assert cookie(client) is not None
    assert cookie(client, "remember_token") is None


def test_a_person_who_is_switched_off_is_out_at_once(
    site: Flask, sign_in: Callable[..., FlaskClient], rows: Any
) -> None:
    client = sign_in(KEEPER, app=site)
    with rows() as session:
        session.execute(update(User).values(active=False))
    assert client.get("/account/sessions").status_code == 302


def test_a_person_who_is_switched_off_cannot_sign_in(client: FlaskClient, post: Any, rows: Any) -> None:
    with rows() as session:
        session.execute(update(User).values(active=False))
    assert post(client, "/login", email=KEEPER, password=PASSWORD).status_code == 422


def test_a_signed_in_person_who_opens_the_login_page_is_led_on(
    site: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    answer = sign_in(KEEPER, app=site).get("/login")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_no_token_in_a_header_or_address_signs_anybody_in(site: Flask, person: Callable[[], User]) -> None:
    with site.test_request_context():
        token = person().get_auth_token()
    stranger = site.test_client()
    headers = {"Authentication-Token": token}
    assert stranger.get(f"/account/sessions?auth_token={token}", headers=headers).status_code == 302


def test_a_login_page_is_never_kept_by_the_browser(client: FlaskClient) -> None:
    answer = client.get("/login")
    assert csrf_token(answer.text)
    assert answer.headers["Cache-Control"] == "private, no-store"
