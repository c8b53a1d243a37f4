"""Money figures of a period by currency: amounts of different currencies are never added."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from orion.contracts.metrics import MetricValue, Part
from orion.contracts.money import Money
from orion.contracts.periods import Period
from orion.contracts.series import fold

#: Business date, currency, documents, revenue in minor units.
Figure = tuple[date, str, int, int]
Folding = Callable[[Sequence[Figure], str, Period], MetricValue]


def by_currency(rows: Sequence[Figure], period: Period, fallback: str, folding: Folding) -> MetricValue:
    """One figure, or where the period has several currencies one part each.

    A period without documents has the currency of the one before it, or the `fallback`.
    """
    now = sorted({currency for on, currency, _n, _amount in rows if on >= period.start})
    before = sorted({currency for _on, currency, _n, _amount in rows})
    currencies = now or before[:1] or [fallback]
    each = {one: folding([row for row in rows if row[1] == one], one, period) for one in currencies}
    if len(each) == 1:
        return each[currencies[0]]
    parts = [
        Part(key=one, label=one, value=found.value, currency=one, query=(("currency", one),))
        for one, found in each.items()
        if found.value is not None
    ]
    return MetricValue(None, currency="mixed", parts=parts)


def revenue(rows: Sequence[Figure], currency: str, period: Period) -> MetricValue:
    """The sum of the amounts."""
    folded = fold(((on, amount) for on, _currency, _n, amount in rows), period)
    return MetricValue(
        value=_major(folded.value, currency),
        previous=_major(folded.previous, currency),
        currency=currency,
        spark=tuple(_major(point, currency) for point in folded.spark),
    )


def average(rows: Sequence[Figure], currency: str, period: Period) -> MetricValue:
    """The amount of a document on average; None where there is none."""
    number = fold(((on, n) for on, _currency, n, _amount in rows), period)
    amount = fold(((on, amount) for on, _currency, _n, amount in rows), period)
    spark = [_mean(a, n, currency) or Decimal(0) for a, n in zip(amount.spark, number.spark, strict=True)]
    return MetricValue(
        value=_mean(amount.value, number.value, currency),
        previous=_mean(amount.previous, number.previous, currency),
        currency=currency,
        spark=tuple(spark),
    )


def _major(minor: object, currency: str) -> Decimal:
    return Money(int(minor or 0), currency).amount  # type: ignore[call-overload]


def _mean(minor: object, number: object, currency: str) -> Decimal | None:
    return _major(minor, currency) / int(number) if number else None  # type: ignore[call-overload]
