"""Files that change while the portal is asked: taken cheaply, and never in the middle of a request."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from orion.app import create_app
from orion.manifest import load
from orion.settings import ROOT, Settings
from orion.testing import House, close, minimal_manifest
from tests.engine.test_faults import METRIC, PAGE, PARTS

pytestmark = pytest.mark.only_on("sqlite")
#: Seconds of computing that taking a changed file may cost.
SEVEN, HUNDRED = 0.1, 1.0
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
    largest = max((tmp_path / "manifests").glob("*.yaml"), key=lambda file: file.stat().st_size)
    assert _cost(app, largest, cold=False) < SEVEN
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
