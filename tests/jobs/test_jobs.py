"""One job, from the transaction that asks for it to its end."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import update

from orion.contracts.errors import Conflict, NotFound
from orion.contracts.scope import NOBODY, Scope, system_scope
from orion.data.database import entered
from orion.data.faults import DatabaseGone
from orion.installation import Installation
from orion.jobs import claiming, work
from orion.jobs.asking import cancel, retry, start
from orion.jobs.models import Job, now
from orion.jobs.running import run, run_due
from orion.jobs.work import Work
from orion.jobs.worker import sweep
from tests.jobs.conftest import Works, due_now

Make = Callable[..., Works]
#: What no database decides is tried on one.
ONE = pytest.mark.only_on("sqlite")


class Killed(BaseException):
    """What no code catches: the process is gone."""


def _killed_at(works: Works, cursor: int) -> None:
    def die(at: int) -> None:
        if at == cursor:
            raise Killed

    works.part.before = die


def test_a_job_is_done_in_chunks_to_its_end(works: Make) -> None:
    here = works()
    id_ = here.start()
    assert run(here.app, id_) == "done"
    job = here.job(id_)
    assert (job.state, job.done, job.share, job.crashes) == ("done", 100, 100, 0)
    assert here.numbers() == list(range(100))


@ONE
def test_a_job_that_takes_long_lets_others_go_first_and_goes_on_at_its_cursor(
    works: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "TURN", 0.0)
    here = works()
    first = here.start(total=20)
    assert run(here.app, first) == "waiting"
    job = here.job(first)
    assert (job.state, job.message, job.done, job.crashes) == ("waiting", "", 10, 0)
    second = here.start(total=10)
    with here.app.app_context():
        assert set(claiming.due()) == {first, second}
    run_due(here.app)
    assert here.numbers() == sorted([*range(20), *range(10)])
    assert {here.job(id_).state for id_ in (first, second)} == {"done"}


@ONE
def test_a_job_that_was_never_committed_was_never_asked_for(works: Make) -> None:
    here = works()
    with here.at() as scope, entered(scope, write=True):
        start(scope, "alpha.fill", total=1, step=1)
    assert run_due(here.app) == 0


@ONE
def test_the_queue_hears_of_a_job_once_it_is_committed(works: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = works()
    told: list[int] = []
    monkeypatch.setattr(here.app.extensions["orion_jobs"], "tell", told.append)
    with here.at(write=True) as scope:
        id_ = start(scope, "alpha.fill", total=1, step=1).id
        assert told == []
    assert told == [id_]


@ONE
def test_a_message_that_got_lost_is_made_up_for_by_the_sweeper(works: Make) -> None:
    here = works()
    queue = here.app.extensions["orion_jobs"]
    here.start()
    assert queue.huey.pending_count() == 1
    queue.huey.flush()
    assert sweep(here.app) == 1
    assert queue.huey.pending_count() == 1


@ONE
def test_a_queue_that_is_away_costs_nobody_their_work(works: Make) -> None:
    here = works(jobs_url="redis://127.0.0.1:1/0")
    here.start()
    assert run_due(here.app) == 1
    assert here.numbers() == list(range(100))


def test_nobody_takes_on_a_job_that_somebody_has(works: Make) -> None:
    here = works()
    id_ = here.start()
    with here.app.app_context():
        assert claiming.claim(id_) is not None
        assert claiming.claim(id_) is None
    assert run(here.app, id_) == ""


def test_a_job_whose_worker_died_goes_on_where_it_was(works: Make) -> None:
    here = works()
    id_ = here.start()
    _killed_at(here, 50)
    with pytest.raises(Killed):
        run(here.app, id_)
    assert here.numbers() == list(range(50))
    due_now(here)
    here.part.before = None
    assert run(here.app, id_) == "done"
    assert here.numbers() == list(range(100))


def test_a_worker_that_comes_back_from_the_dead_writes_nothing(works: Make) -> None:
    here = works()
    id_ = here.start()
    with here.app.app_context():
        late = claiming.claim(id_)
    assert late is not None
    due_now(here)
    assert run(here.app, id_) == "done"
    with here.at() as scope, pytest.raises(claiming.Lost), Work.of(scope, late).chunk():
        raise AssertionError("the chunk was opened")
    assert here.numbers() == list(range(100))


def test_a_job_that_is_taken_over_within_a_chunk_keeps_nothing_of_it(works: Make) -> None:
    here = works()
    with here.app.app_context():
        first = claiming.claim(here.start())
    assert first is not None
    with here.at(write=True), pytest.raises(claiming.Lost):
        claiming.advance(replace(first, token=first.token - 1), done=1)


@pytest.mark.parametrize("kind", [Killed, ZeroDivisionError], ids=["killed", "raised"])
def test_a_job_that_crashes_five_times_is_parked(works: Make, kind: type[BaseException]) -> None:
    here = works()
    id_ = here.start()

    def crash(at: int) -> None:
        raise kind

    here.part.before = crash
    for _time in range(5):
        assert here.job(id_).is_open
        with suppress(Killed):
            run(here.app, id_)
        if here.job(id_).is_open:
            due_now(here)
    run(here.app, id_)
    assert (here.job(id_).state, here.numbers()) == ("parked", [])


@ONE
def test_crashes_are_forgotten_once_it_gets_on(works: Make) -> None:
    here = works()
    id_ = here.start(total=90)
    for cursor in range(0, 90, 10):
        _killed_at(here, cursor)
        with pytest.raises(Killed):
            run(here.app, id_)
        due_now(here)
    here.part.before = None
    assert run(here.app, id_) == "done"
    assert here.numbers() == list(range(90))


@ONE
def test_what_the_work_refuses_is_said_and_not_tried_again(works: Make) -> None:
    here = works()
    id_ = here.start("alpha.refuse")
    run(here.app, id_)
    assert (here.job(id_).state, here.job(id_).message) == ("failed", "That is no table.")
    assert run(here.app, id_) == ""


@ONE
def test_a_database_that_is_away_is_waited_for(works: Make) -> None:
    here = works()
    id_ = here.start()

    def full(at: int) -> None:
        raise DatabaseGone("away")

    here.part.before = full
    run(here.app, id_)
    assert (here.job(id_).state, here.job(id_).crashes) == ("waiting", 0)
    assert "away" in here.job(id_).message
    here.part.before = None
    due_now(here)
    assert run(here.app, id_) == "done"


def test_a_waiting_job_is_cancelled_at_once_and_can_be_taken_up_again(works: Make) -> None:
    here = works()
    id_ = here.start()
    with here.at(write=True) as scope:
        cancel(scope, here.job(id_).public_id)
    assert (run(here.app, id_), here.job(id_).state) == ("", "cancelled")
    with here.at(write=True) as scope:
        retry(scope, here.job(id_).public_id)
    assert run(here.app, id_) == "done"
    with here.at(write=True) as scope, pytest.raises(Conflict):
        cancel(scope, here.job(id_).public_id)


def test_a_running_job_stops_before_its_next_chunk(works: Make) -> None:
    here = works()
    id_ = here.start()
    with here.app.app_context():
        claimed = claiming.claim(id_)
        assert claimed is not None
        claiming.settle(claimed, state="waiting")
    due_now(here)
    with here.app.app_context(), entered(system_scope("jobs"), write=True) as writing:
        writing.execute(update(Job).values(stopping=True))
        writing.commit()
    assert run(here.app, id_) == "cancelled"
    assert here.numbers() == []


@ONE
def test_a_job_is_over_at_the_moment_when_it_stops(works: Make) -> None:
    here = works()
    id_ = here.start()
    public_id = here.job(id_).public_id
    asked: list[datetime] = []

    def stop(at: int) -> None:
        asked.append(now())
        cancel(NOBODY, public_id)

    here.part.before = stop
    assert run(here.app, id_) == "cancelled"
    finished = here.job(id_).finished_at
    assert finished is not None and finished >= asked[0]


def test_another_vendors_job_is_none(works: Make) -> None:
    here = works()
    public_id = here.job(here.start()).public_id
    with here.at() as scope:
        other = replace(scope, vendors=frozenset({2}))
        with entered(other, write=True), pytest.raises(NotFound):
            cancel(other, public_id)


@ONE
def test_a_job_of_one_key_is_asked_for_once(works: Make) -> None:
    here = works()
    assert here.start(key="nightly") == here.start(key="nightly") != here.start(key="daily")


@ONE
def test_a_job_without_a_vendor_is_refused(works: Make) -> None:
    here = works()
    with here.app.app_context(), pytest.raises(ValueError, match="vendor"):
        start(NOBODY, "alpha.fill")


@ONE
def test_whoever_lost_their_right_has_nothing_done_for_them(
    works: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = works()
    with here.at(write=True) as scope:
        id_ = start(replace(scope, user_id=1), "alpha.fill", total=10, step=10).id
    monkeypatch.setattr(Installation, "scope_of", _without_rights(Installation.scope_of))
    run(here.app, id_)
    assert (here.job(id_).state, here.numbers()) == ("failed", [])


def _without_rights(scope_of: Callable[..., object]) -> Callable[..., object]:
    def limited(self: Installation, access: object, **options: object) -> object:
        return scope_of(self, access, **{**options, "permissions": frozenset()})

    return limited


@ONE
def test_nothing_is_done_for_a_vendor_that_is_suspended(works: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = works()
    id_ = here.start(total=10)
    monkeypatch.setattr(Scope, "is_shut", True)
    run(here.app, id_)
    assert (here.job(id_).state, here.numbers()) == ("failed", [])


@ONE
def test_a_module_that_is_off_does_nothing(works: Make) -> None:
    here = works()
    id_ = here.start()
    (here.app.extensions["settings"].manifests / "alpha.yaml").unlink()
    with here.app.app_context():
        here.app.extensions["orion"].refresh()
    run(here.app, id_)
    assert here.job(id_).state == "failed"


@ONE
def test_figures_of_the_module_notice_its_jobs(works: Make) -> None:
    here = works()
    before = _version(here.app)
    here.start()
    asked = _version(here.app)
    run_due(here.app)
    assert before < asked < _version(here.app)


def _version(app: Flask) -> int:
    from orion.data.versions import read_versions

    with app.app_context():
        scope = app.extensions["orion"].command_scope(vendor="ACME")
        with entered(scope):
            return read_versions(scope).get("alpha", 0)
