"""Folding daily figures into a period's value, its previous value and its development."""

from collections.abc import Iterable
from datetime import date, timedelta

from orion.contracts.metrics import MetricValue, Number
from orion.contracts.periods import Period

#: Points of a development at the most; longer periods share them out in equal spans of days.
POINTS = 31


def by_day(rows: Iterable[tuple[date, Number]], start: date, end: date) -> dict[date, Number]:
    """Every date from `start` to `end` with the sum of its rows, 0 where there are none."""
    days: dict[date, Number] = {start + timedelta(days=n): 0 for n in range((end - start).days + 1)}
    for on, value in rows:
        if on in days:
            days[on] += value
    return days


def fold(rows: Iterable[tuple[date, Number]], period: Period) -> MetricValue:
    """Daily rows from `previous_start` to `end` as a value, a previous value and a development."""
    rows = list(rows)
    current = by_day(rows, period.start, period.end)
    previous = by_day(rows, period.previous_start, period.previous_end)
    return MetricValue(
        value=sum(current.values()),
        previous=sum(previous.values()),
        spark=development(list(current.values())),
    )


def development(values: list[Number]) -> tuple[Number, ...]:
    """At most POINTS sums of equally long spans; a single day has no development."""
    if len(values) < 2:
        return ()
    span = -(-len(values) // POINTS)
    return tuple(sum(values[i : i + span]) for i in range(0, len(values), span))
