"""Every module of this checkout that has a manifest, one after the other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.identity.services import create_user
from orion.installation import Installation
from orion.loader import package_folder
from orion.settings import Settings
from orion.testing import PASSWORD, client_of, settings_in, shared_demo
from orion.testing.databases import Databases
from tests.contracts.people import Everybody, Limited

#: On a busy machine a figure may take its time: how long it may take is tested elsewhere.
PATIENT = {"metric_statement_deadline": 30.0, "metric_deadline": 40.0, "batch_deadline": 60.0}
Pages = dict[str, tuple[str, str]]
PEOPLE = {"admin": "admin@orion.example", "vendor": "owner@orion.example"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `code` runs once for each module."""
    if "code" in metafunc.fixturenames:
        metafunc.parametrize("code", _codes())


def _codes() -> list[str]:
    settings = Settings()
    folder = package_folder(settings)
    found = [path.stem for path in sorted(settings.manifests.glob("*.yaml"))]
    return [code for code in found if folder and (folder / code / "__init__.py").is_file()]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of all tests, with patience."""
    return replace(settings, **PATIENT)  # type: ignore[arg-type]


@dataclass
class Portal:
    """A portal with somebody signed in on each frontend, and the address of each frontend's home."""

    app: Flask
    clients: dict[str, FlaskClient]
    homes: dict[str, str]
    #: Endpoint → the address of such a page, of those that links were followed to.
    found: dict[str, str] = field(default_factory=dict)

    @property
    def orion(self) -> Installation:
        """The installation."""
        orion: Installation = self.app.extensions["orion"]
        return orion

    def get(self, frontend: str, address: str, **arguments: Any) -> Any:
        """An answer to the person of this frontend; in a shop to a stranger."""
        client = self.clients.get(frontend) or self.app.test_client()
        return client.open(address, **{"method": "GET", **arguments})

    def address(self, frontend: str, route: str) -> str:
        """A manifest's route, at the home's vendor."""
        home = self.homes.get(frontend, self.homes["vendor"])
        return route.replace("{vendor_code}", home.strip("/").split("/")[-1])

    def pages(self, code: str) -> list[Any]:
        """The policies of a module's pages that can be looked at; those of nobody's place have no link."""
        pages = self.orion.modules[code].pages
        return [spec for spec in pages if "GET" in spec.methods and spec.frontend in self.homes]


@pytest.fixture(scope="module")
def portal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demo, for all tests of a file: they only read."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("portal"), **PATIENT)) as app:
        yield portal_of(app)


def portal_of(app: Flask) -> Portal:
    """A demo with the installation's administrator, and the owner of a vendor on several platforms."""
    clients = {frontend: client_of(app, email) for frontend, email in PEOPLE.items()}
    return Portal(app, clients, {frontend: _home(client) for frontend, client in clients.items()})


@pytest.fixture(scope="session")
def crawled(databases: Databases) -> Pages:
    """What was found once: every demo is a copy of the same."""
    return {}


@pytest.fixture(scope="module")
def pages(portal: Portal, crawled: Pages) -> Pages:
    """Endpoint → (frontend, address) of each page; what isn't a page but a picture or a file is left out."""
    from tests.contracts.crawling import every_page

    if not crawled:
        found = every_page(portal)
        crawled |= {e: (f, at) for e, (f, at) in found.items() if portal.get(f, at).mimetype == "text/html"}
    return {endpoint: (f, _there(portal, endpoint, f, at)) for endpoint, (f, at) in crawled.items()}


def _there(portal: Portal, endpoint: str, frontend: str, address: str) -> str:
    """The address of such a page in this demo: what the demo's own beginning wrote, as signing in does, is
    another row here."""
    if portal.get(frontend, address).status_code != 404:
        return address
    routes = portal.app.url_map.bind("localhost")
    listed = links(portal.get(frontend, address.rpartition("/")[0]).text)
    return next(at for at in listed if routes.match(at.partition("?")[0])[0] == endpoint)


@pytest.fixture
def rights(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Limited:
    """`rights.only = {…}` takes everything else away from everybody."""
    limited = Limited(portal.orion.permission_source)
    monkeypatch.setattr(Installation, "permission_source", property(lambda _self: limited))
    return limited


@pytest.fixture
def unsown(app: Flask, monkeypatch: pytest.MonkeyPatch, sign_in: Callable[..., FlaskClient]) -> Portal:
    """A portal without any row, where one person may do everything."""
    everybody = Everybody()
    monkeypatch.setattr(Installation, "permission_source", property(lambda _self: everybody))
    with app.app_context():
        create_user("first@orion.example", "First", PASSWORD)
    client = sign_in("first@orion.example", app=app)
    return Portal(app, {"admin": client, "vendor": client}, {"admin": "/admin/", "vendor": _home(client)})


def _home(client: FlaskClient) -> str:
    return str(client.get("/").location)


def links(html: str) -> list[str]:
    """Where a page's links lead, on this site."""
    return [unescape(href) for href in re.findall(r'<a\b[^>]*?\shref="(/[^"]*)"', html)]
