"""Reading what people type: texts without what no page shows, and numbers as they are written where the
reader lives."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from orion.contracts.errors import Invalid
from orion.web.formats import locale, number


def one_line(text: str) -> str:
    """Text in one line: composed, without control characters and spaces around it."""
    return " ".join(printable(text).split())


def many_lines(text: str) -> str:
    """Text of several lines, each without spaces behind it."""
    lines = printable(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def printable(text: str, keep: str = "") -> str:
    """Text without what no database keeps and no page shows: control characters and halves of pairs."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if c in keep or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in composed)


def shorter(text: str, most: int) -> str:
    """The text. Raises Invalid when it is longer."""
    if len(text) > most:
        raise Invalid(
            ngettext("This is longer than one character.", "This is longer than %(num)s characters.", most)
        )
    return text


def decimal_of(text: str) -> Decimal:
    """A number as the reader writes it, exact. Raises Invalid."""
    typed = one_line(text).replace("\N{MINUS SIGN}", "-")
    try:
        value = parse_decimal(typed, locale=locale(), strict=True)
    except (NumberFormatError, ValueError):
        value = Decimal("NaN")
    if not value.is_finite() or len(typed) > 40 or "e" in typed.lower():
        raise Invalid(_("Enter a number, such as %(example)s.", example=number(Decimal("1234.5"))))
    return value


def plain_decimal(value: Decimal, places: int | None = None) -> str:
    """A number for a field: the reader's decimal sign, and nothing between the thousands."""
    pattern = "0" if places == 0 else "0." + ("0" * places if places else "#" * 12)
    return str(format_decimal(value, format=pattern, locale=locale()))


def check_places(value: Decimal, places: int) -> None:
    """Raise Invalid for a number with more decimals."""
    if -value.as_tuple().exponent > places:  # type: ignore[operator]
        raise Invalid(
            ngettext("At most one decimal place.", "At most %(num)s decimal places.", places)
            if places
            else _("No decimal places here.")
        )


def check_range(value: Decimal, least: Any, most: Any, written: Callable[[Any], str]) -> None:
    """Raise Invalid for a number that is too small or too large."""
    if value < least:
        raise Invalid(_("Not less than %(bound)s.", bound=written(least)))
    if value > most:
        raise Invalid(_("Not more than %(bound)s.", bound=written(most)))
