"""What a stranger can ask of the portal beyond its pages: nothing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.settings import Settings
from orion.testing import House

pytestmark = pytest.mark.only_on("sqlite")
CANARY = "canary-of-a-header"


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with the engine alone, as it is outside of the demo."""
    return house.app(demo=False)


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A stranger's browser."""
    return site.test_client()


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "BREW"])
def test_a_method_that_no_page_takes_is_refused_and_echoes_nothing(client: FlaskClient, method: str) -> None:
    answer = client.open("/login", method=method, headers={"X-Canary": CANARY})
    assert answer.status_code == 405
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/.git/config",
        "/.env",
        "/orion/settings.py",
        "/manifests/keeper.yaml",
        "/instance/orion.db",
        "/secret.key",
        "/static/",
        "/static/vendor/",
        "/static/../orion/settings.py",
        "/static/%2e%2e/orion/settings.py",
        "/_mail",
        "/metrics",
        "/console",
        "/graphql",
    ],
)
def test_no_file_of_the_checkout_and_no_tool_is_served(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_no_other_site_may_read_an_answer(client: FlaskClient) -> None:
    for method in ("GET", "OPTIONS"):
        answer = client.open("/login", method=method, headers={"Origin": "https://evil.example"})
        assert [name for name, _value in answer.headers if name.startswith("Access-Control-")] == []


def test_every_answer_says_what_it_is(client: FlaskClient) -> None:
    for address, kind in (
        ("/login", "text/html; charset=utf-8"),
        ("/no/such/page", "text/html; charset=utf-8"),
        ("/static/orion.css", "text/css; charset=utf-8"),
        ("/static/orion.js", "text/javascript; charset=utf-8"),
    ):
        assert client.get(address).headers["Content-Type"] == kind, address
    assert client.get("/healthz").mimetype == "application/json"


def test_nothing_runs_in_a_mode_for_developers(site: Flask) -> None:
    assert not site.debug
    assert not site.config["EXPLAIN_TEMPLATE_LOADING"]
    assert not site.config["PROPAGATE_EXCEPTIONS"]


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/login", data=b"x" * (33 * 1024 * 1024), content_type="application/octet-stream")
    assert answer.status_code in (400, 413)
    assert "Traceback" not in answer.text


def test_the_scripts_keep_nothing_in_the_browser() -> None:
    for script in Settings().static.glob("*.js"):
        text = script.read_text()
        assert not re.search(r"localStorage|sessionStorage|indexedDB|caches\.", text), script
        assert all("theme" in line for line in text.splitlines() if "document.cookie" in line), script
