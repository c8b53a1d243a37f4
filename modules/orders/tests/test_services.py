"""Taking documents, and moving sales on: what is stored, and that the daily figures stay true."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select

from modules.customers.api import Customer
from modules.orders import rollups
from modules.orders.documents import DocumentLine, Taken
from modules.orders.models import Daily, Event, Invoice, Line, Order
from modules.orders.services import RefundLine, cancel, invoice, take
from modules.orders.services import refund as give_back
from modules.orders.tests.conftest import DAY, Shop, document, refund
from orion.contracts.data import entered
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.scope import ScopeKind, system_scope


def _daily(shop: Shop) -> list[tuple[str, str, int, int, int]]:
    """The figures of the documents' day that are not nothing."""
    statement = (
        select(Daily.kind, Daily.status, Daily.orders, Daily.units, Daily.revenue)
        .where(Daily.business_date == DAY, Daily.orders != 0)
        .order_by(Daily.kind, Daily.status)
    )
    return [tuple(row) for row in shop.rows(statement)]


def _differences(shop: Shop) -> list[str]:
    scope = system_scope("verify_rollups")
    with shop.app.app_context(), entered(scope):
        return rollups.verify(scope)


def test_new_documents_are_stored_with_lines_customer_and_figures(shop: Shop) -> None:
    assert shop.take(document(), refund()) == Taken(new=2)
    [(total, units, status, name)] = shop.rows(
        select(Order.total, Order.units, Order.status, Customer.name)
        .join(Customer, Customer.id == Order.customer_id)
        .where(Order.number == "A-1")
    )
    assert (total, units, status, name) == (2500, 3, "delivered", "Ida Lumen")
    assert _daily(shop) == [("refund", "refunded", 1, -1, -500), ("sale", "delivered", 1, 3, 2500)]


def test_the_same_documents_again_change_nothing(shop: Shop) -> None:
    shop.take(document(), refund())
    before = shop.rows(select(Line.id, Line.total).order_by(Line.id))
    assert shop.take(document(), refund()) == Taken(unchanged=2)
    assert shop.rows(select(Line.id, Line.total).order_by(Line.id)) == before


def test_a_document_with_other_contents_is_replaced_as_a_whole(shop: Shop) -> None:
    shop.take(document())
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
    other = document(lines=(DocumentLine("P-9", "Pan", 1, 4200),), currency="GBP")
    assert shop.take(other) == Taken(changed=1)
    [(order_id, same, currency)] = shop.rows(
        select(Order.id, Order.public_id, Order.currency).where(Order.number == "A-1")
    )
    assert (same, currency) == (public_id, "GBP")
    lines = shop.rows(select(Line.sku, Line.total, Line.currency).where(Line.order_id == order_id))
    assert lines == [("P-9", 4200, "GBP")]
    assert _daily(shop) == [("sale", "delivered", 1, 1, 4200)]
    assert shop.rows(select(Event.kind).where(Event.order_id == order_id)) == [("replaced",)]


def test_a_document_moved_to_another_day_leaves_no_figures_behind(shop: Shop) -> None:
    shop.take(document())
    moved = document(
        placed_at=document().placed_at + timedelta(days=2), business_date=DAY + timedelta(days=2)
    )
    shop.take(moved)
    assert _daily(shop) == []
    assert _differences(shop) == []


def test_a_replaced_document_stays_cancelled(shop: Shop) -> None:
    shop.take(document(status="placed"))
    shop.change(cancel, "A-1")
    shop.take(document(status="placed", customer_name="Ida L."))
    assert _daily(shop) == [("sale", "cancelled", 1, 3, 2500)]


def test_a_guest_is_no_customer(shop: Shop) -> None:
    shop.take(document(customer=None, customer_name=""))
    assert shop.rows(select(Order.customer_id).where(Order.number == "A-1")) == [(None,)]


def test_a_customer_of_another_platform_is_the_same_customer(open_shop: Callable[..., Shop]) -> None:
    one, other = open_shop(platform="oms"), open_shop(platform="letz")
    one.take(document("A-1"))
    other.take(document("B-1"))
    counted = select(func.count()).select_from(Customer).where(Customer.reference == "C-1")
    assert one.rows(counted) == [(1,)]


def test_a_number_belongs_to_a_platform(open_shop: Callable[..., Shop]) -> None:
    one, other = open_shop(platform="oms"), open_shop(platform="letz")
    one.take(document())
    assert other.take(document()) == Taken(new=1)


def test_documents_are_not_taken_in_the_scope_of_a_platform(shop: Shop) -> None:
    scope = replace(shop.scope, kind=ScopeKind.VENDOR_ON_PLATFORM)
    with (
        shop.app.app_context(),
        entered(scope, write=True),
        pytest.raises(ValueError, match="vendor's scope"),
    ):
        take(scope, [document()])


@pytest.mark.parametrize(
    "documents",
    [
        [document(), document()],
        [document(kind="gift")],
        [document(business_date=DAY + timedelta(days=2))],
        [document(number="")],
    ],
    ids=["twice", "kind", "date", "number"],
)
def test_documents_that_contradict_themselves_are_refused(shop: Shop, documents: list) -> None:
    with pytest.raises(ValueError, match="document"):
        shop.take(*documents)


def test_a_cancelled_sale_moves_in_the_figures_and_is_noted(shop: Shop) -> None:
    shop.take(document(status="placed"), document("A-2"))
    shop.change(cancel, "A-1", reason="Out of stock")
    assert _daily(shop) == [("sale", "cancelled", 1, 3, 2500), ("sale", "delivered", 1, 3, 2500)]
    noted = (
        select(Event.kind, Event.text).join(Order, Order.id == Event.order_id).where(Order.number == "A-1")
    )
    assert shop.rows(noted) == [("cancelled", "Out of stock")]


@pytest.mark.parametrize("number", ["A-1", "R-1"])
def test_what_was_shipped_or_refunded_is_not_cancelled(shop: Shop, number: str) -> None:
    shop.take(document(status="shipped"), refund())
    with pytest.raises(Invalid):
        shop.change(cancel, number)


def test_another_vendors_order_is_not_found(open_shop: Callable[..., Shop], shop: Shop) -> None:
    other = open_shop("LUXBOOKS", "letz")
    other.take(document(status="placed"))
    [(public_id,)] = other.rows(select(Order.public_id).where(Order.number == "A-1"))
    with shop.app.app_context(), entered(shop.scope, write=True), pytest.raises(NotFound):
        cancel(shop.scope, public_id, now=document().placed_at)


def test_the_demos_figures_are_what_its_documents_add_up_to(shop: Shop) -> None:
    shop.take(document(status="placed"), refund())
    shop.change(cancel, "A-1")
    assert _differences(shop) == []


def test_figures_that_went_wrong_are_named_and_made_anew(shop: Shop) -> None:
    shop.take(document())
    scope = system_scope("verify_rollups")
    with shop.app.app_context(), entered(shop.scope, write=True) as writing:
        writing.scalars(select(Daily).where(Daily.business_date == DAY)).one().revenue += 1
        writing.commit()
    [difference] = _differences(shop)
    assert "revenue 2501 stored" in difference and "revenue 2500 in the documents" in difference
    with shop.app.app_context(), entered(scope, write=True) as writing:
        rollups.rebuild(scope)
        writing.commit()
    assert _differences(shop) == []
    assert _daily(shop) == [("sale", "delivered", 1, 3, 2500)]


@pytest.mark.only_on("postgresql")
def test_what_is_written_while_figures_are_made_anew_is_counted_once(shop: Shop) -> None:
    shop.take(document())
    scope = system_scope("verify_rollups")

    def make_anew() -> None:
        with shop.app.app_context(), entered(scope, write=True) as writing:
            rollups.rebuild(scope)
            writing.commit()

    with shop.app.app_context(), entered(shop.scope, write=True) as writing:
        take(shop.scope, [document("A-2")])
        other = Thread(target=make_anew)
        other.start()
        other.join(0.5)
        writing.commit()
    other.join()
    assert _differences(shop) == []
    assert _daily(shop) == [("sale", "delivered", 2, 6, 5000)]


def test_eight_who_refund_the_same_sale_give_back_what_it_cost_and_number_it_without_gap(shop: Shop) -> None:
    shop.take(document("B-1", lines=(DocumentLine("P-3", "Ribbon", 30, 1000),)))
    [(sale,)] = shop.rows(select(Order.public_id).where(Order.number == "B-1"))
    on = document().placed_at

    def one(_attempt: int) -> bool:
        with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
            try:
                made = give_back(shop.scope, sale, [RefundLine(1, 1)], now=on)
            except Invalid:
                return False
            invoice(shop.scope, made.public_id, now=on)
            writing.commit()
            return True

    with ThreadPoolExecutor(8) as writers:
        assert sum(writers.map(one, range(48))) == 30
    back = shop.rows(select(Order.number, Order.total).where(Order.origin_number == "B-1"))
    assert sum(total for _number, total in back) == -1000
    assert {number for number, _total in back} == {f"B-1-R{n}" for n in range(1, 31)}
    papers = shop.rows(select(Invoice.number).where(Invoice.year == on.year).order_by(Invoice.number))
    assert [number for (number,) in papers] == list(range(1, 31))
    [(left, given)] = shop.rows(
        select(Line.total - Line.refunded, Order.refunded)
        .join(Line, Line.order_id == Order.id)
        .where(Order.number == "B-1")
    )
    assert (left, given) == (0, 1000)
    assert _differences(shop) == []
