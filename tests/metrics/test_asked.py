"""The period of a request."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from orion.contracts.errors import Invalid
from orion.contracts.periods import PERIODS
from orion.contracts.scope import Scope
from orion.metrics.asked import dates, period_arguments, period_asked, period_view

NOW = datetime(2026, 11, 23, 21, 30, 45, 1234, tzinfo=UTC)
SCOPE = Scope(zone="Europe/Luxembourg")


@pytest.fixture(autouse=True)
def words() -> object:
    """A language to speak."""
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


def test_thirty_days_are_shown_when_nothing_is_asked() -> None:
    period = period_asked(SCOPE, {}, NOW)
    assert (period.key, period.start, period.end) == ("30d", date(2026, 10, 25), date(2026, 11, 23))


def test_today_is_the_vendor_s_own_day() -> None:
    tokyo = period_asked(Scope(zone="Asia/Tokyo"), {"period": "today"}, NOW)
    assert tokyo.start == date(2026, 11, 24)


def test_questions_of_the_same_minute_are_the_same_question() -> None:
    first = period_asked(SCOPE, {"period": "today"}, NOW)
    assert first == period_asked(SCOPE, {"period": "today"}, NOW.replace(second=59))
    assert first.previous_until == datetime(2026, 11, 22, 21, 30, tzinfo=UTC)


def test_dates_win_over_a_name() -> None:
    period = period_asked(SCOPE, {"period": "7d", "from": "2011-01-01", "to": "2011-01-31"}, NOW)
    assert (period.key, period.start, period.days) == ("custom", date(2011, 1, 1), 31)


@pytest.mark.parametrize(
    "arguments",
    [
        {"period": "forever"},
        {"from": "2026-11-01"},
        {"to": "2026-11-01"},
        {"from": "2026-11-02", "to": "2026-11-01"},
        {"from": "2026-W47-1", "to": "2026-11-23"},
        {"from": "2026-02-30", "to": "2026-11-23"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"from": "1999-01-01", "to": "2026-11-23"},
    ],
)
def test_what_is_no_period_is_refused(arguments: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        period_asked(SCOPE, arguments, NOW)
    assert refused.value.message


def test_a_period_s_own_parameters_ask_for_it_again() -> None:
    for arguments in ({"period": "7d"}, {"from": "2011-01-01", "to": "2011-01-31"}):
        period = period_asked(SCOPE, arguments, NOW)
        assert period_arguments(period) == arguments


def test_every_period_is_offered_and_the_current_one_marked() -> None:
    view = period_view(period_asked(SCOPE, {"period": "90d"}, NOW), lambda key: f"?period={key}")
    assert [(option.key, option.url) for option in view.options] == [
        (key, f"?period={key}") for key in PERIODS
    ]
    assert [option.key for option in view.options if option.active] == ["90d"]
    assert (view.label, view.custom) == ("Last 90 days", False)


def test_a_custom_period_is_named_by_its_dates() -> None:
    view = period_view(period_asked(SCOPE, {"from": "2026-11-01", "to": "2026-11-07"}, NOW), lambda key: "")
    assert (view.custom, view.start, view.end) == (True, "2026-11-01", "2026-11-07")
    assert "Nov 1" in view.label
    assert not any(option.active for option in view.options)


def test_dates_are_written_as_the_reader_does() -> None:
    with force_locale("de"):
        assert dates(date(2026, 11, 1), date(2026, 11, 1)) == "01.11.2026"
