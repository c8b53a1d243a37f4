"""Geometry for charts that are drawn on the server: plain numbers in, SVG coordinates out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from flask import Flask

#: What is beyond these draws as these: the differences of two figures must stay finite, and not vanish.
LARGEST, SMALLEST = 1e18, 1e-18


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`line` and `area` are values for an SVG `points` attribute."""

    line: str
    area: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in the chart's own units; `y` grows downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """`baseline` is the y of zero, where columns stand and hang."""

    bars: tuple[Bar, ...]
    baseline: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a stacked bar."""

    x: float
    width: float


def sparkline(
    values: Iterable[object], width: float = 100, height: float = 32, inset: float = 2
) -> Sparkline:
    """A line through the values, left to right, touching neither the top nor the bottom edge.

    A single value is a level line; no value at all gives empty strings.
    """
    ys = _numbers(values)
    if not ys:
        return Sparkline("", "")
    ys = ys * 2 if len(ys) == 1 else ys
    low, high = min(ys), max(ys)
    step = width / (len(ys) - 1)
    scale = (height - 2 * inset) / (high - low) if high > low else 0
    points = [(i * step, height - inset - (y - low) * scale) for i, y in enumerate(ys)]
    line = _points(points)
    return Sparkline(line, f"{line} {_points([(width, height), (0, height)])}")


def bars(values: Iterable[object], width: float = 100, height: float = 40, gap: float = 0.3) -> Bars:
    """Columns of equal width on a common zero line; `gap` is the empty part of each column's share.

    A value that isn't zero is at least half a unit tall, so that it can be seen.
    """
    ys = _numbers(values)
    high, low = max([0.0, *ys]), min([0.0, *ys])
    scale = height / (high - low) if high > low else 0
    baseline = high * scale if scale else height
    step = width / len(ys) if ys else 0
    return Bars(tuple(_bar(i, y, step, gap, scale, baseline) for i, y in enumerate(ys)), _round(baseline))


def stack(shares: Iterable[object], width: float = 100) -> tuple[Segment, ...]:
    """Pieces laid end to end, in the proportion of their shares; all zero gives pieces without width."""
    parts = [max(0.0, share) for share in _numbers(shares)]
    total = sum(parts)
    segments, x = [], 0.0
    for part in parts:
        size = part / total * width if total else 0.0
        segments.append(Segment(_round(x), _round(size)))
        x += size
    return tuple(segments)


def init_app(app: Flask) -> None:
    """Give the templates `sparkline`, `bars` and `stack`."""
    app.jinja_env.globals.update(sparkline=sparkline, bars=bars, stack=stack)


def _bar(index: int, y: float, step: float, gap: float, scale: float, baseline: float) -> Bar:
    tall = max(abs(y) * scale, 0.5) if y and scale else 0.0
    top = baseline if y < 0 else max(0.0, baseline - tall)
    return Bar(_round(index * step + step * gap / 2), _round(top), _round(step * (1 - gap)), _round(tall))


def _numbers(values: Iterable[object]) -> list[float]:
    return [_finite(value) for value in values]


def _finite(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return max(-LARGEST, min(LARGEST, number)) if isfinite(number) and abs(number) > SMALLEST else 0.0


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_round(x):g},{_round(y):g}" for x, y in points)


def _round(number: float) -> float:
    return round(number, 2)
