"""Files that change while the portal is asked: soon taken, cheaply, and never half."""

import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from flask import Flask

from orion.app import create_app
from orion.manifest import load
from orion.settings import ROOT, Settings
from orion.testing import House, close, csrf_token, fill_demo, minimal_manifest
from orion.testing.apps import PASSWORD
from orion.testing.servers import embedded
from tests.engine.test_faults import METRIC, PAGE, PARTS

pytestmark = pytest.mark.only_on("sqlite")
#: Seconds of computing that taking a changed file may cost.
SEVEN, HUNDRED = 0.1, 1.0
#: Seconds of the storm, requests a second in all, and who asks.
STORM, RATE, ASKERS = 30.0, 50, 8
HOME = "/vendor/WIZAMART"
#: A page that comes and goes → the tile that comes and goes with it.
SWITCHED = {f"{HOME}/pages": "cms.pages", f"{HOME}/imports": "marketplace.import_jobs"}
#: A page before whose menu is made the registry is swapped.
SWAPPING = PAGE.replace(
    'return "{code} is here"',
    """
        from flask import current_app
        from orion.contracts.pages import render
        current_app.extensions["swap"]()
        return render("alpha/menu.html")
""",
)


def _cost(app: Flask, file: Path, cold: bool) -> float:
    """Seconds of computing of the cheapest of some reloads after a change of one file."""
    orion, found = app.extensions["orion"], []
    for number in range(4):
        file.write_text(file.read_text() + f"# {number}\n")
        if cold:
            load._module.cache_clear()
        begun = time.process_time()
        assert orion.refresh()
        found.append(time.process_time() - begun)
    return min(found)


def test_a_changed_file_is_taken_for_a_tenth_of_a_second_of_computing(
    settings: Settings, database: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    app = create_app(replace(settings, database_url=database, manifests=tmp_path / "manifests"))
    assert _cost(app, tmp_path / "manifests" / "orders.yaml", cold=False) < SEVEN
    close(app)


def test_a_hundred_modules_are_read_anew_for_a_second_of_computing(house: House) -> None:
    for number in range(100):
        code = f"made{number}"
        manifest = minimal_manifest(code, PARTS.format(code=code))
        house.module(code, manifest, routes_vendor=PAGE.replace("{code}", code), metrics=METRIC)
    app = house.app()
    assert len(app.extensions["orion"].registry.on) == 101
    assert _cost(app, house.root / "manifests" / "made7.yaml", cold=True) < HUNDRED


def test_a_request_keeps_the_registry_that_it_began_with(
    house: House, keeper: Callable[[Flask], Any]
) -> None:
    for code, page in (("alpha", SWAPPING), ("beta", PAGE)):
        routes = page.replace("{code}", code)
        house.module(
            code, minimal_manifest(code, PARTS.format(code=code)), routes_vendor=routes, metrics=METRIC
        )
    house.module("alpha", house.text("alpha"), **{"templates/menu.html": '{% extends "layout.html" %}'})
    app = house.app()
    client, orion = keeper(app), app.extensions["orion"]
    text, link = house.text("beta"), 'href="/vendor/ACME/beta"'

    def swap() -> None:
        house.manifest("beta", text.replace("version:", "enabled: false\nversion:"))
        orion.refresh()

    app.extensions["swap"] = swap
    assert link in client.get("/vendor/ACME/alpha").text
    assert orion.registry.state("beta") == "off"
    assert link not in client.get("/vendor/ACME/alpha").text


@pytest.mark.long
def test_a_storm_of_requests_while_files_change_meets_no_error_and_no_mixed_page(
    settings: Settings, tmp_path: Path
) -> None:
    fill_demo(settings)
    folder = tmp_path / "manifests"
    shutil.copytree(ROOT / "manifests", folder)
    own = {"manifests": folder, "watch_every": 0.2, "jobs_beside": 0, "rate_limits": 0, "demo": 1}
    with embedded(settings.data, secret_key=settings.secret_key, **own) as address:
        storm = Storm(address, folder)
        storm.blow()
    assert storm.wrong == []
    assert storm.met.total() > STORM * RATE / 2
    for page in SWITCHED:
        assert storm.met[page, 200] and storm.met[page, 404], storm.met


class Storm:
    """Some who ask and one who switches; `met` counts answers by page and status, `wrong` says what was."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.met: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self.until = 0.0

    def blow(self) -> None:
        """Until the time is over."""
        openers = [self._signed_in() for _ in range(ASKERS)]
        self.until = time.monotonic() + STORM
        threads = [threading.Thread(target=self._ask, args=(one,)) for one in openers]
        for thread in threads:
            thread.start()
        self._switch()
        for thread in threads:
            thread.join()

    def _signed_in(self) -> OpenerDirector:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        page = opener.open(f"{self.address}/login", timeout=30).read().decode()
        form = {"email": "owner@orion.example", "password": PASSWORD, "csrf_token": csrf_token(page)}
        opener.open(f"{self.address}/login", urlencode(form).encode(), timeout=30).read()
        return opener

    def _ask(self, opener: OpenerDirector) -> None:
        while time.monotonic() < self.until:
            for page in (f"{HOME}/", *SWITCHED):
                begun = time.monotonic()
                status, html = _answer(opener, self.address + page)
                self.met[page, status] += 1
                self.wrong += [f"{page} is {status}: {said}" for said in _mixed(page, status, html)]
                time.sleep(max(0.0, ASKERS / RATE - (time.monotonic() - begun)))

    def _switch(self) -> None:
        """A module in the installation, and another on each platform, every second."""
        cms = self.folder / "cms.yaml"
        files = [cms, *sorted((self.folder / "platforms").glob("*.yaml"))]
        whole = {file: file.read_text() for file in files}
        off = {file: text + "modules: {marketplace: false}\n" for file, text in whole.items()}
        off[cms] = whole[cms].replace("version:", "enabled: false\nversion:", 1)
        while time.monotonic() < self.until:
            for texts in (off, whole):
                for file, text in texts.items():
                    file.write_text(text)
                time.sleep(1)


def _answer(opener: OpenerDirector, url: str) -> tuple[int, str]:
    try:
        with opener.open(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def _mixed(page: str, status: int, html: str) -> list[str]:
    """What in one answer can't be of one registry."""
    found = [] if status in (200, 404) else ["no such answer"]
    menu = set(re.findall(r'href="([^"]*)"', html.partition("<nav")[2].partition("</nav>")[0]))
    if page in SWITCHED and menu and (page in menu) != (status == 200):
        found.append("its own menu says otherwise")
    if page == f"{HOME}/" and status == 200:
        shown = {other: f'"{HOME}/tiles/{tile}' in html for other, tile in SWITCHED.items()}
        found += [f"{other} and its tile" for other, there in shown.items() if there != (other in menu)]
    return found
