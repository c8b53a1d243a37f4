"""`orion metrics`."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from orion.metrics.commands import metrics
from orion.testing import House, minimal_manifest

from .stage import PATIENT

MANIFEST = minimal_manifest("shop") + "\n".join(
    [
        "permissions:",
        "  - {id: shop.view, label_key: shop.permissions.view, label: View, description: x, category: shop}",
        "metrics:",
        "  - {query: shop.sales, label_key: shop.metrics.sales, label: Sales, kind: money, period: true,",
        "     frontends: [vendor, admin], permission: shop.view, order: 1}",
        "  - {query: shop.bad, label_key: shop.metrics.bad, label: Bad, kind: count,",
        "     frontends: [vendor], permission: shop.view, order: 2}",
    ]
)
METRICS = """
from decimal import Decimal
from orion.contracts.metrics import MetricValue

def sales(scope, context):
    days = context.period.days
    return MetricValue(Decimal(days), previous=Decimal("0.00"), currency="EUR")

def bad(scope, context):
    raise ValueError
"""
ROLLUPS = """
from pathlib import Path

FILE = Path(__file__).parent / "rows"

def verify(scope):
    return FILE.read_text().split()

def rebuild(scope):
    FILE.write_text("")
"""


@pytest.fixture
def orion(house: House) -> Callable[..., Result]:
    """`orion("show", "shop.sales")` runs `orion metrics show shop.sales`."""
    house.module("shop", MANIFEST, metrics=METRICS, rollups=ROLLUPS)
    app = house.app(**PATIENT)
    return lambda *arguments: app.test_cli_runner().invoke(metrics, arguments)


@pytest.mark.only_on("sqlite")
def test_every_metric_is_listed(orion: Callable[..., Result]) -> None:
    assert "shop.sales" in orion("list").output
    assert [row["query"] for row in json.loads(orion("list", "--json").output)] == ["shop.sales", "shop.bad"]


def test_a_figure_is_shown_for_a_vendor_and_for_a_platform(orion: Callable[..., Result]) -> None:
    for where in (["--vendor", "ACME"], ["--platform", "south"], ["--vendor", "ACME", "--platform", "south"]):
        shown = orion("show", "shop.sales", *where, "--period", "7d", "--json")
        assert shown.exit_code == 0, shown.output
        found = json.loads(shown.output)
        assert (found["value"], found["period"], found["currency"]) == ("7.00", "7d", "EUR")


@pytest.mark.only_on("sqlite")
def test_a_figure_is_shown_between_two_dates(orion: Callable[..., Result]) -> None:
    shown = orion("show", "shop.sales", "--vendor", "ACME", "--from", "2010-12-01", "--to", "2010-12-31")
    assert shown.exit_code == 0
    assert "€31.00" in shown.output


@pytest.mark.only_on("sqlite")
def test_a_metric_that_fails_is_an_exit_status(orion: Callable[..., Result]) -> None:
    shown = orion("show", "shop.bad", "--vendor", "ACME", "--json")
    assert shown.exit_code == 1
    assert json.loads(shown.output)["failure"]["kind"] == "raised"


@pytest.mark.only_on("sqlite")
def test_what_cannot_be_asked_is_refused(orion: Callable[..., Result]) -> None:
    for arguments in (
        ["shop.sales"],
        ["shop.forged", "--vendor", "ACME"],
        ["shop.sales", "--vendor", "FORGED"],
        ["shop.sales", "--vendor", "ACME", "--period", "forever"],
        ["shop.sales", "--vendor", "ACME", "--period", "7d", "--from", "2010-12-01"],
    ):
        assert orion("show", *arguments).exit_code != 0


def test_daily_figures_are_verified_and_rebuilt(orion: Callable[..., Result], house: House) -> None:
    rows = house.root / house.package / "shop" / "rows"
    rows.write_text("one two")
    found = orion("verify", "--json")
    assert found.exit_code == 1
    assert [row["difference"] for row in json.loads(found.output)] == ["one", "two"]
    assert orion("rebuild").exit_code == 0
    assert orion("verify").exit_code == 0
