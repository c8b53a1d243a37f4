"""Figures follow each write at once: what was cached before it is not shown after it."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient

from modules.orders.services import cancel
from modules.orders.tests.conftest import Shop, document, refund
from tests.contracts.tiles import is_true, tiles

PERIOD = {"from": "2024-05-01", "to": "2024-05-31"}


def test_after_each_write_tiles_and_lists_agree_on_the_new_figures(
    shop: Shop, sign_in: Callable[..., FlaskClient]
) -> None:
    client = sign_in("owner@orion.example")

    def figures() -> dict[str, object]:
        found = tiles(shop.app, client, "/vendor/WIZAMART/", PERIOD)
        assert [tile.metric.query for tile in found if not is_true(tile)] == []
        return {tile.metric.query.partition(".")[2]: tile.answer["value"] for tile in found}

    before = figures()
    shop.take(document(status="placed"), document("A-2"), refund())
    taken = figures()
    shop.change(cancel, "A-1")
    cancelled = figures()
    shop.take(document("A-2", lines=document().lines[:1]))
    changed = figures()
    names = ("count", "refunds", "revenue")
    assert [before[name] for name in names] == [0, 0, "0.00"]
    assert [taken[name] for name in names] == [2, 1, "45.00"]
    assert [cancelled[name] for name in names] == [1, 1, "20.00"]
    assert [changed[name] for name in names] == [1, 1, "10.00"]
    assert taken["to_fulfil"] - before["to_fulfil"] == 1 and cancelled["to_fulfil"] == before["to_fulfil"]


def test_several_currencies_stand_side_by_side_in_tile_and_list(
    shop: Shop, sign_in: Callable[..., FlaskClient]
) -> None:
    shop.take(document(), document("A-2", currency="GBP"))
    client = sign_in("owner@orion.example")
    found = {tile.metric.query: tile for tile in tiles(shop.app, client, "/vendor/WIZAMART/", PERIOD)}
    revenue = found["orders.revenue"]
    assert (revenue.answer["value"], revenue.answer["currency"]) == (None, "mixed")
    assert revenue.listing is not None and revenue.listing.sums["total"] == {"EUR": 2500, "GBP": 2500}
    assert is_true(revenue)


def test_a_period_ends_with_the_vendors_own_day(shop: Shop, sign_in: Callable[..., FlaskClient]) -> None:
    late = datetime(2024, 5, 31, 22, 30, tzinfo=UTC)  # Half past midnight, the first of June, in Luxembourg.
    shop.take(document(placed_at=late, business_date=datetime(2024, 6, 1).date()))
    client = sign_in("owner@orion.example")
    june = {"from": "2024-06-01", "to": "2024-06-01"}
    for asked, number in ((PERIOD, 0), (june, 1)):
        found = {tile.metric.query: tile for tile in tiles(shop.app, client, "/vendor/WIZAMART/", asked)}
        assert found["orders.count"].answer["value"] == number
        assert is_true(found["orders.count"])
