"""What goes wrong with disks, databases and queues is waited for: no job is lost, nor parked for it."""

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from orion.data import room
from orion.data.database import db
from orion.data.faults import DatabaseGone, NoRoom
from orion.jobs import claiming, running
from orion.jobs.running import run
from orion.testing.servers import free_port
from tests.jobs.conftest import Works, due_now

Make = Callable[..., Works]
pytestmark = pytest.mark.only_on("sqlite")
#: Seconds after which somebody has waited for a queue in vain: it is given up after two.
BEARABLE = 20.0


@contextmanager
def _pages(engine: Engine, most: int) -> Iterator[None]:
    """A database that has room for so many pages and no more."""

    def limit(connection: Any) -> None:
        connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count = {most}")

    event.listen(engine, "begin", limit)
    try:
        yield
    finally:
        event.remove(engine, "begin", limit)
        engine.dispose()


def _engine(works: Works) -> Engine:
    with works.app.app_context():
        return db.engines["write"]


def test_a_worker_leaves_the_last_of_the_disk_to_people_and_says_so(
    works: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = works()
    id_ = here.start()
    left = [room.LEAST, room.LEAST, room.LEAST - 1]
    monkeypatch.setattr(room, "free", lambda _engine: left.pop(0) if left else 0)
    assert run(here.app, id_) == "waiting"
    job = here.job(id_)
    assert (job.state, job.crashes, job.done) == ("waiting", 0, 10)
    assert job.message == "The disk is full. The job goes on by itself once there is room."
    monkeypatch.undo()
    due_now(here)
    assert run(here.app, id_) == "done"
    assert here.numbers() == list(range(100))


def test_a_database_that_is_full_is_waited_for_and_nothing_is_lost_or_doubled(works: Make) -> None:
    here = works()
    id_ = here.start(total=20_000, step=1_000)
    engine = _engine(here)
    with engine.connect() as connection:
        pages: int = connection.connection.dbapi_connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[union-attr]
    with _pages(engine, pages + 20):
        assert run(here.app, id_) == "waiting"
    job = here.job(id_)
    assert job.crashes == 0 and 0 < job.done < 20_000
    assert job.message.startswith("The disk is full.")
    due_now(here)
    assert run(here.app, id_) == "done"
    assert here.numbers() == list(range(20_000))


def test_a_file_that_finds_no_room_is_waited_for_and_is_no_crash(works: Make) -> None:
    here = works()
    id_ = here.start()

    def full(at: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    here.part.before = full
    assert run(here.app, id_) == "waiting"
    assert here.job(id_).crashes == 0
    assert here.job(id_).message.startswith("The disk is full.")


@pytest.mark.parametrize("problem", [NoRoom("full"), DatabaseGone("away")], ids=["full", "away"])
def test_how_a_job_ended_is_written_once_the_database_is_there_again(
    works: Make, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    here = works()
    id_ = here.start()
    whole, tries = claiming.settle, 0

    def away_at_first(*arguments: Any, **values: Any) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise problem
        whole(*arguments, **values)

    monkeypatch.setattr(running, "settle", away_at_first)
    monkeypatch.setattr(running, "SOON", 0.01)
    assert run(here.app, id_) == "done"
    assert (here.job(id_).state, tries) == ("done", 3)


def test_what_a_lost_connection_leaves_behind_is_no_crash_while_the_database_is_away(
    works: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = works()
    id_ = here.start()
    entered = running.entered

    def strange(at: int) -> None:
        monkeypatch.setattr(running, "entered", away)
        raise RuntimeError("this transaction is closed")

    def away(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(running, "entered", entered)
        raise DatabaseGone("away")

    here.part.before = strange
    assert run(here.app, id_) == "waiting"
    assert here.job(id_).crashes == 0


def test_whoever_asks_for_a_job_does_not_wait_for_a_queue_that_is_away(
    works: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("redis.retry.sleep", slept.append)
    works(jobs_url=f"redis://127.0.0.1:{free_port()}/0").start()
    assert sum(slept) < 0.5


def test_whoever_asks_for_a_job_does_not_wait_for_a_queue_that_says_nothing(works: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        here = works(jobs_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        asking = threading.Thread(target=here.start, daemon=True)
        asking.start()
        asking.join(timeout=BEARABLE)
        assert not asking.is_alive()
