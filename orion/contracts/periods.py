"""Periods of local dates, both ends included, and the period each is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from orion.contracts.errors import Invalid

#: Named periods in the order in which they are offered.
PERIODS = ("today", "7d", "30d", "90d", "12m")
DEFAULT_PERIOD = "30d"
_DAYS = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
#: Longest span of a custom period in days: keeps one question bounded.
LONGEST = 3660
#: Years that dates may be asked of: arithmetic on any date within them stays a date.
YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates `start` to `end`, both included, in the time zone `zone`.

    `previous_start` to `previous_end` are as many days directly before. For `today`,
    `previous_until` is the moment (UTC) at which yesterday was as old as today is now.
    """

    key: str
    start: date
    end: date
    previous_start: date
    previous_end: date
    zone: str
    previous_until: datetime | None = None

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.end - self.start).days + 1

    @property
    def query(self) -> dict[str, str]:
        """URL parameters that ask for exactly these dates."""
        return {"from": self.start.isoformat(), "to": self.end.isoformat()}


def resolve(key: str | None, zone: str, now: datetime | None = None) -> Period:
    """The named period as dates of a time zone. Raises Invalid for an unknown name."""
    key = key or DEFAULT_PERIOD
    now = now or datetime.now(UTC)
    today = now.astimezone(ZoneInfo(zone)).date()
    if key == "12m":
        start = date(today.year - (today.month < 12), today.month % 12 + 1, 1)
        return _between(key, start, today, zone)
    if key not in _DAYS:
        raise Invalid(f"unknown period {key!r}")
    period = _between(key, today - timedelta(days=_DAYS[key] - 1), today, zone)
    if key != "today":
        return period
    return Period(
        key, today, today, period.previous_start, period.previous_end, zone, _a_day_before(now, zone)
    )


def custom(start: date, end: date, zone: str) -> Period:
    """The period between two dates, both included. Raises Invalid when they are the wrong way round."""
    if end < start or (end - start).days >= LONGEST:
        raise Invalid("the first day must not lie after the last, nor ten years before it")
    return _between("custom", start, end, zone)


def _between(key: str, start: date, end: date, zone: str) -> Period:
    length = end - start + timedelta(days=1)
    return Period(key, start, end, start - length, start - timedelta(days=1), zone)


def _a_day_before(now: datetime, zone: str) -> datetime:
    """The same wall-clock time on the day before, as UTC (a day may have 23 or 25 hours)."""
    return (now.astimezone(ZoneInfo(zone)) - timedelta(days=1)).astimezone(UTC)


def read_date(text: str) -> date:
    """A date as people and addresses write it: `2026-11-30` and nothing else. Raises Invalid."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or day.year not in YEARS:
        raise Invalid(_("“%(value)s” is no date: write it like 2026-11-30.", value=text[:40]))
    return day


def local_date(moment: datetime, zone: str) -> date:
    """The business date of a moment: its date on the wall of that time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
