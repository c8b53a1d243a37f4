"""Workers are killed at random moments: nothing is lost, nothing is doubled."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from orion.testing.workers import workers
from tests.jobs.conftest import Works

pytestmark = pytest.mark.long

KILLS, JOBS, ROWS = 50, 2, 4_000
#: Seconds that all of it may take.
PATIENCE = 600.0


def _done(works: Works, ids: list[int]) -> int:
    return sum(works.job(id_).done for id_ in ids)


def _open(works: Works, ids: list[int]) -> bool:
    return any(works.job(id_).is_open for id_ in ids)


def test_fifty_kills_lose_nothing_and_double_nothing(
    works: Callable[..., Works], database_kind: str, tmp_path: Path
) -> None:
    number = 1 if database_kind == "sqlite" else 2
    here = works(jobs_lease=0.2, jobs_sweep=0.05, log_level="CRITICAL")
    ids = [here.start(total=ROWS, step=2) for _ in range(JOBS)]
    rng, kills, until = random.Random(number), 0, time.monotonic() + PATIENCE
    with workers(here.app.extensions["settings"], tmp_path / "workers") as of:
        for _ in range(number):
            of.start()
        while _open(here, ids) and time.monotonic() < until:
            before = _done(here, ids)
            while _done(here, ids) == before and _open(here, ids) and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(rng.uniform(0, 0.1))
            if kills < KILLS:
                of.kill(rng.choice(of.running))
                of.start()
                kills += 1
    assert {here.job(id_).state for id_ in ids} == {"done"}
    assert here.numbers() == sorted(list(range(ROWS)) * JOBS)
    assert kills == KILLS
