"""The geometry of charts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion.web.charts import bars, sparkline, stack

anything = st.lists(st.floats() | st.integers() | st.none() | st.decimals(allow_nan=True), max_size=40)


def points(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def test_a_rising_line_rises_from_corner_to_corner() -> None:
    assert sparkline([1, 2, 3], 100, 32, 2).line == "0,30 50,16 100,2"


def test_the_area_closes_along_the_bottom() -> None:
    assert sparkline([1, 3], 100, 32, 2).area == "0,30 100,2 100,32 0,32"


@pytest.mark.parametrize("values", [[5], [5, 5, 5], [0, 0]])
def test_a_constant_is_a_level_line(values: list[int]) -> None:
    assert len({y for _x, y in points(sparkline(values).line)}) == 1


def test_nothing_draws_nothing() -> None:
    assert sparkline([]).line == sparkline([]).area == ""
    assert bars([]).bars == stack([]) == ()


def test_bars_stand_on_the_bottom_when_nothing_is_negative() -> None:
    chart = bars([1, 2], 100, 40, gap=0)
    assert chart.baseline == 40
    assert [(b.x, b.y, b.width, b.height) for b in chart.bars] == [(0, 20, 50, 20), (50, 0, 50, 40)]


def test_negative_bars_hang_from_zero() -> None:
    chart = bars([3, -1], 100, 40, gap=0)
    assert chart.baseline == 30
    assert (chart.bars[1].y, chart.bars[1].height) == (30, 10)


def test_a_small_value_stays_visible_and_zero_stays_empty() -> None:
    tall, small, none = bars([1000000, 1, 0]).bars
    assert (tall.height, small.height, none.height) == (40, 0.5, 0)


def test_a_stack_is_laid_end_to_end() -> None:
    assert [(s.x, s.width) for s in stack([Decimal("0.25"), 0.75])] == [(0, 25), (25, 75)]


def test_a_stack_of_nothing_has_no_width() -> None:
    assert [s.width for s in stack([0, 0])] == [0, 0]


@given(anything)
def test_whatever_a_module_returns_stays_inside_the_picture(values: list[object]) -> None:
    assert all(0 <= x <= 100 and 0 <= y <= 32 for x, y in points(sparkline(values).line))
    assert all(0 <= b.y <= 40 and 0 <= b.y + b.height <= 40.5 for b in bars(values).bars)
    assert all(0 <= s.x <= 100.01 and 0 <= s.width <= 100 for s in stack(values))


def test_what_is_no_finite_number_draws_as_zero() -> None:
    assert sparkline([float("nan"), None, "x", float("inf")]).line == sparkline([0, 0, 0, 0]).line
