"""Order histories are staged, published and taken back like products."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from modules.orders.destination import ORDERS
from modules.orders.models import Line, Order
from modules.orders.rollups import verify
from modules.orders.tests.conftest import NOW, Shop
from orion.contracts.data import entered, system_scope
from orion.contracts.tabular import Thing
from orion.testing.tables import read

HEAD = "Order no,Date,SKU,Quantity,Unit price,Customer no\n"
GOOD = HEAD + "Y-1,2011-03-01,a,2,1.50,k1\nY-1,2011-03-01,b,1,2.00,k1\nY-2,2011-03-02,a,-1,1.50,\n"
Do = Callable[..., Any]


@pytest.fixture
def do(shop: Shop) -> Do:
    """Calls a method of the destination in the vendor's own scope, and commits."""

    def call(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        scope = shop.app.extensions["orion"]
        with shop.app.test_request_context():
            whole = scope.command_scope(vendor="WIZAMART")
            with entered(whole, write=True) as writing:
                found = method(whole, *arguments, **options)
                writing.commit()
        return found

    return call


def _platform(shop: Shop) -> int:
    return next(iter(shop.scope.platforms))


def _things(shop: Shop, folder: Path, text: str = GOOD) -> list[Thing]:
    with shop.app.test_request_context():
        return read(ORDERS, shop.scope, folder, text)[0]


def _all(shop: Shop) -> list[Any]:
    """Every order and its lines of these tests, and how much there is of everything."""
    ours = Order.business_date < date(2012, 1, 1)
    orders = select(Order.number, Order.total, Order.kind, Order.status, Order.content_hash).where(ours)
    lines = select(Line.sku, Line.total, Line.quantity).where(Line.business_date < date(2012, 1, 1))
    return [*shop.rows(orders.order_by(Order.number)), *shop.rows(lines.order_by(Line.sku, Line.total))]


def _sound(shop: Shop) -> bool:
    scope = system_scope("verify_rollups")
    with shop.app.app_context(), entered(scope):
        return not list(verify(scope))


def test_a_history_is_published_once_and_taken_back_without_a_trace(
    shop: Shop, do: Do, tmp_path: Path
) -> None:
    there, before = _platform(shop), _all(shop)
    things = _things(shop, tmp_path)
    assert [(t.key, t.lines, t.parts) for t in things] == [("Y-1", (2, 3), 2), ("Y-2", (4,), 1)]
    states = [one.state for one in do(ORDERS.compare, things, platform_id=there)]
    made = do(ORDERS.publish, things, platform_id=there, now=NOW)
    assert states == [one.state for one in made] == ["new", "new"]
    assert [one.state for one in do(ORDERS.compare, things, platform_id=there)] == ["unchanged", "unchanged"]
    assert len(_all(shop)) == len(before) + 5 and _sound(shop)
    assert do(ORDERS.take_back, {one.id: one.before for one in made}, at=NOW) == []
    assert _all(shop) == before and _sound(shop)


def test_an_order_that_comes_with_other_lines_is_changed_and_becomes_again_what_it_was(
    shop: Shop, do: Do, tmp_path: Path
) -> None:
    there = _platform(shop)
    do(ORDERS.publish, _things(shop, tmp_path), platform_id=there, now=NOW)
    before = _all(shop)
    dearer = _things(shop, tmp_path, GOOD.replace("b,1,2.00", "b,1,2.50"))
    first, second = do(ORDERS.compare, dearer, platform_id=there)
    assert (first.state, second.state) == ("changed", "unchanged")
    with shop.app.test_request_context():
        assert ORDERS.said(shop.scope, first.changes[0], "EUR") == ("Total", "€5.00", "€5.50")
    made = do(ORDERS.publish, dearer, platform_id=there, now=NOW)
    assert _all(shop) != before
    changed = {one.id: one.before for one in made if one.state == "changed"}
    assert do(ORDERS.take_back, changed, at=NOW) == []
    assert _all(shop) == before and _sound(shop)


def test_an_order_with_which_somebody_went_on_is_left_alone(shop: Shop, do: Do, tmp_path: Path) -> None:
    from modules.orders.services import note

    made = do(
        ORDERS.publish, _things(shop, tmp_path), platform_id=_platform(shop), now=NOW - timedelta(days=1)
    )
    shop.change(note, "Y-1", "Called them.")
    left = do(ORDERS.take_back, {one.id: one.before for one in made}, at=NOW - timedelta(days=1))
    assert left == [made[0].id]
    assert shop.rows(select(func.count()).select_from(Order).where(Order.number == "Y-2")) == [(0,)]


def test_a_line_that_says_no_amount_is_rejected_and_the_others_are_taken(shop: Shop, tmp_path: Path) -> None:
    with shop.app.test_request_context():
        table = HEAD + "Y-1,2011-03-01,a,2,1.50,k1\nY-1,2011-03-01,b,1,,k1\n"
        [thing], [wrong] = read(ORDERS, shop.scope, tmp_path, table)
    assert (thing.lines, wrong.line, wrong.code, wrong.column) == ((2,), 3, "no_amount", "unit_price")


def test_no_order_is_published_without_its_platform(shop: Shop, do: Do, tmp_path: Path) -> None:
    [first, _second] = do(ORDERS.publish, _things(shop, tmp_path), platform_id=None, now=NOW)
    assert "platform" in first
