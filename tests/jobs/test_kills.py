"""Workers are killed at random moments: nothing is lost, nothing is doubled."""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from orion.settings import Settings
from tests.jobs.conftest import Works

pytestmark = pytest.mark.long

KILLS, JOBS, ROWS = 50, 2, 4_000
#: Seconds that all of it may take.
PATIENCE = 300.0
#: Processes that have imported everything when they begin.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["orion.app", "orion.jobs.worker"])


def breed(settings: Settings, pipe: Any) -> None:
    """For each word that comes, a worker that begins with everything ready; its process id goes back."""
    sys.path.insert(0, str(settings.root))
    from orion.app import create_app
    from orion.testing import close

    app = create_app(settings)
    close(app)  # No connection is shared with what is forked.
    while pipe.recv():
        pid = os.fork()
        if pid == 0:
            _work(app)
        pipe.send(pid)


def _work(app: Any) -> None:
    """A worker without end: what there is to do, and again."""
    from orion.jobs.running import run_due

    while True:
        run_due(app)
        time.sleep(0.02)


def _done(works: Works, ids: list[int]) -> int:
    return sum(works.job(id_).done for id_ in ids)


def test_fifty_kills_lose_nothing_and_double_nothing(works: Callable[..., Works], database_kind: str) -> None:
    workers = 1 if database_kind == "sqlite" else 2
    here = works(jobs_lease=0.2, log_level="CRITICAL")
    ids = [here.start(total=ROWS, step=2) for _ in range(JOBS)]
    rng, kills, until = random.Random(workers), 0, time.monotonic() + PATIENCE
    ours, theirs = FORKS.Pipe()
    breeder = FORKS.Process(target=breed, args=(here.app.extensions["settings"], theirs), daemon=True)
    breeder.start()

    def worker() -> int:
        ours.send(True)
        pid: int = ours.recv()
        return pid

    running = [worker() for _ in range(workers)]
    try:
        while any(here.job(id_).is_open for id_ in ids) and time.monotonic() < until:
            before = _done(here, ids)
            while _done(here, ids) == before and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(rng.uniform(0, 0.1))
            if kills < KILLS:
                victim = rng.randrange(workers)
                os.kill(running[victim], signal.SIGKILL)
                running[victim] = worker()
                kills += 1
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        breeder.kill()
    assert {here.job(id_).state for id_ in ids} == {"done"}
    assert here.numbers() == sorted(list(range(ROWS)) * JOBS)
    assert kills == KILLS
