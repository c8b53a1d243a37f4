"""What became of a question, and its JSON."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from blinker import Signal

from orion.contracts.metrics import MetricValue, Part
from orion.contracts.periods import Period
from orion.metrics.values import MIXED, plain

if TYPE_CHECKING:
    from orion.manifest.model import Metric

#: Sent with each result that an aggregator gives.
answered = Signal()
_UNITS = {"bytes": "byte", "percent": "percent"}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer. `kind` is raised, slow, hanging, garbage, away, paused or quarantined."""

    kind: str
    module: str
    since: datetime | None = None
    last_good: MetricValue | None = None
    last_good_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """`state` is ok, failed, retry (not begun: ask again), off (there is no such metric here) or forbidden.

    `value` is there when it is ok. `period` is None for metrics that know no period. `as_of` is the
    moment of the answer; `stale` says that all there is to show is the last good one.
    """

    query: str
    state: str
    metric: "Metric | None" = None
    value: MetricValue | None = None
    period: Period | None = None
    as_of: datetime | None = None
    failure: Failure | None = None

    @property
    def stale(self) -> bool:
        """Whether what can be shown is older than what was asked for."""
        return self.failure is not None and self.failure.last_good is not None

    @property
    def shown(self) -> MetricValue | None:
        """The answer, or the last good one in its place."""
        return self.value or (self.failure.last_good if self.failure else None)


def to_json(result: Result) -> dict[str, Any]:
    """A result as other programs read it. Decimals are text; what isn't ok says so in `state`."""
    if result.metric is None or result.state in ("off", "forbidden"):
        return {"query": result.query, "state": result.state}
    kind, value, period = result.metric.kind, result.shown or MetricValue(None), result.period
    answer: dict[str, Any] = {"query": result.query, "kind": kind, "value": plain(value.value)}
    if kind == "money" or value.currency is not None:
        answer["currency"] = value.currency
    else:
        answer["unit"] = value.unit or _UNITS.get(kind)
    answer |= {
        "period": period.key if period else None,
        "from": period.start.isoformat() if period else None,
        "to": period.end.isoformat() if period else None,
        "previous": _previous(value, period),
        "as_of": _moment(result.as_of),
        "stale": result.stale,
        "parts": [_part(part, value, kind) for part in value.parts],
    }
    return answer | (
        {} if result.state == "ok" else {"state": result.state, "failure": _failure(result.failure)}
    )


def _previous(value: MetricValue, period: Period | None) -> dict[str, Any] | None:
    if period is None:
        return None
    return {
        "value": plain(value.previous),
        "from": period.previous_start.isoformat(),
        "to": period.previous_end.isoformat(),
    }


def _part(part: Part, value: MetricValue, kind: str) -> dict[str, Any]:
    if kind == "series":
        piece: dict[str, Any] = {"at": part.at, "value": plain(part.value)}
    else:
        piece = {"key": part.key, "label": str(part.label) or part.key, "value": plain(part.value)}
    own = value.currency == MIXED and part.currency and part.currency != part.key
    return piece | ({"currency": part.currency} if own else {})


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    return {"kind": failure.kind, "module": failure.module, "since": _moment(failure.since)}
