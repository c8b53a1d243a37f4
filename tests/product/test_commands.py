"""`orion modules` and `orion features` on the demo, as people run them."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from orion.cli import orion

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
