"""Numbers, money, dates and moments as the reader of this request writes them; filters for templates."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta, get_timezone
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_minus_sign_symbol
from babel.units import format_unit
from flask import Flask
from flask_babel import get_locale
from flask_babel import get_timezone as request_timezone
from markupsafe import Markup

from orion.contracts.money import Money
from orion.manifest.saying import in_words

#: Between the code of a currency and the number behind it.
_CODE = re.compile(r"(?<=[^\W\d_])(?=\d)")
#: What stands between the members of a list, where it isn't a comma.
_COMMAS = {"ar": "، ", "fa": "، ", "ur": "، ", "ckb": "، ", "ja": "、", "zh": "、"}
#: What is longer ago is told by its date.
LATELY = timedelta(days=7)
#: Characters of a name that fit everywhere.
UNBROKEN = 24
_SIZES = (("terabyte", 10**12), ("gigabyte", 10**9), ("megabyte", 10**6), ("kilobyte", 10**3))


def init_app(app: Flask) -> None:
    """Register the filters `money`, `number`, `size`, `day`, `moment`, `ago`, `lately`, `listed`,
    `breakable`, and `in_words` for what is wrong with manifests."""
    app.jinja_env.filters.update(money=money, number=number, size=size, day=day, moment=moment, ago=ago)
    app.jinja_env.filters.update(lately=lately, listed=listed, breakable=breakable)
    app.jinja_env.filters["in_words"] = in_words


def locale() -> Locale:
    """The reader's locale; English outside requests."""
    return get_locale() or Locale("en")


def money(value: Money) -> str:
    """`€1,234.50`"""
    return amount(value.amount, value.currency)


def amount(number: int | Decimal, currency: str) -> str:
    """The same of a number: `€1,234.50`, and `CHF 1,234.50` with a space that doesn't break."""
    text = format_currency(number, currency, locale=locale())
    # Babel leaves out the space that CLDR wants between a code and its number.
    text = _CODE.sub("\u00a0", text)
    # Babel writes a bare hyphen, which Arabic would show on the wrong side of the number.
    return text.replace("-", get_minus_sign_symbol(locale()), 1) if number < 0 else text


def number(value: int | Decimal) -> str:
    """`1,234`"""
    return format_decimal(value, locale=locale())


def percent(share: Decimal | float, places: int = 0) -> str:
    """A share of one as `64%`, or with up to so many decimal places, as the language writes it."""
    pattern = locale().percent_formats[None].pattern
    if places:
        # The digits alone: where the sign stands, and what stands between, is the language's.
        pattern = pattern.replace("0", "0." + "#" * places, 1)
    return format_percent(share, pattern, locale=locale())


def listed(values: Iterable[object]) -> str:
    """`a, b, c`, with the comma of the reader's language."""
    return _COMMAS.get(locale().language, ", ").join(map(str, values))


def joined(values: Iterable[object]) -> str:
    """`a, b, and c`: a list inside a sentence."""
    return format_list([str(value) for value in values], locale=locale())


def weight(grams: int) -> str:
    """`850 g`, `1.25 kg`: no digit is lost."""
    value, unit = (grams, "gram") if grams < 1000 else (Decimal(grams) / 1000, "kilogram")
    return str(format_unit(value, f"mass-{unit}", length="short", locale=locale()))


def breakable(name: str) -> str:
    """A file's name that narrow columns break behind its signs, not within words; short ones are whole."""
    if len(name) <= UNBROKEN:
        return name
    return Markup("<wbr>").join(re.split(r"(?<=[_.\-])(?=\w)", name))


def size(value: int) -> str:
    """`3.4 MB`"""
    for unit, many in _SIZES:
        if value >= many:
            rounded = round(Decimal(value) / many, 1)
            return str(format_unit(rounded, f"digital-{unit}", length="short", locale=locale()))
    # Of bytes, Arabic has the short name alone.
    texts = (str(format_unit(value, "digital-byte", form, locale=locale())) for form in ("long", "short"))
    return next(text for text in texts if "digital" not in text)


def day(value: date | None, form: str = "medium") -> str:
    """A local date; nothing for None."""
    return _day(value, form, locale()) if value else ""


@lru_cache(maxsize=4096)
def _day(value: date, form: str, of: Locale) -> str:
    """A list says the same few days over and over."""
    return format_date(value, form, locale=of)


def moment(value: datetime | None, form: str = "medium") -> str:
    """A moment (aware, UTC) in the reader's time zone; nothing for None."""
    if value is None:
        return ""
    zone = request_timezone() or get_timezone("UTC")
    return format_datetime(value, form, tzinfo=zone, locale=locale())


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """`3 hours ago`, of a moment that has been."""
    if value is None:
        return ""
    past = min(value - (now or datetime.now(UTC)), timedelta(seconds=-1))
    return format_timedelta(past, add_direction=True, locale=locale())


def lately(value: datetime | None, now: datetime | None = None) -> Markup:
    """A moment that has been, as HTML: how long ago it was within the last week, else when. The exact moment
    is its title."""
    if value is None:
        return Markup()
    near = (now or datetime.now(UTC)) - value < LATELY
    text = ago(value, now) if near else moment(value, "short")
    exact = value.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, moment(value), text)
