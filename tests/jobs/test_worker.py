"""`orion worker` as a process: it hears of jobs, does them, and ends with whoever keeps it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from orion.jobs.worker import beside
from orion.settings import ROOT, Settings
from orion.testing import need
from tests.jobs.conftest import Works

pytestmark = pytest.mark.only_on("sqlite")
#: Seconds until a worker that is started has done its first job.
PATIENCE = 60.0
REDIS = os.environ.get("ORION_TEST_REDIS_URL", "redis://127.0.0.1:6379/5")


@contextmanager
def _worker(works: Works, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    settings = works.app.extensions["settings"]
    environment = {**os.environ, **settings.as_env(), "PYTHONPATH": str(settings.root)}
    run = [sys.executable, "-c", "from orion.cli import main; main()", "worker", "--with-parent"]
    with (
        log.open("wb") as errors,
        subprocess.Popen(run, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stderr=errors) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _until_done(works: Works, id_: int) -> None:
    until = time.monotonic() + PATIENCE
    while works.job(id_).is_open:
        assert time.monotonic() < until, "the job was never done"
        time.sleep(0.05)


def _redis_answers() -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(REDIS, socket_timeout=1).ping())
    except redis.RedisError:
        return False


@pytest.mark.parametrize("url", ["", REDIS], ids=["file", "redis"])
def test_a_worker_hears_of_a_job_and_ends_with_its_keeper(
    works: Callable[..., Works], tmp_path: Path, url: str
) -> None:
    if url:
        need("Redis", _redis_answers())
    here = works(jobs_url=url, jobs_sweep=300.0)
    here.app.extensions["orion_jobs"].huey.flush()
    with _worker(here, tmp_path / "log") as process:
        first = here.start()  # Before it listens: its first sweep finds it.
        _until_done(here, first)
        second = here.start()  # While it listens.
        _until_done(here, second)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=20)
    assert here.numbers() == sorted([*range(100), *range(100)])


def test_a_process_that_looks_after_its_keeper_ends_cleanly_when_it_is_told_to() -> None:
    program = """if True:
        import threading, time
        from orion.supervising import until_alone
        threading.Thread(target=until_alone, daemon=True).start()
        time.sleep(0.2)
    """
    run = [sys.executable, "-c", program]
    with subprocess.Popen(run, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.wait(timeout=PATIENCE) == 0
        assert process.stderr is not None and process.stderr.read() == b""


def test_a_server_can_be_without_a_worker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a worker was started")

    monkeypatch.setattr("orion.jobs.worker.subprocess.Popen", never)
    with beside(replace(settings, jobs_beside=False)):
        pass


def test_settings_survive_the_way_through_an_environment(settings: Settings) -> None:
    assert Settings.from_env(settings.as_env()) == settings
