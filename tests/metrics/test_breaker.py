"""The breaker, on a clock of the test's own."""

from datetime import UTC, datetime, timedelta

import pytest

from orion.metrics.breaker import Breaker, Trouble


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def test_two_failures_do_not_open_it(breaker: Breaker) -> None:
    breaker.failed("a")
    breaker.failed("a")
    assert breaker.admits("a")


def test_three_failures_in_a_row_open_it_for_a_minute(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed("a")
    assert not breaker.admits("a")
    clock.forward(59.9)
    assert not breaker.admits("a")
    clock.forward(0.2)
    assert breaker.admits("a")


def test_a_success_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    breaker.failed("a")
    breaker.failed("a")
    assert breaker.succeeded("a")
    breaker.failed("a")
    breaker.failed("a")
    assert breaker.admits("a")


def test_two_seconds_of_hanging_open_it_at_once(breaker: Breaker) -> None:
    breaker.failed("a", hung=1.9)
    assert breaker.admits("a")
    breaker.failed("a", hung=2.0)
    assert not breaker.admits("a")


def test_after_the_pause_one_question_alone_tries_again(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed("a")
    clock.forward(61)
    assert breaker.admits("a")
    assert not breaker.admits("a")


def test_a_trial_that_never_came_back_does_not_close_the_door_for_ever(
    breaker: Breaker, clock: Clock
) -> None:
    for _ in range(3):
        breaker.failed("a")
    clock.forward(61)
    assert breaker.admits("a")
    clock.forward(6)
    assert breaker.admits("a")


def test_a_trial_that_fails_opens_it_for_another_minute(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed("a")
    clock.forward(61)
    assert breaker.admits("a")
    breaker.failed("a")
    clock.forward(59)
    assert not breaker.admits("a")


def test_a_trial_that_succeeds_closes_it(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed("a")
    clock.forward(61)
    assert breaker.admits("a")
    assert breaker.succeeded("a")
    assert breaker.trouble("a") is None
    assert breaker.admits("a")
    assert breaker.admits("a")


def test_since_is_the_moment_of_the_first_failure_in_a_row(breaker: Breaker, clock: Clock) -> None:
    first = clock.now
    breaker.failed("a")
    clock.forward(30)
    assert breaker.failed("a").since == first


def test_one_place_s_troubles_are_not_another_s(breaker: Breaker) -> None:
    for _ in range(3):
        breaker.failed("a")
    assert breaker.admits("b")


def test_what_another_process_knows_counts_at_the_first_failure_here(breaker: Breaker, clock: Clock) -> None:
    earlier = clock.now - timedelta(seconds=20)
    trouble = breaker.failed("a", elsewhere=Trouble(3, earlier, earlier + timedelta(seconds=60)))
    assert trouble.since == earlier
    assert not breaker.admits("a")


def test_troubles_do_not_fill_the_memory(breaker: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orion.metrics.breaker.MOST", 10)
    for number in range(30):
        breaker.failed(str(number))
    assert len(breaker._troubles) == 10
    assert breaker.trouble("29") is not None
