"""What programs read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from orion.contracts.metrics import MetricValue, Part
from orion.contracts.periods import custom, resolve
from orion.manifest.model import Metric
from orion.metrics.results import Failure, Result, to_json

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = resolve("30d", "UTC", NOW)
TIMED = {
    "period": "30d",
    "from": "2026-10-25",
    "to": "2026-11-23",
    "as_of": "2026-11-23T12:00:00+00:00",
    "stale": False,
}
BEFORE = {"from": "2026-09-25", "to": "2026-10-24"}


def answer(kind: str, value: MetricValue, name: str = "shop.x") -> dict[str, Any]:
    metric = Metric(name, kind=kind, period=True)
    return to_json(Result(name, "ok", metric, value, PERIOD, NOW))


def test_a_count() -> None:
    assert answer("count", MetricValue(3, previous=2)) == {
        "query": "shop.x", "kind": "count", "value": 3, "unit": None,
        "previous": {"value": 2, **BEFORE}, "parts": [], **TIMED,
    }  # fmt: skip


def test_money() -> None:
    value = MetricValue(Decimal("748957.02"), previous=Decimal("0.00"), currency="GBP")
    assert answer("money", value) == {
        "query": "shop.x", "kind": "money", "value": "748957.02", "currency": "GBP",
        "previous": {"value": "0.00", **BEFORE}, "parts": [], **TIMED,
    }  # fmt: skip


def test_large_decimals_have_no_exponent() -> None:
    assert answer("money", MetricValue(Decimal("1E+7"), currency="JPY"))["value"] == "10000000"


def test_several_currencies() -> None:
    parts = [Part("EUR", Decimal("1.00"), currency="EUR"), Part("GBP", Decimal("2.50"), currency="GBP")]
    found = answer("money", MetricValue(None, currency="mixed", parts=parts))
    assert (found["value"], found["currency"]) == (None, "mixed")
    assert found["parts"] == [
        {"key": "EUR", "label": "EUR", "value": "1.00"},
        {"key": "GBP", "label": "GBP", "value": "2.50"},
    ]


@pytest.mark.parametrize(("kind", "unit"), [("quantity", None), ("bytes", "byte"), ("percent", "percent")])
def test_units(kind: str, unit: str | None) -> None:
    assert answer(kind, MetricValue(1))["unit"] == unit


def test_a_series() -> None:
    parts = [Part("2026-11-22", 1, at="2026-11-22"), Part("2026-11-23", 2, at="2026-11-23")]
    found = answer("series", MetricValue(3, parts=parts))
    assert found["value"] == 3
    assert found["parts"] == [{"at": "2026-11-22", "value": 1}, {"at": "2026-11-23", "value": 2}]


@pytest.mark.parametrize("kind", ["table", "status"])
def test_tables_and_states(kind: str) -> None:
    found = answer(kind, MetricValue(2, parts=[Part("a", 2, "Apples")]))
    assert found["parts"] == [{"key": "a", "label": "Apples", "value": 2}]


def test_a_metric_without_a_period() -> None:
    found = to_json(Result("shop.x", "ok", Metric("shop.x"), MetricValue(1), None, NOW))
    assert [found[key] for key in ("period", "from", "to", "previous")] == [None] * 4


def test_a_custom_period() -> None:
    period = custom(date(2011, 1, 1), date(2011, 1, 31), "UTC")
    found = to_json(Result("shop.x", "ok", Metric("shop.x", period=True), MetricValue(1), period, NOW))
    assert (found["period"], found["from"], found["to"]) == ("custom", "2011-01-01", "2011-01-31")
    assert found["previous"] == {"value": None, "from": "2010-12-01", "to": "2010-12-31"}


def test_a_failure_says_so_and_gives_the_last_good_value_as_stale() -> None:
    failure = Failure("raised", "shop", NOW, MetricValue(4), datetime(2026, 11, 23, 11, tzinfo=UTC))
    at = failure.last_good_at
    found = to_json(Result("shop.x", "failed", Metric("shop.x"), None, None, at, failure))
    assert (found["state"], found["value"], found["stale"]) == ("failed", 4, True)
    assert found["as_of"] == "2026-11-23T11:00:00+00:00"
    assert found["failure"] == {"kind": "raised", "module": "shop", "since": "2026-11-23T12:00:00+00:00"}


def test_a_failure_without_a_last_good_value_has_no_value() -> None:
    found = to_json(Result("shop.x", "failed", Metric("shop.x"), failure=Failure("slow", "shop", NOW)))
    assert (found["value"], found["stale"]) == (None, False)


def test_what_is_off_says_no_more_than_that() -> None:
    assert to_json(Result("shop.x", "off")) == {"query": "shop.x", "state": "off"}
