"""Dates and moments as people write them: every reading that is possible, never a guess."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

#: The orders in which day, month and year are written.
ORDERS = ("YMD", "DMY", "MDY")
#: Years that an order or a customer can have.
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: Characters that a written moment may have.
LONGEST = 64
#: Two-digit years up to this are 20xx, later ones 19xx (as POSIX has it).
_PIVOT = 68
_TIME = (
    r"(?:(?:[T ]|, ?)\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR_FIRST = re.compile(r"^(?P<a>[0-9]{4})(?P<sep>[-/.])(?P<b>[0-9]{1,2})(?P=sep)(?P<c>[0-9]{1,2})" + _TIME)
_YEAR_LAST = re.compile(
    r"^(?P<a>[0-9]{1,2})(?P<sep>[-/. ])(?P<b>[0-9]{1,2})(?P=sep)(?P<c>[0-9]{4}|[0-9]{2})" + _TIME
)
_COMPACT = re.compile(r"^(?P<all>[0-9]{8})" + _TIME)
_DAY_NAME = re.compile(
    rf"^(?P<day>[0-9]{{1,2}})[-/. ]*{_NAME}[-/,. ]*(?P<year>[0-9]{{4}}|[0-9]{{2}})" + _TIME, re.I
)
_NAME_DAY = re.compile(
    rf"^{_NAME}[-/. ]*(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[-/,. ]+(?P<year>[0-9]{{4}})" + _TIME, re.I
)


@lru_cache(maxsize=20_000)
def readings(text: str) -> dict[str, datetime]:
    """Order → moment, for every order in which the text is a date; empty when it is none.

    A moment is aware only if the text has a time zone. ISO dates and dates with the month's
    (English) name read the same in all three orders. A two-digit year stands last: year first has
    to be stated.

    >>> sorted(readings("03/04/2010"))
    ['DMY', 'MDY']
    """
    text = text.strip()
    if len(text) > LONGEST:
        return {}
    if match := _YEAR_FIRST.match(text):
        return _all(_moment(match["a"], match["b"], match["c"], match))
    if match := _YEAR_LAST.match(text):
        a, b, c = match["a"], match["b"], match["c"]
        return _possible({"DMY": _moment(c, b, a, match), "MDY": _moment(c, a, b, match)})
    if match := _COMPACT.match(text):
        return _compact(match)
    if match := _DAY_NAME.match(text) or _NAME_DAY.match(text):
        month = _MONTHS.index(match["name"][:3].lower()) + 1
        return _all(_moment(match["year"], str(month), match["day"], match))
    return {}


def read_ordered(text: str, order: str) -> datetime | None:
    """The moment that a text means when its order is known, a two-digit year first included."""
    found = readings(text).get(order)
    if (
        found is None
        and order == "YMD"
        and (match := _YEAR_LAST.match(text.strip()))
        and len(match["a"]) == 2
    ):
        return _moment(match["a"], match["b"], match["c"], match)
    return found


def read_formatted(text: str, form: str) -> datetime | None:
    """The moment that a text means by a format like `%d-%m-%y`."""
    try:
        moment = datetime.strptime(text.strip(), form)
    except ValueError:
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _compact(match: re.Match[str]) -> dict[str, datetime]:
    text = match["all"]
    parts = {
        "YMD": (text[:4], text[4:6], text[6:]),
        "DMY": (text[4:], text[2:4], text[:2]),
        "MDY": (text[4:], text[:2], text[2:4]),
    }
    return _possible({order: _moment(*part, match) for order, part in parts.items()})


def _all(moment: datetime | None) -> dict[str, datetime]:
    return {} if moment is None else dict.fromkeys(ORDERS, moment)


def _possible(found: dict[str, datetime | None]) -> dict[str, datetime]:
    return {order: moment for order, moment in found.items() if moment is not None}


def _moment(year: str, month: str, day: str, match: re.Match[str]) -> datetime | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= _PIVOT else 1900
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return None
    try:
        return datetime(number, int(month), int(day), *_clock(match), tzinfo=_zone(match["zone"]))
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    if match["hour"] is None:
        return 0, 0, 0
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("twelve-hour clocks go from 1 to 12")
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(match["minute"]), int(match["second"] or 0)


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
