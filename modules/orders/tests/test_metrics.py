"""The figures of orders."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from modules.orders import metrics
from modules.orders.documents import DocumentLine
from modules.orders.services import cancel
from modules.orders.tests.conftest import DAY, Shop, document, refund
from orion.contracts.periods import custom, resolve


def _at(moment: datetime, number: str, **changes: object) -> object:
    return document(number, placed_at=moment, business_date=moment.date(), **changes)


def test_revenue_adds_sales_and_refunds_and_leaves_cancelled_sales_out(shop: Shop) -> None:
    shop.take(document(), document("A-2", status="placed"), refund())
    assert shop.ask(metrics.revenue).value == Decimal("45.00")
    shop.change(cancel, "A-2")
    assert shop.ask(metrics.revenue).value == Decimal("20.00")


def test_counts_tell_sales_from_refunds_and_leave_cancelled_sales_out(shop: Shop) -> None:
    shop.take(document(), document("A-2", status="placed"), refund())
    shop.change(cancel, "A-2")
    assert (shop.ask(metrics.count).value, shop.ask(metrics.refunds).value) == (1, 1)


def test_the_average_is_that_of_sales(shop: Shop) -> None:
    shop.take(document(), document("A-2", lines=(DocumentLine("P-1", "Kettle", 1, 1500),)), refund())
    assert shop.ask(metrics.average_value).value == Decimal("20.00")


def test_without_sales_there_is_no_average_and_no_revenue(shop: Shop) -> None:
    assert shop.ask(metrics.average_value).value is None
    revenue = shop.ask(metrics.revenue)
    assert (revenue.value, revenue.currency) == (0, "EUR")


def test_the_previous_period_is_beside_the_current_one(shop: Shop) -> None:
    april = datetime(2024, 4, 20, 9, tzinfo=UTC)
    shop.take(document(), _at(april, "A-0"), _at(april, "A-00"))
    period = custom(date(2024, 5, 1), date(2024, 5, 31), shop.scope.zone)
    found = shop.ask(metrics.count, period)
    assert (found.value, found.previous) == (1, 2)
    assert sum(found.spark) == 1 and len(found.spark) == 31


def test_currencies_stand_side_by_side_and_are_never_added(shop: Shop) -> None:
    shop.take(document(), document("A-2", currency="GBP"), document("A-3", currency="GBP"))
    for metric in (metrics.revenue, metrics.average_value):
        found = shop.ask(metric)
        assert (found.value, found.currency) == (None, "mixed")
        assert [part.key for part in found.parts] == ["EUR", "GBP"]
    assert [part.value for part in shop.ask(metrics.revenue).parts] == [Decimal("25.00"), Decimal("50.00")]


def test_a_currency_of_the_period_before_alone_mixes_nothing(shop: Shop) -> None:
    shop.take(document(), _at(datetime(2024, 4, 20, 9, tzinfo=UTC), "A-0", currency="GBP"))
    found = shop.ask(metrics.revenue, custom(date(2024, 5, 1), date(2024, 5, 31), shop.scope.zone))
    assert (found.value, found.previous, found.currency) == (Decimal("25.00"), 0, "EUR")


def test_the_days_add_up_and_each_leads_to_its_own_rows(shop: Shop) -> None:
    shop.take(document(), document("A-2"), refund())
    found = shop.ask(metrics.by_day)
    assert len(found.parts) == 31 and sum(part.value for part in found.parts) == found.value == 2
    [day] = [part for part in found.parts if part.value]
    assert day.at == DAY.isoformat() and dict(day.query) == {"from": day.at, "to": day.at}


def test_today_is_compared_with_yesterday_until_the_same_time(shop: Shop) -> None:
    now = datetime(2024, 7, 10, 12, 0, tzinfo=UTC)
    early, late = now - timedelta(days=1, hours=2), now - timedelta(hours=20)
    shop.take(_at(early, "T-1"), _at(late, "T-2"), _at(now - timedelta(hours=1), "T-3"))
    found = shop.ask(metrics.count, resolve("today", shop.scope.zone, now), now)
    assert (found.value, found.previous) == (1, 1)


def test_to_fulfil_counts_open_sales_of_any_date(shop: Shop) -> None:
    before = shop.ask(metrics.to_fulfil).value
    open_, shipped = document(status="placed"), document("A-2", status="shipped")
    shop.take(open_, shipped, document("A-3", status="packed"), refund())
    assert shop.ask(metrics.to_fulfil).value == before + 2


def test_products_are_ranked_by_revenue_and_the_rest_is_one_entry(shop: Shop) -> None:
    lines = tuple(DocumentLine(f"P-{n:02}", f"Thing {n}", 1, 1000 * n) for n in range(1, 11))
    shop.take(document(lines=lines))
    found = shop.ask(metrics.top_products)
    assert [part.label for part in found.parts[:2]] == ["Thing 10", "Thing 9"]
    assert (found.parts[-1].label, found.parts[-1].value) == ("All other products", Decimal("30.00"))
    assert found.value == sum(part.value for part in found.parts) == shop.ask(metrics.revenue).value


def test_products_of_cancelled_sales_are_not_ranked(shop: Shop) -> None:
    shop.take(document(), document("A-2", status="placed", lines=(DocumentLine("P-9", "Pan", 1, 9900),)))
    shop.change(cancel, "A-2")
    assert [part.label for part in shop.ask(metrics.top_products).parts] == ["Kettle", "Cup"]


def test_products_of_several_currencies_are_not_added(shop: Shop) -> None:
    shop.take(document(), document("A-2", currency="GBP"))
    found = shop.ask(metrics.top_products)
    assert (found.value, found.currency) == (None, "mixed")
    assert {(part.label, part.currency) for part in found.parts} == {
        (title, currency) for title in ("Kettle", "Cup") for currency in ("EUR", "GBP")
    }


def test_several_currencies_share_the_places_of_a_ranking_each_with_its_rest(shop: Shop) -> None:
    lines = tuple(DocumentLine(f"P-{n}", f"Thing {n}", 1, n * 100) for n in range(1, 11))
    shop.take(document(lines=lines), document("A-2", currency="GBP", lines=lines))
    found = [(part.currency, part.label, part.value) for part in shop.ask(metrics.top_products).parts]
    best = [(f"Thing {n}", Decimal(n)) for n in (10, 9, 8)]
    rest = ("All other products", Decimal(28))
    assert found == [(currency, *one) for currency in ("EUR", "GBP") for one in (*best, rest)]


def test_each_figure_takes_one_statement(shop: Shop, count_sql) -> None:
    shop.take(document())
    for name in ("count", "refunds", "revenue", "average_value", "to_fulfil", "by_day", "top_products"):
        for period in (None, resolve("today", shop.scope.zone)):
            with count_sql(shop.app) as statements:
                shop.ask(getattr(metrics, name), period)
            assert len([one for one in statements if "SELECT" in one]) == 1, name
