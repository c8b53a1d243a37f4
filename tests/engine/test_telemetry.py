"""Figures about the process, for Prometheus."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bench.slow_clients import portal
from orion.settings import SettingsError
from orion.telemetry import listen
from orion.testing import House, servers

pytestmark = pytest.mark.only_on("sqlite")
TOKEN = "a-token-for-machines"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
METRICS = """
    def broken(scope, context):
        raise RuntimeError("no")
"""
ROUTES = """
    from orion.contracts.pages import Pages

    pages = Pages(__name__)

    @pages.page("/figures", public=True)
    def figures(scope):
        return "figures"
"""
MANIFEST = """
schema: 1
code: figures
name: Figures
description: A module for tests.
version: "1.0.0"
metrics:
  - query: figures.broken
    label_key: figures.metrics.broken
    label: Broken
    frontends: [vendor]
    kind: count
    links: {vendor: "/vendor/{vendor_code}/figures"}
"""


@pytest.fixture
def counted(house: House) -> Flask:
    """Orion whose figures may be read, with a metric that fails."""
    house.module("figures", MANIFEST, metrics=METRICS, routes_vendor=ROUTES)
    return house.app(metrics_token=TOKEN)


def read(app: Flask) -> str:
    """All figures."""
    return app.test_client().get("/metrics", headers=AUTHORIZED).text


def figure(text: str, name: str, **labels: str) -> float:
    """One of them; 0 while nothing was counted."""
    for line in text.splitlines():
        if line.startswith(f"{name}{{") or line.startswith(f"{name} "):
            known = dict(re.findall(r'(\w+)="([^"]*)"', line))
            if labels.items() <= known.items():
                return float(line.rpartition(" ")[2])
    return 0.0


def test_nobody_reads_figures_where_no_one_said_so(house: House) -> None:
    app = house.app()
    assert app.test_client().get("/metrics", headers=AUTHORIZED).status_code == 404
    assert "orion_telemetry" not in app.extensions


def test_figures_are_for_the_token_alone(counted: Flask) -> None:
    client = counted.test_client()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.data) == (401, b"")
    assert client.get("/metrics", headers=AUTHORIZED).mimetype == "text/plain"


def test_requests_are_counted_by_route_and_status_and_never_by_address(
    counted: Flask, keeper: Callable[[Flask], FlaskClient]
) -> None:
    client = keeper(counted)
    for address in ("/vendor/ACME/?platform=south", "/vendor/NOBODY/", "/no/such/page"):
        client.get(address)
    client.open("/login", method="BREW")
    text, route = read(counted), "/vendor/<vendor_code>/"
    assert figure(text, "orion_requests_total", route=route, method="GET", status="200") == 1
    assert figure(text, "orion_requests_total", route=route, method="GET", status="404") == 1
    assert figure(text, "orion_requests_total", route="(none)", status="404") == 1
    assert figure(text, "orion_requests_total", method="other") == 1
    assert figure(text, "orion_request_seconds_count", route=route) == 2
    for secret in ("ACME", "NOBODY", "south", "keeper", "127.0.0", "no/such"):
        assert secret not in text


def test_statements_and_connections_are_counted(
    counted: Flask, keeper: Callable[[Flask], FlaskClient]
) -> None:
    keeper(counted).get("/account/sessions")
    text = read(counted)
    assert figure(text, "orion_statement_seconds_count", engine="read") > 0
    assert figure(text, "orion_statement_seconds_count", engine="write") > 0
    assert 'orion_connections_in_use{engine="read"} 0.0' in text


def test_figures_of_modules_are_counted_by_what_became_of_them(
    counted: Flask, keeper: Callable[[Flask], FlaskClient]
) -> None:
    client = keeper(counted)
    for _ in range(4):
        client.get("/vendor/ACME/tiles/figures.broken")
    text = read(counted)
    assert figure(text, "orion_tiles_total", metric="figures.broken", state="raised") == 3
    assert figure(text, "orion_tiles_total", metric="figures.broken", state="paused") == 1
    assert figure(text, "orion_breaker_openings_total") == 1


def test_a_port_of_their_own_gives_figures_and_nothing_else(house: House) -> None:
    port = servers.free_port()
    app = house.app(metrics_port=port)
    settings = app.extensions["settings"]
    server = listen(app, settings)
    assert server is not None
    try:
        app.test_client().get("/login")
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert figure(answer.read().decode(), "orion_requests_total", route="/login") == 1
        with pytest.raises(SettingsError, match="ORION_METRICS_PORT"):
            listen(app, settings)
    finally:
        server.shutdown()
        server.server_close()
    assert app.test_client().get("/metrics").status_code == 404


def test_processes_of_gunicorn_count_together(tmp_path: Path) -> None:
    asked = 30
    with servers.gunicorn(portal(tmp_path / "data"), metrics_token=TOKEN) as address:
        for _ in range(asked):
            with urlopen(f"{address}/login", timeout=10):
                pass
        found = {_of_gunicorn(address) for _ in range(10)}
        with pytest.raises(HTTPError):
            urlopen(f"{address}/metrics", timeout=10)
    assert found == {asked}


def _of_gunicorn(address: str) -> float:
    with urlopen(Request(f"{address}/metrics", headers=AUTHORIZED), timeout=10) as answer:
        return figure(answer.read().decode(), "orion_requests_total", route="/login", status="200")
