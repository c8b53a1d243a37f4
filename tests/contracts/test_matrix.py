"""Every set of optional modules that can be on together: nothing that is left leads to, or speaks of, one
that is off."""

import ast
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from html import unescape
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from orion.app import create_app
from orion.manifest.load import parse_module
from orion.manifest.model import Manifest
from orion.settings import ROOT, Settings
from orion.testing import close, lease_demo, settings_in
from orion.testing.databases import Databases
from tests.contracts.conftest import PATIENT, PEOPLE, portal_of

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
#: What leads somewhere, and what people read: whole texts of elements, and attributes that are read out.
_LEADS = re.compile(r'<(\w+)\b[^>]*?\s(?:href|src|hx-get|hx-post|action|formaction)="(/[^"]*)"')
_SAYS = re.compile(r'>([^<>]+)<|\s(?:title|aria-label|alt|placeholder)="([^"]*)"')
#: A list's pages, and the content of a jar: words that others than their module say too.
COMMON = {"Pages", "Content"}
#: What was done, what a role may do once its module is back, and what could be on is told whatever is off.
KEEPS = re.compile(r"/(?:audit|roles|modules|manifests)(?:/|$)")


def _manifests() -> dict[str, Manifest]:
    """The manifests of this checkout, by module."""
    files = sorted((ROOT / "manifests").glob("*.yaml"))
    parsed = {file.stem: parse_module(file.read_bytes(), file.name)[0] for file in files}
    return {code: manifest for code, manifest in parsed.items() if manifest is not None}


MANIFESTS = _manifests()
OPTIONAL = tuple(code for code, manifest in MANIFESTS.items() if not manifest.core)


def _sets() -> Iterator[tuple[str, ...]]:
    """Every set of optional modules in which each has what it requires, the smallest first."""
    core = MANIFESTS.keys() - set(OPTIONAL)
    for size in range(len(OPTIONAL) + 1):
        for chosen in combinations(OPTIONAL, size):
            if all(core.union(chosen).issuperset(MANIFESTS[code].requires) for code in chosen):
                yield chosen


SETS = tuple(_sets())
#: The core alone, and the largest set without each of the modules.
EVERYDAY = tuple(dict.fromkeys(((), *(max((s for s in SETS if c not in s), key=len) for c in OPTIONAL))))


def _named(on: Sequence[str]) -> str:
    return "+".join(on) or "core"


def _names(manifest: Manifest) -> set[str]:
    """What a module calls itself and its parts, where people read it."""
    sections = [section for menu in manifest.menus.values() for section in menu]
    labels = [part.label for section in sections for part in (section, *section.items)]
    labels += [part.label for part in (*manifest.metrics, *manifest.panels, *manifest.permissions)]
    labels += [feature.description for feature in manifest.features]
    return {label for label in (manifest.name, *labels) if label}


@cache
def _samples(code: str) -> set[str]:
    """Texts of a module's sample data: the demo's people may write what another module is called."""
    files = [ROOT / "modules" / code / f"{name}.py" for name in ("samples", "seed")]
    trees = [ast.parse(file.read_text("utf-8")) for file in files if file.is_file()]
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str)}


class Walk:
    """One person follows what leads anywhere, to one page of each kind; `wrong` is what they met."""

    def __init__(self, app: Flask, client: FlaskClient, home: str, off: Sequence[str]) -> None:
        self.client, self.home, self.off = client, home, off
        self.pages = app.extensions["orion"].pages
        self.routes = app.url_map.bind("localhost")
        left = set().union(*(_names(m) | _samples(c) for c, m in MANIFESTS.items() if c not in off))
        self.names = {name: code for code in off for name in _names(MANIFESTS[code]) - left - COMMON}
        self.ids = re.compile(rf"\b(?:{'|'.join(off or ['(?!)'])})\.[a-z_]+\b")
        self.met: set[str] = set()
        self.wrong: list[str] = []

    def all(self) -> list[str]:
        """Walk from the home and the personal pages on, and ask for every tile."""
        ahead = [self.home, "/account/"]
        while ahead:
            ahead += self._open(ahead.pop())
        for code, manifest in MANIFESTS.items():
            for metric in manifest.metrics:
                if self.home.split("/")[1] in metric.frontends:
                    self._tile(metric.query, 404 if code in self.off else 200)
        return self.wrong

    def _open(self, address: str) -> list[str]:
        """Open a page, and look at what it says; gives where it leads that is new."""
        answer = self.client.get(address, buffered=True)
        if answer.status_code >= 400:
            self.wrong.append(f"{address} is {answer.status_code}")
        if answer.location:
            return [answer.location] if self._is_new(address, "a", answer.location) else []
        if answer.mimetype != "text/html":
            return []
        self._hear(address, answer.text)
        found = {(tag, unescape(link)) for tag, link in _LEADS.findall(answer.text)}
        return [link for tag, link in sorted(found) if self._is_new(address, tag, link)]

    def _is_new(self, page: str, tag: str, link: str) -> bool:
        """Whether a link is to be opened: it leads to a page that is on, and of which none was opened."""
        path = link.partition("?")[0]
        if path.startswith("/static/"):
            return False
        try:
            endpoint = self.routes.match(path, method="POST" if tag in ("form", "button") else "GET")[0]
        except HTTPException as error:
            if error.code != 405:  # A form that asks: it was opened as a page.
                self.wrong.append(f"{page} leads to {link}: {error.code}")
            return False
        spec = self.pages.get(endpoint)
        if spec is not None and spec.module in self.off:
            self.wrong.append(f"{page} leads to {link} of {spec.module}, which is off")
        if "/tiles/" in path:  # Each of them is asked for at the end.
            return False
        kind = link.partition("&period=")[0] if path.endswith("/tiles") else endpoint
        is_new = kind not in self.met and tag not in ("form", "button")
        self.met |= {kind} if is_new else set()
        return is_new

    def _hear(self, page: str, html: str) -> None:
        if KEEPS.search(page.partition("?")[0]):
            return
        said = {" ".join(unescape(text or spoken).split()) for text, spoken in _SAYS.findall(html)}
        self.wrong += [f"{page} says “{name}” of {self.names[name]}" for name in self.names.keys() & said]
        self.wrong += [f"{page} names {found}" for found in set(self.ids.findall(html))]

    def _tile(self, query: str, right: int) -> None:
        answer = self.client.get(f"{self.home}tiles/{query}", headers=HTMX)
        if answer.status_code != right or "X-Orion-Tile" in answer.headers:
            self.wrong.append(f"the tile {query} is {answer.status_code}")


@pytest.fixture(scope="module")
def place(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings with a demo's database, which all sets share: they only read."""
    settings = settings_in(tmp_path_factory.mktemp("matrix"), rate_limits=False, **PATIENT)
    url = lease_demo(databases, settings)
    yield replace(settings, database_url=url)
    databases.give_back("demo", url)


@contextmanager
def booted(settings: Settings, manifests: Path, on: Sequence[str]) -> Iterator[Flask]:
    """An application with the manifests of the core and of these modules alone."""
    shutil.copytree(ROOT / "manifests" / "platforms", manifests / "platforms")
    for code in MANIFESTS.keys() - (set(OPTIONAL) - set(on)):
        shutil.copy(ROOT / "manifests" / f"{code}.yaml", manifests)
    app = create_app(replace(settings, manifests=manifests))
    yield app
    close(app)


def _whole(settings: Settings, manifests: Path, on: Sequence[str]) -> None:
    off = [code for code in OPTIONAL if code not in on]
    with booted(settings, manifests, on) as app:
        portal = portal_of(app)
        assert set(portal.orion.registry.on) == MANIFESTS.keys() - set(off)
        wrong = {
            frontend: Walk(app, client, portal.homes[frontend], off).all()
            for frontend, client in portal.clients.items()
        }
    assert wrong == {frontend: [] for frontend in PEOPLE}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("on", EVERYDAY, ids=_named)
def test_without_any_one_module_what_is_left_is_whole(
    place: Settings, tmp_path: Path, on: tuple[str, ...]
) -> None:
    _whole(place, tmp_path, on)


@pytest.mark.long
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("on", [on for on in SETS if on not in EVERYDAY], ids=_named)
def test_every_other_set_of_modules_is_whole(place: Settings, tmp_path: Path, on: tuple[str, ...]) -> None:
    _whole(place, tmp_path, on)


@pytest.mark.long
@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("on", EVERYDAY, ids=_named)
def test_on_a_server_too_what_is_left_is_whole(place: Settings, tmp_path: Path, on: tuple[str, ...]) -> None:
    _whole(place, tmp_path, on)
