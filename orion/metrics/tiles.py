"""From a metric and its result to what the templates draw. The only place where figures become text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from orion.contracts.metrics import MetricValue, Part
from orion.contracts.periods import Period
from orion.contracts.scope import Scope
from orion.metrics import words
from orion.metrics.asked import dates
from orion.metrics.results import Result
from orion.metrics.values import IN_PARTS, MIXED
from orion.web.labels import label

if TYPE_CHECKING:
    from orion.manifest.model import Metric

SIZES = {"series": "l", "table": "m", "status": "m"}
#: A count that knows no period has nothing to compare and no course: half a tile is enough.
BRIEF = "xs"
#: Columns of a series at the most: longer ones are drawn in equal spans of days.
COLUMNS = 92
#: Tiles after this one are down the page, and are fetched when they come into view.
ABOVE = 12


@dataclass(frozen=True, slots=True)
class Delta:
    """The change since the previous period. `direction` is up, down or flat."""

    text: str
    direction: str
    label: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A piece of a figure. `share` is its part of the whole; of the greatest, in a series."""

    label: str
    value_text: str
    share: float
    href: str | None = None


@dataclass(frozen=True, slots=True)
class TileView:
    """A tile as templates know it. `state` is pending, ok, failed or empty."""

    id: str
    dom_id: str
    title: str
    icon: str
    href: str | None
    kind: str
    size: str
    url: str
    state: str = "pending"
    slow: bool = False
    below: bool = False
    value_text: str = ""
    delta: Delta | None = None
    spark: tuple[float, ...] = ()
    parts: list[PartView] = field(default_factory=list)
    as_of_text: str = ""
    message: str = ""
    since_text: str = ""
    module_name: str = ""
    retry: bool = False


def slot(metric: "Metric", scope: Scope, frontend: str, period: Period, url: str, place: int = 0) -> TileView:
    """The tile before its figure is known. `place` is its number on the page, `url` its own address."""
    return TileView(
        id=metric.query,
        dom_id=dom_id(metric.query),
        title=label(metric.label_key, metric.label),
        icon=metric.icon or "",
        href=link(metric, scope, frontend, period),
        kind=metric.kind,
        size=BRIEF
        if metric.kind in ("count", "bytes") and not metric.period
        else SIZES.get(metric.kind, "s"),
        url=url,
        slow=metric.cost == "slow",
        below=place >= ABOVE,
    )


def filled(tile: TileView, result: Result, module_name: str, now: datetime) -> TileView:
    """The tile with what became of its question."""
    tile = replace(tile, module_name=module_name)
    if result.state == "retry":
        return replace(tile, retry=True)
    if result.failure is not None:
        return _failed(tile, result, module_name, now)
    value = result.value
    if value is None or _is_empty(value, tile.kind):
        return replace(tile, state="empty")
    return replace(
        _with_figure(tile, value),
        state="ok",
        delta=_delta(value, tile.kind, result.period),
        spark=tuple(float(number) for number in value.spark),
        parts=_parts(value, tile),
    )


def dom_id(query: str) -> str:
    """The id of a tile in the page: `tile-orders-revenue`."""
    return "tile-" + query.replace(".", "-").replace("_", "-")


def link(
    metric: "Metric", scope: Scope, frontend: str, period: Period, more: Mapping[str, str] | None = None
) -> str | None:
    """Where the rows behind the figure are listed: the same period, platform and filter."""
    route = metric.links.get(frontend)
    if route is None:
        return None
    path = route.replace("{vendor_code}", scope.vendor.code if scope.vendor else "")
    query = dict(metric.filter)
    query |= period.query if metric.period else {}
    query |= {"platform": scope.platform.code} if scope.platform else {}
    return with_query(path, query | dict(more or {}))


def with_query(url: str, more: Mapping[str, str]) -> str:
    """A URL with some parameters changed or added."""
    path, _, old = url.partition("?")
    kept = dict(pair.partition("=")[::2] for pair in old.split("&") if pair)
    text = "&".join(filter(None, [*(f"{k}={v}" for k, v in kept.items() if k not in more), urlencode(more)]))
    return f"{path}?{text}" if text else path


def _failed(tile: TileView, result: Result, module_name: str, now: datetime) -> TileView:
    failure = result.failure
    assert failure is not None
    last = failure.last_good
    known = last is not None and failure.last_good_at is not None
    return replace(
        _with_figure(tile, last) if last else tile,
        state="failed",
        message=words.fault(failure, module_name),
        since_text=words.since(failure.since),
        as_of_text=words.last_known(failure.last_good_at, now) if known and failure.last_good_at else "",
        retry=True,
    )


def _is_empty(value: MetricValue, kind: str) -> bool:
    return not value.parts and (value.value is None or kind in IN_PARTS)


def _with_figure(tile: TileView, value: MetricValue) -> TileView:
    if value.value is None:
        return tile
    return replace(tile, value_text=words.figure(value.value, tile.kind, value.currency, value.unit))


def _delta(value: MetricValue, kind: str, period: Period | None) -> Delta | None:
    if (
        period is None
        or value.value is None
        or value.previous is None
        or (not value.value and not value.previous)
    ):
        return None
    now, before = value.value, value.previous
    direction = "up" if now > before else "down" if now < before else "flat"
    text = words.change(now, before, kind, value.currency, value.unit) if now != before else "±0"
    return Delta(text, direction, words.compared(direction, period))


def _parts(value: MetricValue, tile: TileView) -> list[PartView]:
    drawn = _spans(value) if tile.kind == "series" else value.parts
    wholes = _wholes(drawn, tile.kind)
    return [_part(part, value, tile, wholes[part.currency]) for part in drawn]


def _spans(value: MetricValue) -> Sequence[Part]:
    parts, days = value.parts, -(-len(value.parts) // COLUMNS)
    if days <= 1 or value.currency == MIXED:
        return parts
    return [_span(parts[i : i + days]) for i in range(0, len(parts), days)]


def _span(days: Sequence[Part]) -> Part:
    first, last = (date.fromisoformat(part.at or "") for part in (days[0], days[-1]))
    return replace(days[0], value=sum(part.value for part in days), label=dates(first, last), query=())


def _wholes(parts: Sequence[Part], kind: str) -> dict[str | None, Decimal]:
    """By currency: what the parts make together, or in a series the tallest of them."""
    wholes: dict[str | None, Decimal] = {}
    for part in parts:
        size, so_far = abs(Decimal(part.value)), wholes.get(part.currency, Decimal())
        wholes[part.currency] = max(size, so_far) if kind == "series" else size + so_far
    return wholes


def _part(part: Part, value: MetricValue, tile: TileView, whole: Decimal) -> PartView:
    label = str(part.label) or (words.day(part.at) if part.at else part.key)
    text = words.figure(part.value, tile.kind, part.currency or value.currency, value.unit)
    href = with_query(tile.href, dict(part.query)) if part.query and tile.href else None
    return PartView(label, text, float(Decimal(part.value) / whole) if whole else 0.0, href)
