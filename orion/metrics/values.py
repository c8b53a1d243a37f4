"""What a metric may answer, checked against its kind; and answers as JSON text, for keeping."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orion.contracts.metrics import MetricValue, Number, Part
from orion.contracts.money import exponent

WHOLE = frozenset({"count", "quantity", "bytes"})
NEVER_NEGATIVE = frozenset({"count", "bytes"})
IN_PARTS = frozenset({"series", "table", "status"})
#: Several currencies that stand side by side.
MIXED = "mixed"
MOST_PARTS = 4000


class Garbage(ValueError):
    """An answer that can't be one of this kind. The message is for the log."""


def checked(value: object, kind: str) -> MetricValue:
    """The answer with money in its currency's places and labels as plain text. Raises Garbage."""
    if not isinstance(value, MetricValue):
        raise Garbage(f"{type(value).__name__} is no MetricValue")
    currency = _currency(value, kind)
    clean = MetricValue(
        value=_number(value.value, kind, currency),
        previous=_number(value.previous, kind, currency),
        unit=None if value.unit is None else str(value.unit),
        currency=currency,
        parts=_parts(value.parts, kind, currency),
        spark=tuple(_finite(number) for number in _listed(value.spark)),
    )
    _check_sum(clean, kind)
    return clean


def _currency(value: MetricValue, kind: str) -> str | None:
    currency = value.currency
    if currency is None:
        if kind == "money" and (value.value is not None or value.parts):
            raise Garbage("money without a currency")
        return None
    if currency == MIXED:
        if value.value is not None or value.previous is not None:
            raise Garbage("several currencies have no sum")
        return currency
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise Garbage(f"{currency!r} is no currency")
    return currency


def _number(number: Any, kind: str, currency: str | None) -> Number | None:
    if number is None:
        return None
    number = _finite(number)
    if kind in WHOLE and not isinstance(number, int):
        raise Garbage(f"a {kind} is a whole number, not {number!r}")
    if kind in NEVER_NEGATIVE and number < 0:
        raise Garbage(f"a {kind} is never negative: {number}")
    if kind in ("money", "percent") and not isinstance(number, Decimal):
        raise Garbage(f"{kind} is a Decimal, not {number!r}")
    if currency is not None and currency != MIXED and isinstance(number, Decimal):
        return number.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_EVEN)
    return number


def _finite(number: Any) -> Number:
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not whole and not (isinstance(number, Decimal) and number.is_finite()):
        raise Garbage(f"{number!r} is neither an int nor a finite Decimal")
    return number


def _listed(items: Any) -> Sequence[Any]:
    if not isinstance(items, Sequence) or isinstance(items, str) or len(items) > MOST_PARTS:
        raise Garbage(f"a short list is wanted, not {type(items).__name__}")
    return items


def _parts(parts: Any, kind: str, currency: str | None) -> tuple[Part, ...]:
    return tuple(_part(part, kind, currency) for part in _listed(parts))


def _part(part: Any, kind: str, currency: str | None) -> Part:
    if not isinstance(part, Part):
        raise Garbage(f"{type(part).__name__} is no Part")
    if kind == "series":
        _check_date(part.at)
    own = part.currency or (part.key if currency == MIXED and kind == "money" else currency)
    number = _number(part.value, kind, own)
    if number is None:
        raise Garbage("a part without a value")
    query = tuple((str(name), str(value)) for name, value in part.query)
    return Part(str(part.key), number, str(part.label), part.at, own, query)


def _check_date(at: object) -> None:
    try:
        date.fromisoformat(at)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Garbage(f"a series has dates, not {at!r}") from None


def _check_sum(value: MetricValue, kind: str) -> None:
    """What is shown in pieces adds up to what is shown in one figure."""
    if value.currency == MIXED:
        if not value.parts:
            raise Garbage("several currencies without their parts")
    elif kind in IN_PARTS and (value.parts or value.value):
        total = sum(part.value for part in value.parts)
        if value.value is None or total != value.value:
            raise Garbage(f"the parts sum to {total} and not to {value.value}")


# -- as text --------------------------------------------------------------------------------------


def plain(number: Number | None) -> int | str | None:
    """A number for JSON: whole ones as they are, decimals as text, without an exponent."""
    return format(number, "f") if isinstance(number, Decimal) else number


def encode(value: MetricValue) -> dict[str, Any]:
    """A checked answer as JSON data; `decode` gives it back."""
    return {
        "value": plain(value.value),
        "previous": plain(value.previous),
        "unit": value.unit,
        "currency": value.currency,
        "parts": [[p.key, plain(p.value), p.label, p.at, p.currency, p.query] for p in value.parts],
        "spark": [plain(number) for number in value.spark],
    }


def decode(data: dict[str, Any]) -> MetricValue:
    """An answer from JSON data. Raises KeyError, TypeError or ValueError for anything else."""
    return MetricValue(
        value=None if data["value"] is None else _read(data["value"]),
        previous=None if data["previous"] is None else _read(data["previous"]),
        unit=data["unit"],
        currency=data["currency"],
        parts=tuple(
            Part(key, _read(value), label, at, currency, tuple((name, text) for name, text in query))
            for key, value, label, at, currency, query in data["parts"]
        ),
        spark=tuple(_read(number) for number in data["spark"]),
    )


def dumps(data: Any) -> str:
    """JSON text as short as it gets."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _read(number: int | str) -> Number:
    return Decimal(number) if isinstance(number, str) else number
