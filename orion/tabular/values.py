"""From a cell to a value of its field's kind, or the reason why not."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import get_currency_symbol
from flask_babel import lazy_gettext as _l

from orion.contracts.money import known_currencies
from orion.tabular.dates import read_formatted, read_ordered
from orion.tabular.errors import Unreadable
from orion.tabular.numbers import LIMIT, read_number
from orion.tabular.target import Kind

#: Decimal places beyond which a number is refused: more than any binary fraction prints.
PLACES = 20
#: Grams of each unit of weight.
GRAMS = {
    **dict.fromkeys(("g", "gr", "gram", "gms"), Decimal(1)),
    **dict.fromkeys(("kg", "kgs", "kilo"), Decimal(1000)),
    "mg": Decimal("0.001"),
    "t": Decimal(1_000_000),
    **dict.fromkeys(("lb", "lbs"), Decimal("453.59237")),
    "oz": Decimal("28.349523125"),
}
#: Marks of amounts that are written in the country, beside symbols and codes.
LOCAL = {
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "zł": ("PLN",),
    "zl": ("PLN",),
    "kč": ("CZK",),
    "kc": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON", "MDL"),
    "leu": ("RON", "MDL"),
    "лв": ("BGN",),
    "lv": ("BGN",),
    "руб": ("RUB", "BYN"),
    "р": ("RUB",),
    "грн": ("UAH",),
    "din": ("RSD",),
    "дин": ("RSD",),
    "kn": ("HRK",),
    "tl": ("TRY",),
    "cfa": ("XOF", "XAF"),
    "fcfa": ("XOF", "XAF"),
    "dh": ("MAD", "AED"),
    "dhs": ("MAD", "AED"),
    "da": ("DZD",),
    "dt": ("TND",),
    "fr": ("CHF",),
    "sfr": ("CHF",),
    "euro": ("EUR",),
    "eur": ("EUR",),
    "rp": ("IDR",),
    "rm": ("MYR",),
    "tk": ("BDT",),
    "ksh": ("KES",),
    "円": ("JPY",),
    "元": ("CNY",),
    "원": ("KRW",),
}
Converter = Callable[[str], Any]


def converter(kind: Kind, reading: str, currency: str | None = None, unit: str = "g") -> Converter:
    """The function from trimmed, non-empty text to a value.

    `reading` is the decimal sign for numbers; for dates an order or a strptime format; "float"
    for identifiers that are all written with .0. `currency` is what money must be in when it
    carries a sign, `unit` what a weight is in when it carries none. The function raises Unreadable.
    """
    if kind == "weight":
        return _weights(reading, unit)
    if kind in ("decimal", "integer", "money"):
        return _numbers(kind, reading, currency)
    if kind in ("date", "datetime"):
        return _dates(kind, reading)
    if kind == "identifier" and reading == "float":
        return lambda text: text.removesuffix(".0")
    return _currency if kind == "currency" else str


def _numbers(kind: Kind, sign: str, currency: str | None) -> Converter:
    def convert(text: str) -> Decimal | int:
        number = read_number(text)
        value = number.point if sign == "." else number.comma
        if value is None:
            raise Unreadable("not_a_number", _not_a_number(sign))
        if abs(value) >= LIMIT:
            raise Unreadable("too_large", _l("the number is too large"))
        if value.as_tuple().exponent < -PLACES:  # type: ignore[operator]
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            raise Unreadable("too_precise", _l("has more than %(places)s decimal places", places=PLACES))
        _check_mark(number.mark, kind, currency)
        if kind != "integer":
            return value
        if value % 1:
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            raise Unreadable("not_whole", _l("is not a whole number"))
        return int(value)

    return convert


def _weights(sign: str, unit: str) -> Converter:
    def convert(text: str) -> Decimal:
        number = read_number(text)
        value = number.point if sign == "." else number.comma
        if value is None:
            raise Unreadable("not_a_number", _not_a_number(sign))
        grams = GRAMS.get(number.mark.casefold() or unit)
        if grams is None or abs(value) >= LIMIT:
            raise Unreadable(
                "not_a_weight", _l("is not a weight; write it like %(example)s", example="1.5 kg")
            )
        return value * grams

    return convert


def _not_a_number(sign: str) -> object:
    example = "1234.56" if sign == "." else "1234,56"
    # TRANSLATORS: Follows what stands in the cell: “abc” …
    return _l("is not a number; write it like %(example)s", example=example)


def _check_mark(mark: str, kind: Kind, currency: str | None) -> None:
    """A sign beside a number: a percent sign for decimals, the right currency for money."""
    if not mark or (mark == "%" and kind == "decimal"):
        return
    if kind != "money" or mark == "%":
        raise Unreadable("not_a_number", _not_a_number("."))
    if currency is not None and not _stands_for(mark, currency):
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        reason = _l("is marked %(mark)s, and the currency is %(currency)s", mark=mark, currency=currency)
        raise Unreadable("other_currency", reason)


@lru_cache(maxsize=1_000)
def _stands_for(mark: str, currency: str) -> bool:
    symbol = get_currency_symbol(currency, "en")
    if mark.upper() == currency or currency in LOCAL.get(mark.casefold(), ()):
        return True
    return mark == symbol or (symbol.endswith(mark) and not mark.isalpha()) or _rupees(mark, currency)


def _rupees(mark: str, currency: str) -> bool:
    return mark in ("Rs", "₨") and currency in ("INR", "PKR", "LKR", "NPR", "MUR")


def _dates(kind: Kind, reading: str) -> Converter:
    read = read_formatted if "%" in reading else read_ordered

    def convert(text: str) -> datetime | date:
        moment = read(text, reading)
        if moment is None:
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            raise Unreadable("not_a_date", _l("is not a date (read as %(order)s)", order=reading))
        return moment.date() if kind == "date" else moment

    return convert


def _currency(text: str) -> str:
    code = text.upper()
    if code not in known_currencies():
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        raise Unreadable("not_a_currency", _l("is not a currency code like EUR"))
    return code
