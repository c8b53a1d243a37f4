"""Receiving, adjusting, transferring and counting: every change is a line of the ledger."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import ProgrammingError

from modules.inventory import services
from modules.inventory.models import Movement
from modules.inventory.tests.conftest import NOW, Store
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound


def test_what_comes_in_is_on_hand_and_available(store: Store) -> None:
    variant = store.variant("A-1", pieces=12)
    assert store.stock(variant) == (12, 12)
    assert store.books_agree()


def test_an_adjustment_says_why(store: Store) -> None:
    variant = store.variant("A-1", pieces=12)
    store.run(services.adjust, variant, store.place(), -2, "damaged", now=NOW)
    assert store.stock(variant) == (10, 10)
    with pytest.raises(Invalid) as refused:
        store.run(services.adjust, variant, store.place(), -2, "whim", now=NOW)
    assert list(refused.value.errors) == ["reason"]


def test_more_than_there_is_cannot_be_taken(store: Store) -> None:
    variant = store.variant("A-1", pieces=3)
    with pytest.raises(Invalid) as refused:
        store.run(services.adjust, variant, store.place(), -4, "lost", now=NOW)
    assert list(refused.value.errors) == ["quantity"]
    assert store.stock(variant) == (3, 3)
    assert store.books_agree()


def test_a_transfer_changes_places_and_no_sum(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    shop = store.run(services.add_location, "Shop floor").public_id
    store.run(services.transfer, variant, store.place(), shop, 2, now=NOW)
    assert store.stock(variant) == (5, 5)
    assert store.books_agree()
    with pytest.raises(Invalid):
        store.run(services.transfer, variant, shop, store.place(), 3, now=NOW)
    with pytest.raises(Invalid) as refused:
        store.run(services.transfer, variant, shop, shop, 1, now=NOW)
    assert list(refused.value.errors) == ["target"]


def test_a_count_writes_down_what_differs(store: Store) -> None:
    one, two, new = store.variant("A-1", pieces=5), store.variant("A-2", pieces=5), store.variant("A-3")
    batch = store.run(services.count, store.place(), {one: 5, two: 3, new: 0}, now=NOW)
    assert [store.stock(variant) for variant in (one, two, new)] == [(5, 5), (3, 3), (0, 0)]
    with store.at():
        lines = session().execute(
            select(Movement.variant_id, Movement.quantity).where(Movement.batch == batch)
        )
        assert [tuple(line) for line in lines] == [(two, -2)]


def test_a_count_that_finds_what_is_written_down_is_nothing_to_take_back(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    assert store.run(services.count, store.place(), {variant: 5}, now=NOW) == ""
    assert store.stock(variant) == (5, 5)


def test_what_was_done_is_taken_back_once(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    batch = store.run(services.adjust, variant, store.place(), -5, "lost", now=NOW)
    store.run(services.take_back, batch, now=NOW)
    assert store.stock(variant) == (5, 5)
    with pytest.raises(Conflict):
        store.run(services.take_back, batch, now=NOW)
    assert store.books_agree()


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize(
    "change", [update(Movement).values(note="x"), delete(Movement)], ids=["update", "delete"]
)
def test_the_database_keeps_the_ledger_as_it_is(store: Store, change: Any) -> None:
    store.variant("A-1", pieces=5)
    with pytest.raises(ProgrammingError), store.at(write=True):
        session().execute(change)


def test_a_location_with_goods_cannot_be_closed(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    place = store.place()
    with pytest.raises(Invalid) as refused:
        store.run(services.change_location, place, "Main store", False)
    assert list(refused.value.errors) == ["active"]
    store.run(services.adjust, variant, place, -5, "lost", now=NOW)
    store.run(services.change_location, place, "Old store", False)
    assert store.place() != place


def test_two_locations_have_different_names(store: Store) -> None:
    store.run(services.add_location, "Cellar")
    with pytest.raises(Invalid):
        store.run(services.add_location, "CELLAR")
    store.run(services.add_location, "Cellar", vendor="RIVAL")


def test_another_vendors_goods_and_places_are_not_there(store: Store) -> None:
    mine, theirs = store.variant("A-1"), store.variant("A-1", pieces=5, vendor="RIVAL")
    with pytest.raises(NotFound):
        store.run(services.receive, theirs, store.place(), 1, now=NOW)
    with pytest.raises(NotFound):
        store.run(services.receive, mine, store.place("RIVAL"), 1, now=NOW)
    assert store.stock(theirs) == (5, 5)


# -- the audit log --------------------------------------------------------------------------------


def test_an_adjustment_stands_in_the_audit_log_with_before_and_after(store: Store) -> None:
    variant = store.variant("A-1", pieces=12)
    with store.audited() as kept:
        store.run(services.adjust, variant, store.place(), -2, "damaged", now=NOW, note="Rain")
    [entry] = kept
    assert (entry.action, entry.subject.kind, entry.subject.name) == (
        "inventory.adjusted",
        "variant",
        "Good A-1",
    )
    assert entry.before == {"Main store": 12}
    assert entry.after == {"Main store": 10, "reason": "damaged", "note": "Rain"}


def test_a_count_is_one_entry_of_what_differed(store: Store) -> None:
    one, two = store.variant("A-1", pieces=5), store.variant("A-2", pieces=5)
    with store.audited() as kept:
        store.run(services.count, store.place(), {one: 5}, now=NOW)
        assert kept == []
        store.run(services.count, store.place(), {one: 4, two: 7, store.variant("A-3"): 0}, now=NOW)
    [entry] = kept
    assert (entry.action, entry.subject.kind, entry.subject.name) == (
        "inventory.counted",
        "location",
        "Main store",
    )
    assert entry.before == {"Good A-1": 5, "Good A-2": 5}
    assert entry.after == {"Good A-1": 4, "Good A-2": 7}


def test_what_is_taken_back_stands_in_the_audit_log_too(store: Store) -> None:
    one, two = store.variant("A-1", pieces=5), store.variant("A-2", pieces=5)
    batch = store.run(services.count, store.place(), {one: 4, two: 7}, now=NOW)
    with store.audited() as kept:
        store.run(services.take_back, batch, now=NOW)
    [entry] = kept
    assert (entry.action, entry.subject.key) == ("inventory.taken_back", batch)
    assert entry.before == {"Good A-1": 4, "Good A-2": 7}
    assert entry.after == {"Good A-1": 5, "Good A-2": 5}


def test_what_comes_in_is_in_the_ledger_alone(store: Store) -> None:
    variant = store.variant("A-1")
    with store.audited() as kept:
        store.run(services.receive, variant, store.place(), 5, now=NOW)
    assert kept == []
