"""Orders are promised pieces, get them and give them back; of many who want the last one, one gets it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from modules.inventory import listeners, promises, services
from modules.inventory.tests.conftest import NOW, Store
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.desk.models import Notice


def told(key: str, **units: int) -> dict[str, Any]:
    """An order as events tell it; `A_1=2` are two pieces of the SKU A-1."""
    lines = [{"sku": sku.replace("_", "-"), "title": sku, "quantity": n} for sku, n in units.items()]
    return {"public_id": key, "number": f"N-{key}", "lines": lines}


def test_what_is_promised_is_on_hand_and_not_available(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    store.run(listeners.placed, [told("one", A_1=2)])
    assert store.stock(variant) == (5, 3)


def test_an_order_for_more_than_is_available_is_refused_by_name(store: Store) -> None:
    variant, other = store.variant("A-1", pieces=5), store.variant("A-2", pieces=5)
    store.run(listeners.placed, [told("one", A_1=4)])
    with pytest.raises(Invalid, match="Good A-1"):
        store.run(listeners.placed, [told("two", A_2=1, A_1=2)])
    assert store.stock(variant) == (5, 1)
    assert store.stock(other) == (5, 5)


def test_an_order_from_elsewhere_is_promised_what_is_not_there(store: Store) -> None:
    variant = store.variant("A-1", pieces=1)
    store.run(listeners.placed, [told("one", A_1=3)], settled=True)
    assert store.stock(variant) == (1, -2)


def test_what_is_not_counted_is_sold_without_being_counted(store: Store) -> None:
    store.variant("A-1")
    store.run(listeners.placed, [told("one", A_1=3, NO_SUCH=1)])
    store.run(listeners.shipped, [told("one", A_1=3, NO_SUCH=1)])
    assert store.books_agree()


def test_what_is_sent_leaves_the_shelf_and_ends_its_promise(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    store.run(listeners.placed, [told("one", A_1=3)])
    store.run(listeners.shipped, [told("one", A_1=2)])
    assert store.stock(variant) == (3, 2)
    store.run(listeners.shipped, [told("one", A_1=1)])
    assert store.stock(variant) == (2, 2)
    assert store.books_agree()


def test_what_is_cancelled_is_available_again(store: Store) -> None:
    variant = store.variant("A-1", pieces=5)
    store.run(listeners.placed, [told("one", A_1=3)])
    store.run(listeners.cancelled, [told("one", A_1=3)])
    store.run(listeners.cancelled, [told("one", A_1=3)])
    assert store.stock(variant) == (5, 5)


@pytest.mark.parametrize(("restock", "after"), [(True, (4, 4)), (False, (3, 3))])
def test_what_comes_back_is_on_the_shelf_where_it_can_be_sold_again(
    store: Store, restock: bool, after: tuple[int, int]
) -> None:
    variant = store.variant("A-1", pieces=5)
    store.run(listeners.placed, [told("one", A_1=3)])
    store.run(listeners.shipped, [told("one", A_1=2)])
    store.run(listeners.refunded, restock, [told("one", A_1=1)], [told("one", A_1=1)])
    assert store.stock(variant) == after
    assert store.books_agree()


def test_the_shelves_are_emptied_in_their_order_and_never_below_nothing(store: Store) -> None:
    variant = store.variant("A-1", pieces=2)
    shop = store.run(services.add_location, "Shop floor").public_id
    store.run(services.receive, variant, shop, 2, now=NOW)
    store.run(listeners.shipped, [told("one", A_1=3)])
    assert store.stock(variant) == (1, 1)
    store.run(listeners.shipped, [told("two", A_1=3)])
    assert store.stock(variant) == (0, 0)
    assert store.books_agree()


# -- many at once ---------------------------------------------------------------------------------


def at_once(store: Store, attempts: int, attempt: Callable[[int], None]) -> int:
    """Try so often with eight writers; how often it was not refused."""

    def one(number: int) -> bool:
        try:
            attempt(number)
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(8) as writers:
        return sum(writers.map(one, range(attempts)))


def test_of_four_hundred_orders_for_a_hundred_pieces_a_hundred_get_one(store: Store) -> None:
    variant = store.variant("A-1", pieces=100)
    placed = at_once(store, 400, lambda n: store.run(listeners.placed, [told(f"order-{n}", A_1=1)]))
    assert placed == 100
    assert store.stock(variant) == (100, 0)


def test_four_hundred_hands_take_a_hundred_pieces_from_a_shelf(store: Store) -> None:
    variant, place = store.variant("A-1", pieces=100), store.place()
    taken = at_once(store, 400, lambda n: store.run(services.adjust, variant, place, -1, "used", now=NOW))
    assert taken == 100
    assert store.stock(variant) == (0, 0)
    assert store.books_agree()


def test_writers_of_several_variants_do_not_wait_for_each_other(store: Store) -> None:
    ids = [store.variant(f"A-{n}", pieces=50) for n in range(4)]
    place = store.place()

    def attempt(n: int) -> None:
        if n % 2:
            wanted = {id_: 1 for id_ in (ids if n % 4 == 1 else reversed(ids))}
            store.run(promises.reserve, f"order-{n}", wanted, names={})
            store.run(promises.ship, f"order-{n}", wanted, reference="", now=NOW)
        else:
            store.run(services.count, place, {id_: 50 for id_ in reversed(ids)}, now=NOW)

    assert at_once(store, 40, attempt) == 40
    assert store.books_agree()


def _told(store: Store) -> list[dict[str, Any]]:
    """What SHOP was told, the oldest first."""
    with store.at():
        return [one.details for one in session().scalars(select(Notice).order_by(Notice.id))]


def test_whoever_sells_the_last_piece_has_it_said_once(store: Store) -> None:
    store.variant("A-1", pieces=5)
    store.run(listeners.placed, [told("one", A_1=3)])
    assert _told(store) == []
    store.run(listeners.placed, [told("two", A_1=1), told("three", A_1=1)])
    assert [one["title"] for one in _told(store)] == ["Good A-1"]
    store.run(listeners.placed, [told("four", A_1=2)], settled=True)
    assert len(_told(store)) == 1


def _kinds(store: Store) -> list[tuple[str, object]]:
    with store.at():
        asked = select(Notice.kind, Notice.details).order_by(Notice.id)
        return [(kind, details.get("title", details["number"])) for kind, details in session().execute(asked)]


def test_whoever_makes_stock_low_has_it_said_once(store: Store) -> None:
    variant = store.variant("A-1", pieces=9)
    store.run(services.warn_at, variant, 5)
    store.run(listeners.placed, [told("one", A_1=3)])
    assert _kinds(store) == []
    store.run(listeners.placed, [told("two", A_1=2)])
    store.run(services.adjust, variant, store.place(), -1, "lost", now=NOW)
    assert _kinds(store) == [("inventory.low", "Good A-1")]
    store.run(services.count, store.place(), {variant: 0}, now=NOW)
    assert _kinds(store)[1:] == [("inventory.ran_out", "Good A-1")]


def test_a_sheet_that_makes_many_low_is_told_as_one(store: Store) -> None:
    ids = [store.variant(f"A-{n}", pieces=9) for n in range(4)]
    for id_ in ids:
        store.run(services.warn_at, id_, 5)
    store.run(services.count, store.place(), dict.fromkeys(ids, 4), now=NOW)
    assert _kinds(store) == [("inventory.many_low", 4)]
