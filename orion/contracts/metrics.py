"""What a module's metrics get and give. Data only: no HTML, no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from sqlalchemy.orm import Session

from orion.contracts.periods import Period
from orion.contracts.scope import Scope

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a value.

    In a series, `at` is an ISO date; in tables and status values `key` names the piece and `label`
    is what a person reads (a lazy string is allowed); with several currencies, `key` is the currency.
    `query` are URL parameters that narrow the metric's link to this piece.
    """

    key: str
    value: Number
    label: object = ""
    at: str | None = None
    currency: str | None = None
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MetricValue:
    """An answer. `value` is an int for counts and quantities (bytes too), a Decimal in major units
    for money and percents, and None when there is nothing to say (no orders to average) or when
    several currencies stand side by side in `parts`.

    `previous` is the same figure for the previous period, `spark` the development over the period
    (any equally spaced numbers).
    """

    value: Number | None
    previous: Number | None = None
    unit: str | None = None
    currency: str | None = None
    parts: Sequence[Part] = ()
    spark: Sequence[Number] = ()


@dataclass(frozen=True, slots=True)
class MetricContext:
    """What a metric may read with: a read-only session with a statement deadline, and the period.

    `now` is the moment of the question (UTC); metrics ask it and never the clock.
    """

    scope: Scope
    period: Period
    session: Session
    now: datetime


@runtime_checkable
class MetricsProviderProtocol(Protocol):
    """A module's metrics. The engine's own provider wraps a module's `metrics.py`."""

    module: str

    def names(self) -> Sequence[str]:
        """The names this provider answers, without the module's prefix."""
        ...

    def query(self, name: str, context: MetricContext) -> MetricValue:
        """Answer one metric. May raise anything: the aggregator turns it into the tile's message."""
        ...
