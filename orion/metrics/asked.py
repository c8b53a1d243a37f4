"""The period that a request asks for, and how the page offers others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_interval
from flask_babel import gettext as _

from orion.contracts.errors import Invalid
from orion.contracts.periods import LONGEST, PERIODS, Period, custom, read_date, resolve
from orion.contracts.scope import Scope
from orion.web.formats import locale


@dataclass(frozen=True, slots=True)
class PeriodOption:
    """A period to choose."""

    key: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class PeriodView:
    """The period of a page. `start` and `end` are ISO dates, as a date field wants them."""

    key: str
    label: str
    start: str
    end: str
    options: list[PeriodOption]
    custom: bool


def period_asked(scope: Scope, arguments: Mapping[str, str], now: datetime) -> Period:
    """`period=30d`, or `from` and `to` as ISO dates; in the scope's time zone.

    Moments are of this minute, so that questions of the same minute are the same question. Raises
    Invalid for an unknown name, for half a pair of dates, and for dates that make no period.
    """
    key, start, end = (arguments.get(name) or None for name in ("period", "from", "to"))
    if start is None and end is None:
        if key is not None and key not in PERIODS:
            raise Invalid(_("There is no period named %(name)s.", name=key[:40]))
        return resolve(key, scope.zone, now.replace(second=0, microsecond=0))
    if start is None or end is None:
        raise Invalid(_("A period needs its first and its last day."))
    first, last = read_date(start), read_date(end)
    if last < first or (last - first).days >= LONGEST:
        raise Invalid(_("The first day must not lie after the last one, nor ten years or more before it."))
    return custom(first, last, scope.zone)


def period_arguments(period: Period) -> dict[str, str]:
    """URL parameters that ask for this period again, tomorrow too."""
    return dict(period.query) if period.key == "custom" else {"period": period.key}


def period_view(period: Period, url: Callable[[str], str]) -> PeriodView:
    """The period and the ones beside it; `url(key)` is where the page shows another."""
    names = period_names()
    return PeriodView(
        key=period.key,
        label=names.get(period.key) or dates(period.start, period.end),
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        options=[PeriodOption(key, _short(key), url(key), key == period.key) for key in PERIODS],
        custom=period.key == "custom",
    )


def period_names() -> dict[str, str]:
    """What the named periods are called."""
    return {
        "today": _("Today"),
        "7d": _("Last 7 days"),
        "30d": _("Last 30 days"),
        "90d": _("Last 90 days"),
        "12m": _("Last 12 months"),
    }


def dates(start: date, end: date) -> str:
    """Both days as the reader writes them, what they share written once."""
    if start == end:
        return str(format_date(start, "medium", locale=locale()))
    return str(format_interval(start, end, "yMMMd", locale=locale()))


def _short(key: str) -> str:
    return {
        "today": _("Today"),
        "7d": _("7 days"),
        "30d": _("30 days"),
        "90d": _("90 days"),
        "12m": _("12 months"),
    }[key]
