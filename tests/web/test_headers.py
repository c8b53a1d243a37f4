"""Headers of every answer, requests from elsewhere, and request.htmx."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from orion.testing import House, csrf_token

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with the engine alone."""
    return house.app()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A stranger's browser."""
    return site.test_client()


def test_the_content_policy_allows_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    policy = client.get("/login").headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy
    assert "data:" not in policy


@pytest.mark.parametrize("page", ["/login", "/reset", "/no/such/page"])
def test_no_page_has_inline_script_or_style(client: FlaskClient, page: str) -> None:
    html = client.get(page).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("page", ["/login", "/healthz", "/no/such/page", "/account/sessions"])
def test_every_answer_has_the_fixed_headers(client: FlaskClient, page: str) -> None:
    headers = client.get(page).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert {"HX-Request", "HX-Request-Type"} <= {v.strip() for v in headers["Vary"].split(",")}


def test_strict_transport_is_asked_for_over_https_only(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers
    asked = client.get("/login", base_url="https://localhost").headers["Strict-Transport-Security"]
    assert asked == "max-age=31536000; includeSubDomains"


def test_each_request_has_an_id_that_nobody_outside_chooses(client: FlaskClient) -> None:
    first, second = (client.get("/healthz", headers={"X-Request-Id": "forged"}) for _ in range(2))
    ids = {first.headers["X-Request-Id"], second.headers["X-Request-Id"]}
    assert len(ids) == 2
    assert "forged" not in ids


def test_no_browser_keeps_pages_and_fragments_of_a_person(
    site: Flask, keeper: Callable[[Flask], FlaskClient]
) -> None:
    client = keeper(site)
    page = client.get("/account/sessions")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in page.headers["Vary"]
    fragment = client.get("/account/sessions", headers={"HX-Request": "true"})
    assert "no-store" in fragment.headers["Cache-Control"]


def test_signing_out_lets_the_browser_forget_what_it_kept(
    site: Flask, keeper: Callable[[Flask], FlaskClient]
) -> None:
    client = keeper(site)
    assert "Clear-Site-Data" not in client.get("/account/sessions").headers
    form = {"csrf_token": csrf_token(client.get("/account/sessions").text)}
    assert client.post("/logout", data=form).headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_that_another_site_sends_is_refused_even_with_its_token(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    form = {"email": "keeper@orion.example", "csrf_token": csrf_token(client.get("/login").text)}
    answer = client.post("/login", data=form, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_what_another_site_sends_changes_nothing(site: Flask, keeper: Callable[[Flask], FlaskClient]) -> None:
    other, client = keeper(site), keeper(site)
    form = {"csrf_token": csrf_token(client.get("/account/sessions").text)}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post("/account/sessions/end-others", data=form, headers=headers).status_code == 403
        assert other.get("/account/sessions").status_code == 200
    assert client.post("/account/sessions/end-others", data=form).status_code == 303
    assert other.get("/account/sessions").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
)
def test_a_form_of_this_site_passes(client: FlaskClient, headers: dict[str, str]) -> None:
    form = {"email": "keeper@orion.example", "csrf_token": csrf_token(client.get("/login").text)}
    assert client.post("/login", data=form, headers=headers).status_code == 422


def test_a_link_from_another_site_may_be_followed(client: FlaskClient) -> None:
    assert client.get("/login", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# -- hosts ----------------------------------------------------------------------------------------


def test_a_request_to_another_host_is_refused(house: House) -> None:
    client = house.app(public_url="https://portal.example", trusted_hosts=".shops.example").test_client()
    for host in ("portal.example", "portal.example:8443", "a.shops.example"):
        assert client.get("/login", base_url=f"https://{host}").status_code == 200, host
    for host in ("evil.example", "portal.example.evil.example", "notportal.example", "localhost"):
        answer = client.get("/login", base_url=f"https://{host}")
        assert answer.status_code == 421, host
        assert "another address" in answer.text and "csrf_token" not in answer.text


def test_who_watches_the_process_may_call_it_as_they_like(house: House) -> None:
    client = house.app(public_url="https://portal.example").test_client()
    assert client.get("/healthz", base_url="http://10.0.0.7:8000").status_code == 200


def test_where_no_address_is_said_any_host_is_taken(house: House) -> None:
    for said in ({}, {"public_url": "https://portal.example", "trusted_hosts": "*"}):
        assert house.app(**said).test_client().get("/login", base_url="http://any.example").status_code == 200


# -- request.htmx ---------------------------------------------------------------------------------


def test_an_element_that_htmx_names_is_read_with_its_id(site: Flask) -> None:
    headers = {"HX-Request": "true", "HX-Source": "button#retry%20me", "HX-Target": "section"}
    with site.test_request_context(headers=headers):
        assert request.htmx.source == "button#retry%20me"  # type: ignore[attr-defined]
        assert request.htmx.source_id == "retry me"  # type: ignore[attr-defined]
        assert request.htmx.target_id is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("headers", "partial"),
    [
        ({"HX-Request": "true", "HX-Request-Type": "partial"}, True),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, False),
        ({"HX-Request": "true", "HX-Request-Type": "partial", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request-Type": "partial"}, False),
        ({}, False),
    ],
)
def test_a_fragment_is_wanted_only_by_a_partial_request(
    site: Flask, headers: dict[str, str], partial: bool
) -> None:
    with site.test_request_context(headers=headers):
        assert request.htmx.partial is partial  # type: ignore[attr-defined]
