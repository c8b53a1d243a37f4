"""Publishing what is staged, and taking it back."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

import modules.catalog.api as catalog
from modules.marketplace import jobs, services, staging
from modules.marketplace.models import Staged
from modules.marketplace.tests.conftest import SHOPIFY, Market
from orion.contracts.data import entered, session, system_scope
from orion.contracts.errors import Conflict, NotFound
from orion.contracts.jobs import Job, retry
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.data.tables import metadata
from orion.desk.models import Notice
from orion.jobs.running import run_due
from orion.jobs.work import Stopped

pytestmark = pytest.mark.by_turns

ONE = pytest.mark.only_on("sqlite")
#: The shirt has lost a size, won another and become cheaper; the pot is as it was; a vase is new.
LATER = (
    SHOPIFY.replace("linen-shirt,,,,,,,,M,LS-M,210,59.00", "linen-shirt,,,,,,,,L,LS-L,220,55.00").replace(
        "summer, linen", "winter"
    )
    + "vase,Vase,,Weave,Pot,,true,Title,Default Title,V-1,,20.00,,,,,active\n"
)


class Killed(BaseException):
    """What no code catches: the process is gone."""


def _lives(market: Market) -> Iterator[int]:
    """The number of each life of a worker, before it: until no job is open."""
    number = 0
    while any(job.is_open for job in market.jobs()):
        yield (number := number + 1)
        try:
            run_due(market.app)
        except Killed:
            with market.app.app_context(), entered(system_scope("jobs"), write=True) as writing:
                writing.execute(update(Job).values(due_at=datetime(2026, 1, 1, tzinfo=UTC)))
                writing.commit()


def test_people_are_told_what_became_of_a_file(market: Market) -> None:
    market.take_back(market.publish(market.bring(show_on="east")))
    with market.at():
        kinds = session().scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert kinds == ["marketplace.ready", "marketplace.published", "marketplace.taken_back"]


def test_what_is_published_is_in_the_catalog(market: Market) -> None:
    made = market.publish(market.bring(show_on="east"))
    assert (made.state, made.wanted, made.done) == ("done", 2, 2)
    shirt, [small, medium] = market.product("linen-shirt")
    assert (shirt.title, shirt.status, shirt.brand, shirt.type) == ("Linen shirt", "active", "Weave", "Shirt")
    assert (shirt.variants, shirt.lowest, shirt.currency) == (2, 5900, "EUR")
    assert (small.title, small.sku, small.price, small.compare_at, small.weight) == (
        "S",
        "LS-S",
        5900,
        7900,
        200,
    )
    assert medium.barcode == ""
    parts = market.catalog()
    assert len(parts["ImageLink"]) == 3 and len(parts["Tag"]) == 2 and len(parts["Listing"]) == 2
    _pot, [only] = market.product("clay-pot")
    assert (only.title, only.price) == ("", 1250)


def test_the_same_file_again_is_unchanged_throughout(market: Market) -> None:
    market.publish(market.bring())
    before = market.catalog()
    again = market.bring(at_once=True)
    assert {state for _title, state in market.states(again)} == {"unchanged"}
    assert market.catalog() == before


def test_taking_back_makes_the_catalog_exactly_what_it_was(market: Market) -> None:
    empty = market.catalog()
    first = market.publish(market.bring())
    between = market.catalog()
    second = market.publish(market.bring(LATER))
    assert second.done == 2
    _shirt, variants = market.product("linen-shirt")
    assert [(v.title, v.price) for v in variants] == [("S", 5900), ("L", 5500)]
    assert market.take_back(second).left == 0
    assert market.catalog() == between
    assert market.take_back(first).state == "undone"
    assert market.catalog() == empty


def test_a_variant_that_comes_back_is_the_row_that_it_was(market: Market) -> None:
    market.publish(market.bring())
    _shirt, [_small, medium] = market.product("linen-shirt")
    market.publish(market.bring(LATER))
    market.publish(market.bring())
    _shirt, [_small, again] = market.product("linen-shirt")
    assert (again.id, again.price) == (medium.id, 5900)


@ONE
def test_what_somebody_has_changed_since_is_left_alone(market: Market) -> None:
    made = market.publish(market.bring())
    pot, _variants = market.product("clay-pot")
    services_of_catalog: Any = market.app.extensions["orion"].modules["catalog"].parts["services"]
    market.run(services_of_catalog.set_status, [pot.id], "draft", now=datetime.now(UTC))
    back = market.take_back(made)
    assert (back.state, back.left) == ("undone", 1)
    with market.at():
        handles = session().scalars(select(catalog.Product.handle)).all()
    assert handles == ["clay-pot"]


@ONE
def test_only_what_is_accepted_or_chosen_is_published_and_never_what_is_skipped(market: Market) -> None:
    found = market.bring(LATER)
    shirt, _pot, vase = market.staged(found)
    before = market.run(services.decide, [shirt.id], "accepted")
    market.run(services.decide, [vase.id], "skipped")
    assert before == {"open": [shirt.id]}
    assert market.publish(found, only="accepted").done == 1
    assert market.publish(found).done == 1
    assert [one.decision for one in market.staged(found)] == ["published", "published", "skipped"]


@ONE
def test_a_rejected_row_cannot_be_accepted_and_is_never_published(market: Market) -> None:
    found = market.bring(SHOPIFY + "vase,Vase,,,,,,,,V,,dear,,,,,\n", at_once=True)
    rejected = market.staged(found)[-1]
    assert market.run(services.decide, [rejected.id], "accepted") == {}
    assert [one.decision for one in market.staged(found)] == ["published", "published", "open"]


def test_a_worker_that_dies_while_publishing_loses_and_doubles_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"p-{n},P {n},,,,,,,,P-{n},,1.00,,,,,active\n" for n in range(40))
    monkeypatch.setattr(jobs, "CHUNK", 5)
    found = market.bring(SHOPIFY + rows)
    whole, number = jobs._published, 0

    def dying(*arguments: Any) -> int:
        nonlocal number
        number += 1
        done = whole(*arguments)
        if number % 2 == 0:
            raise Killed
        return done

    monkeypatch.setattr(jobs, "_published", dying)
    with market.at(write=True) as scope:
        services.publish(scope, services.by_id(found.id), now=datetime.now(UTC))
    for _life in _lives(market):
        pass
    assert {job.state for job in market.jobs()} == {"done"}
    assert len(market.catalog()["Product"]) == 42 == len(set(market.catalog()["Product"]))


def test_a_worker_that_dies_while_reading_loses_and_doubles_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = "".join(f"p-{n},P {n},,,,,,,,P-{n},,1.00,,,,,active\n" for n in range(20))
    bad = "".join(f"b-{n},B {n},,,,,,,,B-{n},,dear,,,,,active\n" for n in range(12))
    monkeypatch.setattr(jobs, "CHUNK", 5)
    number = 0
    for name in ("stage", "stage_rejected"):
        monkeypatch.setattr(staging, name, _dying(getattr(staging, name), lambda: number))

    with market.at(write=True) as scope:
        content = (SHOPIFY + good + bad).encode()
        found = services.bring(scope, io.BytesIO(content), "p.csv", size=len(content), now=datetime.now(UTC))
        services.read(scope, found)
    for life in _lives(market):
        number = life
    staged = market.staged(found)
    assert number > 3
    assert len([one for one in staged if one.state == "new"]) == 22
    assert sorted(one.title for one in staged if one.state == "rejected") == sorted(
        f"B {n}" for n in range(12)
    )


def _dying(whole: Any, moment: Any) -> Any:
    """A function that does its work twice and dies at its third, in each life."""
    lives: dict[int, int] = {}

    def dying(*arguments: Any, **options: Any) -> Any:
        life = moment()
        lives[life] = lives.get(life, 0) + 1
        done = whole(*arguments, **options)
        if lives[life] == 3:
            raise Killed
        return done

    return dying


@ONE
def test_a_publication_is_not_taken_back_twice_nor_by_others(market: Market) -> None:
    made = market.publish(market.bring())
    with market.at("RIVAL", write=True) as scope, pytest.raises(NotFound):
        services.take_back(scope, made.public_id)
    market.take_back(made)
    with market.at(write=True) as scope, pytest.raises(Conflict):
        services.take_back(scope, made.public_id)


@ONE
def test_publishing_and_taking_back_stand_in_the_audit_log(market: Market) -> None:
    market.take_back(market.publish(market.bring()))
    table = metadata.tables["tenancy_audit_entry"]
    with market.app.app_context(), db.engines["write"].begin() as connection:
        found = connection.execution_options(**AS_OWNER).execute(select(table.c.action))
        actions = {row[0] for row in found}
    assert {"marketplace.published", "marketplace.taken_back"} <= actions


@ONE
def test_stock_that_is_counted_keeps_a_product_that_was_imported(market: Market) -> None:
    inventory = market.app.extensions["orion"].modules.get("inventory")
    if inventory is None:
        pytest.skip("needs the module that counts stock")
    made = market.publish(market.bring())
    _pot, [only] = market.product("clay-pot")
    stock = inventory.parts["services"]
    place = market.run(stock.first_location).public_id
    market.run(stock.receive, only.id, place, 4, now=datetime.now(UTC))
    assert market.take_back(made).left == 1
    with market.at():
        assert session().scalars(select(Staged.decision).order_by(Staged.line)).all() == ["open", "published"]


# -- jobs that were stopped, and are taken up when something else has happened ---------------------


def _stopped_at(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, call: int) -> None:
    """Have somebody stop the job at so many-th call of a function, once."""
    whole, calls = getattr(where, name), 0

    def stopping(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise Stopped
        return whole(*arguments, **options)

    monkeypatch.setattr(where, name, stopping)


def _again(market: Market, job: Job) -> Job:
    """Take a job up again; it afterwards."""
    market.run(retry, job.public_id)
    run_due(market.app)
    return next(one for one in market.jobs() if one.id == job.id)


MANY = SHOPIFY + "".join(f"p-{n},P {n},,,,,,,,P-{n},,1.00,,,,,active\n" for n in range(20))


@ONE
def test_a_reading_that_was_stopped_does_not_go_on_once_the_file_was_read_anew(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 5)
    _stopped_at(monkeypatch, staging, "stage", 3)
    found = market.bring(MANY)
    [stopped] = market.jobs()
    market.run(lambda scope: services.read(scope, services.by_id(found.id)))
    run_due(market.app)
    staged = market.states(found)
    assert (stopped.state, len(staged)) == ("cancelled", 22)
    again = _again(market, stopped)
    assert (again.state, again.message) == ("failed", "This file was read anew since.")
    assert market.states(found) == staged


@ONE
def test_a_reading_that_was_stopped_at_once_forgets_nothing_that_is_published(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopped_at(monkeypatch, jobs, "open_import", 1)
    found = market.bring(MANY)
    [stopped] = market.jobs()
    market.run(lambda scope: services.read(scope, services.by_id(found.id)))
    run_due(market.app)
    market.publish(found)
    staged = market.states(found)
    assert (stopped.state, len(staged)) == ("cancelled", 22)
    assert _again(market, stopped).state == "failed"
    assert market.states(found) == staged


@ONE
def test_publishing_that_was_stopped_and_taken_back_does_not_go_on(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 5)
    empty = market.catalog()
    found = market.bring(MANY)
    _stopped_at(monkeypatch, jobs, "_published", 3)
    made = market.publish(found)
    stopped = market.jobs()[-1]
    assert (stopped.state, made.done) == ("cancelled", 10)
    assert market.take_back(made).state == "undone"
    again = _again(market, stopped)
    assert (again.state, again.message) == ("failed", "This publication is taken back already.")
    assert market.catalog() == empty


def test_the_name_of_a_file_is_what_can_be_seen_of_it(market: Market) -> None:
    assert market.bring(name="../up\0\r\n\u202egnp.\ud800csv").name == "../up gnp. csv"
