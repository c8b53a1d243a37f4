"""Finding or making customers in bulk, and noting their days."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from modules.customers.api import ensure, record_activity
from modules.customers.models import Activity, Address, Customer, CustomerPlatform, Note, Tag
from orion.contracts.data import session
from orion.contracts.errors import Invalid, WallError

DAY = date(2026, 11, 20)


def row(reference: str, joined: date = DAY, **facts: str) -> dict:
    return {"reference": reference, "joined_on": joined, **facts}


def customer(market, reference: str) -> Customer:
    with market.at("SHOP"):
        return session().scalars(select(Customer).where(Customer.reference == reference)).one()


def days(market) -> list[tuple[int, date, int]]:
    with market.at("SHOP"):
        rows = session().scalars(select(Activity).order_by(Activity.business_date, Activity.platform_id))
        return [(one.platform_id, one.business_date, one.times) for one in rows]


def spans(market) -> list[tuple[int, date, date]]:
    with market.at("SHOP"):
        rows = session().scalars(select(CustomerPlatform).order_by(CustomerPlatform.platform_id))
        return [(one.platform_id, one.first_on, one.last_on) for one in rows]


def note(market, *changes: tuple[str, date, int], who: str = "k") -> None:
    with market.at("SHOP", write=True) as scope:
        record_activity(
            scope,
            [
                {
                    "customer_id": market.ids[who],
                    "platform_id": market.platforms[platform],
                    "business_date": on,
                    "times": times,
                }
                for platform, on, times in changes
            ],
        )


def test_customers_are_made_once(market) -> None:
    with market.at("SHOP", write=True) as scope:
        first = ensure(scope, [row("a"), row("b"), row("a")])
    with market.at("SHOP", write=True) as scope:
        again = ensure(scope, [row("b"), row("c"), row("a")])
    assert {key: again[key] for key in first} == first
    assert len(set(again.values())) == 3


def test_ids_belong_to_their_references(market) -> None:
    with market.at("SHOP", write=True) as scope:
        ids = ensure(scope, [row(reference) for reference in "dacb"])
    assert all(customer(market, reference).id == id_ for reference, id_ in ids.items())


def test_more_customers_than_one_question_may_name_are_found(market) -> None:
    rows = [row(f"r{number}") for number in range(1203)]
    with market.at("SHOP", write=True) as scope:
        first = ensure(scope, rows)
    with market.at("SHOP", write=True) as scope:
        assert ensure(scope, rows) == first


def test_the_same_reference_at_two_vendors_is_two_customers(market) -> None:
    assert market.customer("a", "2026-11-01") != market.customer("a", "2026-11-01", vendor="RIVAL")


def test_an_earlier_date_moves_the_joining_day_back(market) -> None:
    market.customer("a", "2026-11-10")
    market.customer("a", "2026-10-01")
    assert customer(market, "a").joined_on == date(2026, 10, 1)


def test_a_later_date_leaves_the_joining_day(market) -> None:
    market.customer("a", "2026-11-10")
    market.customer("a", "2026-12-01")
    assert customer(market, "a").joined_on == date(2026, 11, 10)


def test_the_earliest_of_several_rows_is_the_joining_day(market) -> None:
    with market.at("SHOP", write=True) as scope:
        ensure(scope, [row("a", DAY), row("a", DAY - timedelta(days=9)), row("a", DAY)])
    assert customer(market, "a").joined_on == DAY - timedelta(days=9)


def test_what_is_empty_is_filled_and_nothing_is_overwritten(market) -> None:
    market.customer("a", "2026-11-10", name="First")
    market.customer("a", "2026-11-10", name="Second", country="LU")
    found = customer(market, "a")
    assert (found.name, found.country) == ("First", "LU")


def test_what_is_filled_later_can_be_searched_for(market) -> None:
    market.customer("a", "2026-11-10")
    market.customer("a", "2026-11-10", name="Çelik")
    assert customer(market, "a").name_norm == "celik"


def test_names_that_are_too_long_are_cut(market) -> None:
    market.customer("a", "2026-11-10", name="x" * 300, country="y" * 300)
    found = customer(market, "a")
    assert (len(found.name), len(found.country)) == (200, 80)


@pytest.mark.parametrize("reference", ["", "x" * 121])
def test_a_reference_that_cannot_be_kept_is_refused(market, reference) -> None:
    with market.at("SHOP") as scope, pytest.raises(Invalid):
        ensure(scope, [row(reference)])


def test_nothing_to_ensure_asks_nothing(market, count_sql) -> None:
    with market.at("SHOP", write=True) as scope, count_sql(market.app) as statements:
        assert ensure(scope, []) == {}
    assert statements == []


def test_customers_are_written_for_one_vendor_at_a_time(market) -> None:
    with market.at(write=True) as scope, pytest.raises(ValueError, match="one vendor"):
        ensure(scope, [row("a")])


@pytest.mark.only_on("postgresql")
def test_two_imports_at_once_make_a_customer_once(market) -> None:
    made: list[dict[str, int]] = []
    start = Barrier(2, timeout=20)

    def run() -> None:
        with market.at("SHOP", write=True) as scope:
            start.wait()
            made.append(ensure(scope, [row("a"), row("b")]))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 2
    assert made[0] == made[1]


def test_a_day_is_noted_once_and_adds_up(market) -> None:
    market.customer("k", "2026-11-01")
    note(market, ("east", DAY, 1), ("east", DAY, 1))
    note(market, ("east", DAY, 3))
    assert days(market) == [(market.platforms["east"], DAY, 5)]


def test_platforms_have_days_of_their_own(market) -> None:
    market.customer("k", "2026-11-01")
    note(market, ("east", DAY, 1), ("west", DAY, 2))
    assert days(market) == [(market.platforms["east"], DAY, 1), (market.platforms["west"], DAY, 2)]


def test_what_is_taken_back_is_subtracted(market) -> None:
    market.customer("k", "2026-11-01")
    note(market, ("east", DAY, 2))
    note(market, ("east", DAY, -2))
    assert [times for _platform, _on, times in days(market)] == [0]


def test_differences_that_cancel_out_leave_no_day(market) -> None:
    market.customer("k", "2026-11-01")
    note(market, ("east", DAY, 1), ("east", DAY, -1))
    assert days(market) == []


def test_what_is_no_purchase_still_shows_that_they_acted_there(market) -> None:
    market.customer("k", "2026-11-01")
    note(market, ("west", DAY, 0))
    assert days(market) == []
    assert spans(market) == [(market.platforms["west"], DAY, DAY)]


def test_taking_back_alone_does_not_show_that_they_acted_there(market) -> None:
    market.customer("k", "2026-11-01")
    note(market, ("east", DAY, -1))
    assert spans(market) == []


def test_first_and_last_day_on_a_platform_widen_both_ways(market) -> None:
    market.customer("k", "2026-11-01")
    for days_off in (0, 5, -7, 2):
        note(market, ("east", DAY + timedelta(days=days_off), 1))
    assert spans(market) == [(market.platforms["east"], DAY - timedelta(days=7), DAY + timedelta(days=5))]


def test_no_day_is_noted_for_another_vendors_platform(market) -> None:
    market.customer("a", "2026-11-01", vendor="RIVAL")
    with pytest.raises(WallError), market.at("RIVAL", write=True) as scope:
        record_activity(
            scope,
            [
                {
                    "customer_id": market.ids["RIVAL/a"],
                    "platform_id": market.platforms["east"],
                    "business_date": DAY,
                    "times": 1,
                }
            ],
        )


def test_days_of_many_customers_are_noted_in_few_statements(market, count_sql) -> None:
    with market.at("SHOP", write=True) as scope:
        ids = ensure(scope, [row(f"r{number}") for number in range(300)])
    changes = [
        {"customer_id": id_, "platform_id": market.platforms["east"], "business_date": DAY, "times": 1}
        for id_ in ids.values()
    ]
    with market.at("SHOP", write=True) as scope, count_sql(market.app) as statements:
        record_activity(scope, changes)
    assert len(statements) < 12
    with market.at("SHOP"):
        assert session().scalar(select(func.count()).select_from(Activity)) == 300


def test_what_is_known_of_a_customer_is_seen_on_the_platforms_where_they_acted(busy) -> None:
    with busy.at("SHOP", write=True) as scope:
        for who in ("A-1", "A-3"):
            about = {"vendor_id": scope.vendor.id, "customer_id": busy.ids[who]}
            session().add(Address(**about, line1=who))
            session().add(Tag(**about, name="Regular"))
            session().add(Note(**about, text=who, at=datetime(2026, 11, 1, tzinfo=UTC)))
    for platform, seen in (("east", {"A-1", "A-3"}), ("west", {"A-1"})):
        with busy.at(platform=platform):
            wanted = {busy.ids[who] for who in seen}
            for model in (Address, Tag, Note):
                assert set(session().scalars(select(model.customer_id))) == wanted, (platform, model)
