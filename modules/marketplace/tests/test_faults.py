"""A few kills while files are read, published and taken back; `python -m modules.marketplace.tests.faults`
makes more of them."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from modules.marketplace.tests.faults import (
    PATIENCE,
    Disturbed,
    Scene,
    Struck,
    crash,
    disturbed,
    looked_at,
    scene,
    undisturbed,
)
from orion.contracts.data import session
from orion.contracts.jobs import OPEN, Job, why_waiting
from orion.data import room
from orion.testing import need
from orion.testing.servers import postgresql, postgresql_programs, redis
from orion.testing.workers import workers

pytestmark = pytest.mark.long
ROWS, SOON = 600, 2.0
FULL = "The disk is full. The job goes on by itself once there is room."
Dumps = dict[str, Any]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Dumps:
    """What the tables say where nobody disturbs."""
    return undisturbed(tmp_path_factory.mktemp("peace") / "own", ROWS)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 96 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96m", "none", str(folder)]
    there = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    need("a disk of its own (mount)", there)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that servers run by others can reach."""
    folder = Path("/tmp") / f"orion-faults-{os.getpid()}"
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Ballast:
    """What fills a disk, but for so many bytes that are left, while it is entered."""

    def __init__(self, disk: Path, left: int) -> None:
        self.file, self.left, self.used = disk / "ballast", left, False

    def __enter__(self) -> None:
        self.used = True
        size = shutil.disk_usage(self.file.parent).free - self.left
        with self.file.open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, size)

    def __exit__(self, *_: object) -> None:
        self.file.unlink()


def _says_full(here: Scene, left: int) -> bool:
    """Whether each open job says that the disk is full; where something is left, one has it in writing."""
    with here.market.at(None):
        jobs = session().scalars(select(Job).where(Job.state.in_(OPEN))).all()
        said = {why_waiting(job) for job in jobs}
        written = {job.message for job in jobs if job.state == "waiting"}
    return said == {FULL} and (not left or FULL in written)


@pytest.mark.parametrize("number", [1, 2])
def test_workers_that_are_killed_lose_and_double_nothing(
    database_kind: str, number: int, tmp_path: Path, expected: Dumps
) -> None:
    struck = disturbed(database_kind, tmp_path / "faults", expected, rows=ROWS, wanted=6, number=number)
    assert struck.faults == []
    assert struck.hits.total() >= 6


def test_a_postgresql_that_crashes_loses_and_doubles_nothing(
    open_folder: Path, tmp_path: Path, expected: Dumps, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("the programs of PostgreSQL", postgresql_programs() is not None)
    with postgresql(open_folder / "server") as server:
        # By its full name: in its package a fixture is called the same.
        monkeypatch.setattr(import_module("orion.testing.databases"), "SERVER", server.url)
        struck = disturbed(
            *("postgresql", tmp_path / "faults", expected),
            rows=ROWS,
            wanted=2,
            number=2,
            disturb=crash(server),
            looking=True,
        )
    assert struck.faults == []
    assert struck.restarts >= 2 and struck.looks[200]


@pytest.mark.parametrize("keeps", [True, False], ids=["keeps", "forgets"])
def test_a_redis_that_crashes_loses_and_doubles_nothing(keeps: bool, tmp_path: Path, expected: Dumps) -> None:
    need("redis-server", shutil.which("redis-server") is not None)
    with redis(tmp_path / "server", keeps) as server:
        struck = disturbed(
            *("sqlite", tmp_path / "faults", expected),
            rows=ROWS,
            wanted=3,
            queue=server.url,
            disturb=crash(server),
        )
    assert struck.faults == []
    assert struck.restarts >= 3


@pytest.mark.parametrize("left", [room.LEAST // 2, 0], ids=["nearly", "quite"])
def test_work_on_a_full_disk_waits_and_says_so_and_goes_on(
    left: int, small_disk: Path, tmp_path: Path, expected: Dumps
) -> None:
    struck = Struck()
    options = {"jobs_lease": 1.0, "jobs_sweep": 0.25, "log_level": "ERROR"}
    with scene("sqlite", small_disk / "own", ROWS, **options) as here:
        ballast = Ballast(small_disk, left)

        def fill_once(run: Disturbed, of: Any) -> None:
            """While publishing goes on: fill the disk, see what is said of it, and make room."""
            if not ballast.used and any(of.at(pid) == "marketplace.publish" for pid in of.running):
                with ballast:
                    until = time.monotonic() + PATIENCE
                    while not _says_full(here, left):
                        assert time.monotonic() < until, "nobody says that the disk is full"
                        time.sleep(0.2)
                    time.sleep(SOON)  # For who looks at pages.
                struck.restarts += 1

        with looked_at(here, struck), workers(here.settings, tmp_path / "workers") as of:
            Disturbed(here, struck, random.Random(1), 1).go(of, 1, fill_once)
        struck.compare(expected, here.seen)
        struck.faults += here.faults
    assert struck.faults == []
    assert ballast.used and set(struck.looks) == {200}
