"""Decimal numbers as people write them: both conventions, exactly, or not at all."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

#: Numbers beyond this (absolute) are refused: no price, quantity or amount is that large.
LIMIT = Decimal(10) ** 13
#: Characters that a written number may have.
LONGEST = 64
#: A fraction of no cents: `12,-`, `12.--`.
_NO_CENTS = re.compile(r"(?<=[0-9])[.,]\s?(?:-{1,2}|[–—])")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-"})
_MARK = r"[^\W\d_]{1,4}\.?|[$€£¥₹₽₺₩₪₫฿₴₦₱]|[A-Z]{1,2}\$|%"
_SHAPE = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<mark>{_MARK})?\s*(?P<sign2>[-+])?\s*"
    rf"(?P<body>[0-9.,](?:[0-9.,' ]*[0-9.,])?)(?P<power>[eE][-+]?[0-9]{{1,3}})?\s*"
    rf"(?P<mark2>{_MARK})?\s*(?P<sign3>-)?\s*(?P<close>\))?$"
)
_GROUPED = (
    r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3}|[1-9][0-9]{0,2}(?:[ '][0-9]{3})+"
)
_POINT = re.compile(rf"^(?:[0-9]+|{_GROUPED})?(?:\.[0-9]*)?$")
_SWAP = str.maketrans(".,", ",.")


class Number(NamedTuple):
    """A written number: its value with a decimal point, with a decimal comma, and its mark.

    A reading that isn't possible is None. `mark` is the currency sign or code, or "%".
    """

    point: Decimal | None
    comma: Decimal | None
    mark: str = ""


_NOT_A_NUMBER = Number(None, None)


@lru_cache(maxsize=20_000)
def read_number(text: str) -> Number:
    """Both readings of a written number.

    >>> read_number("1,234.56").point, read_number("1,234.56").comma
    (Decimal('1234.56'), None)
    >>> read_number("1,234").point, read_number("1,234").comma
    (Decimal('1234'), Decimal('1.234'))
    """
    written = _NO_CENTS.sub("", text.strip().translate(_SPACES)) if len(text) <= LONGEST else ""
    match = _SHAPE.match(written)
    if match is None or not _balanced(match):
        return _NOT_A_NUMBER
    negative = "-" in (match["sign"], match["sign2"], match["sign3"]) or bool(match["open"])
    body, power = match["body"], match["power"] or ""
    mark = (match["mark"] or match["mark2"] or "").rstrip(".")
    return Number(
        _value(body, power, negative, mark), _value(body.translate(_SWAP), power, negative, mark), mark
    )


def _balanced(match: re.Match[str]) -> bool:
    """At most one sign, one mark, and brackets that close."""
    signs = [match["sign"], match["sign2"], match["sign3"], match["open"]]
    once = sum(sign is not None for sign in signs) <= 1
    return once and bool(match["open"]) == bool(match["close"]) and not (match["mark"] and match["mark2"])


def _value(body: str, power: str, negative: bool, mark: str) -> Decimal | None:
    if not _POINT.match(body) or not any(c.isdigit() for c in body):
        return None
    digits = body.replace(",", "").replace("'", "").replace(" ", "")
    value = Decimal(digits + power)
    if mark == "%":
        value = value.scaleb(-2)
    return -value if negative and value else value
