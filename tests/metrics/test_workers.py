"""Threads for work that may never come back."""

import threading
import time

from orion.metrics.workers import Abandoned, Run, Workers


def test_work_is_done_in_another_thread() -> None:
    run = Workers("test").start(lambda run: threading.get_ident())
    assert run.done.wait(5)
    assert run.value != threading.get_ident()


def test_a_thread_is_used_again() -> None:
    workers = Workers("test")
    seen = set()
    for _ in range(20):
        run = workers.start(lambda run: threading.get_ident())
        assert run.done.wait(5)
        seen.add(run.value)
    assert len(seen) == 1


def test_what_the_work_raises_is_kept_for_the_one_who_waits() -> None:
    def leave(_run: Run) -> None:
        raise SystemExit(3)

    run = Workers("test").start(leave)
    assert run.done.wait(5)
    assert isinstance(run.error, SystemExit)


def _loop() -> None:
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def test_an_endless_loop_ends_when_it_is_abandoned() -> None:
    run = Workers("test").start(lambda run: run.interruptible(_loop))
    assert not run.done.wait(0.05)
    run.abandon()
    assert run.done.wait(5)
    assert isinstance(run.error, Abandoned)


def test_the_thread_of_abandoned_work_is_not_used_again() -> None:
    workers = Workers("test")
    release = threading.Event()
    run = workers.start(lambda run: release.wait(5))
    run.abandon()
    release.set()
    assert run.done.wait(5)
    assert workers._resting == []


def test_clearing_up_is_never_interrupted() -> None:
    cleared = threading.Event()
    inside = threading.Event()

    def work(run: Run) -> None:
        try:
            run.interruptible(lambda: None)
        finally:
            inside.set()
            until = time.monotonic() + 0.2
            while time.monotonic() < until:
                pass
            cleared.set()

    run = Workers("test").start(work)
    assert inside.wait(5)
    run.abandon()
    assert run.done.wait(5)
    assert cleared.is_set()
    assert run.error is None


def test_work_that_was_abandoned_before_it_began_does_not_begin() -> None:
    begun: list[int] = []
    run = Run(lambda run: run.interruptible(lambda: begun.append(1)))
    run.abandon()
    run.perform()
    assert isinstance(run.error, Abandoned)
    assert begun == []


def test_handing_work_over_is_cheap() -> None:
    workers = Workers("test")
    workers.start(lambda run: None).done.wait(5)
    began = time.perf_counter()
    for _ in range(200):
        workers.start(lambda run: None).done.wait(5)
    assert (time.perf_counter() - began) / 200 < 0.005
