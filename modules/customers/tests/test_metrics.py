"""Each figure is what counting the rows gives, and what the list behind it shows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from modules.customers import metrics
from orion.contracts.data import session
from orion.contracts.metrics import MetricContext
from orion.contracts.periods import PERIODS, custom, resolve
from orion.testing import settings_in, shared_demo
from orion.testing.databases import Databases

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def ask(scope, name: str, period: str = "30d"):
    return getattr(metrics, name)(scope, MetricContext(scope, resolve(period, "UTC", NOW), session(), NOW))


@pytest.mark.parametrize(
    ("vendor", "platform", "total"),
    [
        (None, None, 5),
        (None, "east", 3),
        (None, "west", 3),
        ("SHOP", None, 4),
        ("SHOP", "east", 3),
        ("SHOP", "west", 2),
        ("RIVAL", "west", 1),
    ],
)
def test_the_total_is_that_of_the_customers_who_acted_at_the_place(settled, vendor, platform, total) -> None:
    with settled.at(vendor, platform) as scope:
        assert ask(scope, "total").value == total


def test_a_platform_forgets_the_customers_of_a_vendor_that_has_left(busy) -> None:
    busy.leave("SHOP", "west")
    with busy.at(platform="west") as scope:
        assert ask(scope, "total").value == 1


@pytest.mark.parametrize(
    ("period", "value", "previous"), [("today", 1, 0), ("7d", 2, 0), ("30d", 3, 0), ("12m", 4, 0)]
)
def test_new_customers_are_those_who_joined_in_the_period(settled, period, value, previous) -> None:
    with settled.at("SHOP") as scope:
        found = ask(scope, "new", period)
        assert (found.value, found.previous or 0) == (value, previous)


def test_new_customers_of_the_period_before_are_counted_beside(settled) -> None:
    with settled.at("SHOP") as scope:
        period = custom(datetime(2026, 11, 1).date(), datetime(2026, 11, 30).date(), "UTC")
        found = metrics.new(scope, MetricContext(scope, period, session(), NOW))
        assert (found.value, found.previous) == (2, 1)
        assert sum(found.spark) == 2


@pytest.mark.parametrize(
    ("period", "value", "previous"),
    [("today", 1, 0), ("7d", 1, 1), ("30d", 1, 0), ("90d", 1, 0)],
)
def test_returning_customers_bought_in_the_period_and_joined_before(settled, period, value, previous) -> None:
    with settled.at("SHOP") as scope:
        found = ask(scope, "returning", period)
        assert (found.value, found.previous) == (value, previous)


def test_returning_customers_of_the_period_before_had_joined_before_that(settled) -> None:
    with settled.at("SHOP") as scope:
        period = custom(datetime(2026, 11, 15).date(), datetime(2026, 11, 23).date(), "UTC")
        found = metrics.returning(scope, MetricContext(scope, period, session(), NOW))
        assert (found.value, found.previous) == (1, 1)


def test_a_purchase_that_was_taken_back_brings_nobody_back(busy) -> None:
    busy.bought("A-2", "2026-11-23", "west", times=-1)
    with busy.at("SHOP") as scope:
        assert ask(scope, "returning", "7d").value == 0


def test_somebody_who_returns_on_two_platforms_is_one_person(busy) -> None:
    busy.bought("A-2", "2026-11-23", "east")
    with busy.at("SHOP") as scope:
        assert ask(scope, "returning", "7d").value == 1


def test_a_platform_counts_only_purchases_on_it(settled) -> None:
    with settled.at("SHOP", "east") as scope:
        assert ask(scope, "returning", "7d").value == 0


@pytest.mark.parametrize("name", ["total", "new", "returning"])
def test_a_figure_is_one_statement(settled, count_sql, name) -> None:
    with settled.at("SHOP") as scope, count_sql(settled.app) as statements:
        ask(scope, name)
    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 1


def _shown(page: str) -> int:
    found = re.search(r"data-announce>([\d,]+) entr", page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One demo for all tests here, which only read. It is patient: here figures must be right, and
    elsewhere in time."""
    patient = {"metric_statement_deadline": 20, "metric_deadline": 25, "batch_deadline": 60}
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("demo"), **patient)) as made:
        yield made


@pytest.mark.parametrize("period", [*PERIODS, "custom"])
@pytest.mark.parametrize(
    ("email", "place", "platform"),
    [
        ("owner@orion.example", "/vendor/WIZAMART", ""),
        ("owner@orion.example", "/vendor/WIZAMART", "letz"),
        ("platform@orion.example", "/admin", ""),
        ("admin@orion.example", "/admin", ""),
    ],
)
def test_a_tile_says_what_its_list_shows(demo: Flask, sign_in, period, email, place, platform) -> None:
    client = sign_in(email)
    asked = {"from": "2026-03-01", "to": "2026-08-31"} if period == "custom" else {"period": period}
    for name, narrowed in (("total", {}), ("new", {}), ("returning", {"returning": "yes"})):
        where = {"platform": platform} if platform else {}
        tile = client.get(
            f"{place}/tiles/customers.{name}",
            query_string=asked | where,
            headers={"Accept": "application/json"},
        ).get_json()
        dates = {} if name == "total" else {"from": tile["from"], "to": tile["to"]}
        page = client.get(f"{place}/customers", query_string={**dates, **narrowed, **where, "count": "exact"})
        assert (name, tile["value"]) == (name, _shown(page.text))
