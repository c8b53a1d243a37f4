"""`orion modules` and `orion features` on the demo, as people run them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from jsonschema import Draft202012Validator

from orion.cli import orion
from orion.manifest.reader import read
from orion.settings import ROOT

Run = Callable[..., Result]


@pytest.fixture
def run(portal: Flask) -> Run:
    """`run("modules", "why", …)` runs `orion modules why …` on the demo."""
    return lambda *arguments: portal.test_cli_runner().invoke(orion, arguments)


def test_why_says_it_for_a_vendor_on_two_platforms(run: Run) -> None:
    said = json.loads(run("modules", "why", "orders", "--vendor", "WIZAMART", "--json").stdout)
    assert said[0]["name"] == "orders"
    assert said[0]["on"] is True
    assert said[0]["file"] == "manifests/orders.yaml"
    assert len(said[0]["decisions"]) == 2
    assert {one["name"] for one in said[1:]} >= {"orders.order_entry"}


def test_why_says_it_in_lines_for_people(run: Run) -> None:
    lines = run("modules", "why", "customers", "--platform", "oms").stdout.splitlines()
    assert "core" in lines[0]
    assert "(manifests/customers.yaml:" in lines[0]
    assert [line.split()[1] for line in lines] == ["on"] * len(lines)


def test_why_refuses_a_platform_that_is_nowhere(run: Run) -> None:
    assert "nowhere" in str(run("modules", "why", "orders", "--platform", "nowhere").exception)


def test_the_schema_that_is_written_offers_what_is_here_and_allows_every_manifest(
    run: Run, tmp_path: Path
) -> None:
    written = [Path(line) for line in run("schema", "write", "--to", str(tmp_path)).stdout.splitlines()]
    assert [file.name for file in written] == ["module-1.json", "platform-1.json"]
    made = json.loads(written[0].read_text("utf-8"))
    assert "/vendor/{vendor_code}/customers" in made["$defs"]["route"]["anyOf"][0]["enum"]
    assert "orders.view" in made["$defs"]["metric"]["properties"]["permission"]["anyOf"][0]["enum"]
    validator = Draft202012Validator(made)
    platforms = Draft202012Validator(json.loads(written[1].read_text("utf-8")))
    for file in sorted((ROOT / "manifests").rglob("*.yaml")):
        document, _ = read(file.read_bytes(), file.name)
        assert document is not None
        right = platforms if file.parent.name == "platforms" else validator
        assert list(right.iter_errors(document.data)) == [], file.name
