"""What templates get to draw."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from orion.contracts.metrics import MetricValue, Part
from orion.contracts.periods import Period, resolve
from orion.contracts.scope import PlatformRef, Scope, VendorRef
from orion.manifest.model import Metric
from orion.metrics.results import Failure, Result
from orion.metrics.tiles import TileView, filled, link, slot, with_query

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = resolve("30d", "UTC", NOW)
SCOPE = Scope(vendor=VendorRef(1, "ACME", "Acme"))
ROUTE = {"vendor": "/vendor/{vendor_code}/orders"}


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """A language to speak."""
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


def tile(
    value: MetricValue | None, kind: str = "count", period: Period | None = PERIOD, **more: Any
) -> TileView:
    """The tile of an answer."""
    metric = Metric("shop.x", label_key="k", label="Sales", kind=kind, period=period is not None, links=ROUTE)
    result = Result("shop.x", more.pop("state", "ok"), metric, value, period, NOW, **more)
    return filled(slot(metric, SCOPE, "vendor", PERIOD, "/t"), result, "Shop", NOW)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("count", MetricValue(12345), "12,345"),
        ("count", MetricValue(0), "0"),
        ("quantity", MetricValue(-12, unit="kg"), "-12 kg"),
        ("bytes", MetricValue(0), "0 bytes"),
        ("bytes", MetricValue(3_440_000), "3.4 MB"),
        ("bytes", MetricValue(2 * 10**12), "2 TB"),
        ("money", MetricValue(Decimal("748957.02"), currency="GBP"), "£748,957.02"),
        ("money", MetricValue(Decimal("-5"), currency="JPY"), "-¥5"),
        ("percent", MetricValue(Decimal("12.5")), "12.5%"),
    ],
)
def test_figures_are_written_out(kind: str, value: MetricValue, shown: str) -> None:
    made = tile(value, kind)
    assert (made.state, made.value_text) == ("ok", shown)


def test_figures_are_written_in_the_reader_s_way() -> None:
    with force_locale("de"):
        shown = tile(MetricValue(Decimal("1234.5"), currency="EUR"), "money").value_text
        assert shown.replace("\xa0", " ") == "1.234,50 €"
        assert tile(MetricValue(Decimal("12.5")), "percent").value_text == "12,5\xa0%"
    with force_locale("tr"):
        assert tile(MetricValue(Decimal("64")), "percent").value_text == "%64"


@pytest.mark.parametrize(
    ("now", "before", "text", "direction"),
    [
        (112, 100, "12%", "up"),
        (88, 100, "12%", "down"),
        (1001, 1000, "0.1%", "up"),
        (5, 5, "±0", "flat"),
        (5, 0, "5", "up"),
        (0, 5, "100%", "down"),
    ],
)
def test_the_change_is_a_share_of_the_period_before(now: int, before: int, text: str, direction: str) -> None:
    delta = tile(MetricValue(now, previous=before)).delta
    assert delta is not None
    assert (delta.text, delta.direction) == (text, direction)


def test_the_change_says_what_it_is_compared_with() -> None:
    value = MetricValue(2, previous=1)
    assert tile(value).delta.label == "more than the 30 days before"  # type: ignore[union-attr]
    today = resolve("today", "UTC", NOW)
    assert tile(value, period=today).delta.label == "more than yesterday at this time"  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [MetricValue(5), MetricValue(0, previous=0), MetricValue(None, previous=3)])
def test_where_nothing_can_be_compared_nothing_is(value: MetricValue) -> None:
    assert tile(value).delta is None


def test_a_metric_without_a_period_has_no_change() -> None:
    assert tile(MetricValue(5, previous=4), period=None).delta is None


@pytest.mark.parametrize(("kind", "value"), [("money", MetricValue(None)), ("table", MetricValue(0))])
def test_nothing_to_say_is_empty(kind: str, value: MetricValue) -> None:
    assert tile(value, kind).state == "empty"


def test_several_currencies_stand_side_by_side() -> None:
    parts = [Part("EUR", Decimal("1"), currency="EUR"), Part("GBP", Decimal("2"), currency="GBP")]
    made = tile(MetricValue(None, currency="mixed", parts=parts), "money")
    assert (made.state, made.value_text) == ("ok", "")
    assert [(p.label, p.value_text) for p in made.parts] == [("EUR", "€1.00"), ("GBP", "£2.00")]


def test_a_series_is_labelled_by_its_days_and_measured_by_its_tallest() -> None:
    parts = [Part("", 1, at="2026-11-22"), Part("", 4, at="2026-11-23")]
    made = tile(MetricValue(5, parts=parts), "series")
    assert [(p.label, p.share) for p in made.parts] == [("Nov 22", 0.25), ("Nov 23", 1.0)]


def test_a_long_series_is_drawn_in_equal_spans_of_days() -> None:
    days = [(datetime(2024, 1, 1) + timedelta(days=n)).date() for n in range(200)]
    made = tile(MetricValue(200, parts=[Part("", 1, at=day.isoformat()) for day in days]), "series")
    assert len(made.parts) == 67
    assert (made.parts[0].label, made.parts[0].value_text) == ("Jan 1\u2009–\u20093, 2024", "3")
    assert (made.parts[-1].label, made.parts[-1].value_text) == ("Jul 17\u2009–\u200918, 2024", "2")


def test_ten_years_of_days_are_drawn_in_no_time() -> None:
    days = [(datetime(2016, 1, 1) + timedelta(days=n)).date() for n in range(3660)]
    parts = [Part("", n, at=day.isoformat()) for n, day in enumerate(days)]
    began = process_time()
    tile(MetricValue(sum(part.value for part in parts), parts=parts), "series")
    assert process_time() - began < 1


def test_the_shares_of_states_make_a_whole() -> None:
    made = tile(MetricValue(4, parts=[Part("a", 1, "A"), Part("b", 3, "B")]), "status")
    assert [p.share for p in made.parts] == [0.25, 0.75]


def test_a_part_links_to_its_own_rows() -> None:
    made = tile(MetricValue(1, parts=[Part("a", 1, "A", query=(("status", "open & new"),))]), "status")
    assert made.parts[0].href == ("/vendor/ACME/orders?from=2026-10-25&to=2026-11-23&status=open+%26+new")


def test_a_link_carries_period_platform_and_filter() -> None:
    metric = Metric("shop.x", period=True, links=ROUTE, filter={"kind": "sale"})
    scope = Scope(vendor=VendorRef(1, "ACME", "Acme"), platform=PlatformRef(1, "letz", "Letz"))
    assert link(metric, scope, "vendor", PERIOD) == (
        "/vendor/ACME/orders?kind=sale&from=2026-10-25&to=2026-11-23&platform=letz"
    )


def test_a_metric_without_a_period_links_to_all_its_rows() -> None:
    assert link(Metric("shop.x", links=ROUTE), SCOPE, "vendor", PERIOD) == "/vendor/ACME/orders"


def test_a_metric_without_a_link_has_none() -> None:
    assert link(Metric("shop.x"), SCOPE, "vendor", PERIOD) is None


def test_a_parameter_of_a_url_is_replaced() -> None:
    assert with_query("/a?x=1&y=2", {"x": "3"}) == "/a?y=2&x=3"


def test_a_failure_names_the_module_since_when_and_the_last_good_value() -> None:
    failure = Failure("slow", "shop", NOW - timedelta(hours=1), MetricValue(42), NOW - timedelta(hours=2))
    made = tile(None, state="failed", failure=failure)
    assert (made.state, made.value_text, made.retry) == ("failed", "42", True)
    assert made.message == "Shop took too long to work this out."
    assert "11:00" in made.since_text
    assert made.as_of_text == "Last known figure, from 2 hours ago."


@pytest.mark.parametrize("kind", ["raised", "slow", "hanging", "garbage", "away", "paused", "quarantined"])
def test_every_kind_of_failure_has_its_sentence(kind: str) -> None:
    made = tile(None, state="failed", failure=Failure(kind, "shop"))
    assert made.message.startswith("Shop ")
    assert (made.value_text, made.as_of_text, made.since_text) == ("", "", "")


def test_what_was_not_begun_waits_and_asks_again() -> None:
    made = tile(None, state="retry")
    assert (made.state, made.retry) == ("pending", True)


def test_a_slot_is_known_before_its_figure() -> None:
    made = slot(
        Metric("shop.by_day", label_key="k", label="Days", kind="series", cost="slow"),
        SCOPE,
        "vendor",
        PERIOD,
        "/t",
        20,
    )
    assert (made.dom_id, made.title, made.size, made.state) == ("tile-shop-by-day", "Days", "l", "pending")
    assert made.slow
    assert made.below
