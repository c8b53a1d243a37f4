"""Whatever is wrong with a module or a file: the portal answers, the others work, and the fault is named.

One application has all modules whose Python is wrong at once; files are broken and mended in it, one by one.
"""

import os
import shutil
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.manifest import load
from orion.testing import client_of, minimal_manifest, settings_in
from orion.testing.databases import Databases
from orion.testing.house import House, first_revision, housed

pytestmark = pytest.mark.long_on("postgresql")
TOKEN = "a-token-for-machines"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
ACME = "/vendor/ACME"

PAGE = """
    from orion.contracts.pages import Pages
    pages = Pages(__name__)

    @pages.page("/{code}", permission="{code}.view")
    def index(scope):
        return "{code} is here"
"""
METRIC = """
    from orion.contracts.metrics import MetricValue

    def count(scope, context):
        return MetricValue(7)
"""
PARTS = """
    features: {{extra: Something more}}
    permissions:
      - {{id: {code}.view, label: View, label_key: {code}.permissions.view, category: {code}}}
    menus:
      vendor:
        - id: {code}
          label_key: {code}.menu.{code}
          label: Section of {code}
          icon: home
          items:
            - id: {code}
              label_key: {code}.menu.all
              label: All
              icon: home
              route: "/vendor/{{vendor_code}}/{code}"
    metrics:
      - query: {code}.count
        label_key: {code}.metrics.count
        label: Count
        frontends: [vendor]
        kind: count
        permission: {code}.view
        links: {{vendor: "/vendor/{{vendor_code}}/{code}"}}
"""
MAPPER = """
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from orion.contracts.models import BigId, module_base

    Base = module_base(__name__)

    class Thing(Base):
        __tablename__ = "mapper_thing"
        id: Mapped[int] = mapped_column(BigId, primary_key=True)
        other = relationship("NoSuchClass")
"""
STARTS = """
    from orion.contracts.pages import Pages
    pages = Pages(__name__)

    @pages.page("/starts", public=True)
    def index(scope):
        return "starts is here"

    @pages.record_once
    def begin(state):
        raise RuntimeError("no luck at the start")
"""
DOORS = """
    from orion.contracts.pages import Pages
    pages = Pages(__name__)

    @pages.route("/doors")
    def open_door():
        return ""
"""
#: Module → (its files, its manifest's further lines, what names the fault).
PYTHON: dict[str, tuple[dict[str, str], str, str]] = {
    "imports": ({"services": "import nothing_of_that_name"}, "", "nothing_of_that_name"),
    "syntax": ({"services": "def broken(:\n    pass"}, "", "SyntaxError"),
    "raises": ({"routes_vendor": "raise RuntimeError('no luck today')"}, "", "no luck today"),
    "leaves": ({"services": "raise SystemExit(3)"}, "", "SystemExit"),
    "mapper": ({"models": MAPPER}, "", "NoSuchClass"),
    "starts": ({"routes_vendor": STARTS}, "", "no luck at the start"),
    "behind": ({"migrations/0001_thing.py": first_revision("behind")}, "", "orion db upgrade"),
    "needs": ({}, "requires: [imports]\n", "it requires imports, which is quarantined"),
    "lacks": ({}, "requires: [ghost]\n", 'lacks requires "ghost", which has no manifest'),
    "newer": ({}, 'requires_orion: ">=99"\n', "needs Orion >=99"),
    "circle": ({}, "requires: [round]\n", "modules require each other in a circle"),
    "round": ({}, "requires: [circle]\n", "modules require each other in a circle"),
    "nothing": (
        {},
        "metrics: [{query: nothing.count, label: x, frontends: [vendor], kind: count}]\n",
        "has no function",
    ),
    "never": ({}, "lable: never right\n", 'unknown key "lable"'),
    "doors": ({"routes_vendor": DOORS}, "", "states neither a permission nor that it is public"),
    "rights": ({"routes_vendor": PAGE.replace("{code}", "rights")}, "", '"rights.view" is not declared'),
    "homeless": ({}, "", "there is no folder"),
}


def _replaced(old: str, new: str) -> Callable[[str], bytes]:
    def fault(text: str) -> bytes:
        assert old in text
        return text.replace(old, new, 1).encode()

    return fault


#: What is done to the text of a manifest that was good → what names the fault.
FILES: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda text: b"", "beta.yaml:1:1"),
    "half": (lambda text: text[: text.index("category:")].encode(), "beta.yaml"),
    "tabs": (_replaced("  - {id: beta.view", "\t- {id: beta.view"), "tab"),
    "a key twice": (_replaced("version:", "name: Again\nversion:"), 'the key "name"'),
    "not UTF-8": (lambda text: text.encode().replace(b"Beta", b"B\xe9ta", 1), "UTF-8"),
    "a null byte": (lambda text: text.encode().replace(b"Beta", b"B\x00ta", 1), "beta.yaml"),
    "a list": (lambda text: b"- one\n- two\n", "beta.yaml:1:1"),
    "another type": (_replaced("features: {extra: Something more}", "features: 3"), "features"),
    "an unknown key": (_replaced("version:", "lable: x\nversion:"), "lable"),
    "an unknown icon": (_replaced("icon: home", "icon: hoem"), 'there is no icon "hoem"'),
    "an unknown permission": (_replaced("id: beta.view", "id: beta.see"), "beta.view"),
    "an unknown route": (_replaced("{vendor_code}/beta", "{vendor_code}/bta"), "no page answers"),
    "a metric without function": (_replaced("query: beta.count", "query: beta.cuont"), "is no metric"),
    "a requirement that isn't there": (_replaced("version:", "requires: [ghost]\nversion:"), "ghost"),
    "a later Orion": (_replaced("version:", 'requires_orion: ">=99"\nversion:'), "needs Orion"),
    "another code": (_replaced("code: beta", "code: betta"), "betta"),
    "an anchor": (_replaced("name: Beta", "name: &a Beta"), "beta.yaml:3"),
    "a requirement of itself": (_replaced("version:", "requires: [beta]\nversion:"), "beta"),
    "much too large": (lambda text: (text + "#" * 2_000_000).encode(), "beta.yaml"),
}


@dataclass
class Place:
    """The application with its wrong modules, somebody who is signed in, and the good text of beta."""

    house: House
    app: Flask
    client: FlaskClient
    good: str

    @property
    def file(self) -> Path:
        """The manifest that is broken and mended."""
        return self.house.root / "manifests" / "beta.yaml"

    def refresh(self) -> None:
        """Look at the files, as the watcher does."""
        self.app.extensions["orion"].refresh()

    def others_work(self) -> None:
        """Pages, tiles, menus and the administration of the module that is all right."""
        assert self.client.get(f"{ACME}/alpha").text == "alpha is here"
        home = self.client.get(f"{ACME}/")
        assert home.status_code == 200 and f'href="{ACME}/alpha"' in home.text
        tile = self.client.get(f"{ACME}/tiles/alpha.count", headers=HTMX)
        assert tile.status_code == 200 and "X-Orion-Tile" not in tile.headers and "7" in tile.text

    def named(self, code: str, said: str) -> None:
        """The administration and whoever watches are told; nothing is answered by a traceback."""
        ready = self.client.get("/readyz", headers=AUTHORIZED)
        assert ready.status_code == 200 and ready.json["status"] == "degraded"
        assert said in str(ready.json), ready.json
        for address in ("/admin/modules", f"/admin/modules/{code}"):
            page = self.client.get(address)
            assert page.status_code == 200 and "Traceback" not in page.text
        assert said in unescape(self.client.get("/admin/modules").text)


@pytest.fixture(scope="module")
def place(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """See the file."""
    folder = tmp_path_factory.mktemp("faults")
    with housed(folder, databases, settings_in(folder)) as house:
        for code in ("alpha", "beta"):
            manifest = minimal_manifest(code, PARTS.format(code=code))
            house.module(code, manifest, routes_vendor=PAGE.replace("{code}", code), metrics=METRIC)
        for code, (files, more, _said) in PYTHON.items():
            if code != "homeless":
                house.module(code, minimal_manifest(code, more), **files)
        house.manifest("homeless", minimal_manifest("homeless"))
        app = house.app(metrics_token=TOKEN)
        yield Place(house, app, client_of(app, "keeper@orion.example"), _text(house))


def _text(house: House) -> str:
    return textwrap.dedent((house.root / "manifests" / "beta.yaml").read_text())


@pytest.fixture
def at(place: Place) -> Iterator[Place]:
    """The same, mended afterwards."""
    yield place
    if place.file.is_dir():
        place.file.rmdir()
    place.file.write_text(place.good)
    place.refresh()
    assert place.app.extensions["orion"].registry.state("beta") == "on"


@pytest.mark.parametrize("code", PYTHON)
def test_a_module_that_is_wrong_is_quarantined_alone_and_named(at: Place, code: str) -> None:
    registry = at.app.extensions["orion"].registry
    assert registry.state(code) == "quarantined"
    at.others_work()
    at.named(code, PYTHON[code][2])
    assert at.client.get(f"{ACME}/{code}").status_code == 404


@pytest.mark.parametrize("fault", FILES)
def test_a_file_that_breaks_harms_nobody_and_is_named(at: Place, fault: str) -> None:
    broken, said = FILES[fault]
    at.file.write_bytes(broken(at.good))
    at.refresh()
    at.others_work()
    assert at.client.get(f"{ACME}/beta").text == "beta is here"
    at.named("beta", said)
    assert at.app.extensions["orion"].registry.stale_manifests == ("beta",)


def test_a_file_that_may_not_be_read_is_named(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    read = load._bytes

    def refused(path: Path) -> bytes:
        if path == at.file:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(load, "_bytes", refused)
    at.file.touch()
    at.refresh()
    at.others_work()
    at.named("beta", "the file can't be read: Permission denied")
    monkeypatch.undo()


def test_a_folder_in_the_place_of_a_file_is_named(at: Place) -> None:
    at.file.unlink()
    at.file.mkdir()
    at.refresh()
    at.others_work()
    at.named("beta", "it is no file")


def test_a_file_that_is_gone_means_off_and_says_so(at: Place) -> None:
    at.file.unlink()
    at.refresh()
    at.others_work()
    assert "there is no manifests/beta.yaml" in at.client.get("/admin/modules").text
    assert at.client.get(f"{ACME}/beta").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema: 1\ncode: south\nhuu: 30\n", "unknown key"),
        ("schema: 1\ncode: south\nmodules: [beta", "south.yaml"),
        ("schema: 1\ncode: north\n", "north"),
    ],
)
def test_a_platforms_file_that_is_wrong_is_named(at: Place, text: str, said: str) -> None:
    file = at.house.root / "manifests" / "platforms" / "south.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    try:
        at.refresh()
        at.others_work()
        page = at.client.get("/admin/modules").text
        assert "manifests/platforms/south.yaml:" in page and said in unescape(page)
        assert "south.yaml" in str(at.client.get("/readyz", headers=AUTHORIZED).json)
        assert at.client.get("/admin/manifests/platforms/south").status_code == 200
    finally:
        file.unlink()
        at.refresh()


def test_python_that_is_newer_than_the_process_needs_a_restart_and_says_so(at: Place) -> None:
    folder = at.house.root / at.house.package
    routes = folder / "alpha" / "routes" / "vendor.py"
    assert "A restart of every process" not in at.client.get("/admin/modules/alpha").text
    later = time.time() + 60
    os.utime(routes, (later, later))
    (folder / "brandnew").mkdir()
    (folder / "brandnew" / "__init__.py").touch()
    try:
        assert "A restart of every process" in at.client.get("/admin/modules/alpha").text
        assert 'href="/admin/modules/brandnew"' in at.client.get("/admin/modules").text
        assert "its Python package is newer" in at.client.get("/admin/modules/brandnew").text
    finally:
        os.utime(routes, (1, 1))
        shutil.rmtree(folder / "brandnew")


def test_who_may_manage_modules_is_told_why_a_page_is_not_there(at: Place) -> None:
    at.house.manifest("beta", at.good.replace("version:", "enabled: false\nversion:"))
    at.refresh()
    page = at.client.get(f"{ACME}/beta")
    assert page.status_code == 404
    assert "The module beta is off: its manifest says enabled: false" in page.text
    assert 'href="/admin/modules/beta"' in page.text
    stranger: Any = at.app.test_client().get(f"{ACME}/beta")
    assert (stranger.status_code, "beta is off" in stranger.text) == (404, False)
