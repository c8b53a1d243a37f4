"""Parcels and refunds: never more than is left, figures that stay true, and what others hear of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from modules.orders import rollups, services
from modules.orders.models import Daily, Line, Order, Shipment
from modules.orders.services import RefundLine
from modules.orders.tests.conftest import NOW, Shop, document
from orion.contracts import events
from orion.contracts.data import entered
from orion.contracts.errors import Invalid
from orion.contracts.scope import system_scope

LATER = NOW + timedelta(hours=1)
Do = Callable[..., Any]


@pytest.fixture
def do(shop: Shop) -> Do:
    """`do(service, …)` calls a service on order A-1, and commits."""
    shop.take(document(status="packed"))
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))

    def done(service: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
            service(shop.scope, public_id, *arguments, now=LATER, **options)
            writing.commit()

    return done


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What listeners hear: (event, payload)."""
    told: list[tuple[str, dict[str, Any]]] = []

    def listeners(_scope: Any, event: str) -> list[tuple[str, Callable[..., None]]]:
        return [("test", lambda _scope, **payload: told.append((event, payload)))]

    monkeypatch.setattr(events, "_listeners", listeners)
    yield told


def _order(shop: Shop) -> tuple[str, int]:
    [(status, refunded)] = shop.rows(select(Order.status, Order.refunded).where(Order.number == "A-1"))
    return status, refunded


def _lines(shop: Shop, *columns: Any) -> list[tuple[Any, ...]]:
    statement = select(*columns).join(Order, Order.id == Line.order_id).where(Order.number == "A-1")
    return [tuple(row) for row in shop.rows(statement.order_by(Line.position))]


def test_an_order_leaves_in_parts_and_is_shipped_with_the_last(shop: Shop, do: Do) -> None:
    do(services.ship, {2: 1}, carrier="Post", tracking="LU 1")
    assert _order(shop)[0] == "part_shipped"
    do(services.ship)
    assert _order(shop)[0] == "shipped"
    assert _lines(shop, Line.shipped) == [(1,), (2,)]
    parcels = shop.rows(select(Shipment.position, Shipment.carrier).order_by(Shipment.position))
    assert parcels == [(1, "Post"), (2, "")]


@pytest.mark.parametrize("units", [{1: 2}, {2: 3}, {1: -1}, {9: 1}, {}, {1: 0}])
def test_not_more_leaves_than_is_left_and_not_nothing(shop: Shop, do: Do, units: dict[int, int]) -> None:
    with pytest.raises(Invalid):
        do(services.ship, units)
    assert _order(shop)[0] == "packed"
    assert shop.rows(select(Shipment.id)) == []


def test_one_unit_is_refunded_for_what_it_cost(shop: Shop, do: Do) -> None:
    do(services.ship)
    do(services.refund, [RefundLine(2, 1)], reason="Broken")
    assert _order(shop) == ("shipped", 500)
    [refund] = shop.rows(
        select(Order.number, Order.total, Order.units, Order.origin_number).where(
            Order.origin_number == "A-1"
        )
    )
    assert tuple(refund) == ("A-1-R1", -500, -1, "A-1")
    assert _lines(shop, Line.returned, Line.refunded) == [(0, 0), (1, 500)]


def test_the_last_units_of_a_line_take_all_its_money_to_the_cent(shop: Shop) -> None:
    shop.take(document("B-1", lines=(services.DocumentLine("P-3", "Ribbon", 3, 1000),)))
    for _unit in range(3):
        shop.change(services.refund, "B-1", [RefundLine(1, 1)])
    taken = shop.rows(select(Order.total).where(Order.origin_number == "B-1").order_by(Order.id))
    assert [total for (total,) in taken] == [-333, -333, -334]
    [(status,)] = shop.rows(select(Order.status).where(Order.number == "B-1"))
    assert status == "returned"


@pytest.mark.parametrize(
    "line", [RefundLine(2, 3), RefundLine(2, 1, 1001), RefundLine(2, -1), RefundLine(9, 1), RefundLine(1)]
)
def test_not_more_is_refunded_than_is_left_and_not_nothing(shop: Shop, do: Do, line: RefundLine) -> None:
    with pytest.raises(Invalid):
        do(services.refund, [line])
    assert _order(shop) == ("packed", 0)
    assert shop.rows(select(Order.id).where(Order.origin_number == "A-1")) == []


def test_units_refunded_before_they_left_are_not_sent_any_more(shop: Shop, do: Do) -> None:
    do(services.ship, {2: 2})
    do(services.refund, [RefundLine(1, 1)])
    assert _order(shop) == ("shipped", 1500)
    assert _lines(shop, Line.dropped, Line.returned) == [(1, 0), (0, 0)]
    with pytest.raises(Invalid):
        do(services.ship)


def test_what_was_refunded_in_part_is_not_cancelled(do: Do) -> None:
    do(services.refund, [RefundLine(2, 0, 100)])
    with pytest.raises(Invalid):
        do(services.cancel)


def test_revenue_is_what_sales_brought_less_what_went_back(shop: Shop, do: Do) -> None:
    do(services.refund, [RefundLine(2, 1), RefundLine(1, 0, 250)])
    day = select(Daily.kind, Daily.revenue).where(
        Daily.business_date >= document().business_date, Daily.orders == 1
    )
    assert ("refund", -750) in [tuple(row) for row in shop.rows(day)]
    scope = system_scope("verify_rollups")
    with shop.app.app_context(), entered(scope):
        assert rollups.verify(scope) == []


def test_others_hear_which_units_left_and_which_came_back(
    shop: Shop, do: Do, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    do(services.ship, {2: 2})
    do(services.refund, [RefundLine(1, 1), RefundLine(2, 1)], restock=True)
    [(first, shipped), (second, refunded)] = heard
    assert (first, second) == ("orders.shipped", "orders.refunded")
    assert [(line["sku"], line["quantity"]) for line in shipped["orders"][0]["lines"]] == [("P-2", 2)]
    assert [(line["sku"], line["quantity"]) for line in refunded["dropped"][0]["lines"]] == [("P-1", 1)]
    assert [(line["sku"], line["quantity"]) for line in refunded["returned"][0]["lines"]] == [("P-2", 1)]
    assert refunded["restock"] is True
