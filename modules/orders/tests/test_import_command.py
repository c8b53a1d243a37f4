"""`orion orders import`: what goes in, what stays out, and what it says."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from modules.customers.api import Customer
from modules.orders import commands as module
from modules.orders.commands import commands
from modules.orders.models import Daily, Line, Order
from modules.orders.rollups import verify
from orion.contracts.data import entered, system_scope
from orion.contracts.errors import Conflict
from orion.contracts.scope import Scope
from orion.testing import open_data

HEAD = "Order no,Date,SKU,Quantity,Unit price,Customer no\n"
GOOD = HEAD + "X-1,2011-03-01,a,2,1.50,k1\nX-1,2011-03-01,b,1,2.00,k1\nX-2,2011-03-02,a,1,1.50,\n"
#: A vendor of the demo that is on one platform, and one that is on two.
ALONE, ON_TWO = "NORDGLAS", "WIZAMART"

Run = Callable[..., Result]


@pytest.fixture
def run(demo: Flask, tmp_path: Path) -> Run:
    """`run(text or path, *options)` imports for the vendor that is on one platform."""

    def command(table: str | Path, *options: str, vendor: str = ALONE) -> Result:
        path = table if isinstance(table, Path) else tmp_path / "orders.csv"
        if isinstance(table, str):
            path.write_text(table)
        return demo.test_cli_runner().invoke(commands, ["import", str(path), "--vendor", vendor, *options])

    return command


def told(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout)


def orders(app: Flask, vendor: str = ALONE) -> dict[str, tuple[str, int]]:
    """Number → (kind, total) of the vendor's orders of these tests."""
    with app.app_context(), entered(app.extensions["orion"].command_scope(vendor=vendor)) as session:
        rows = session.execute(
            select(Order.number, Order.kind, Order.total).where(Order.business_date < date(2012, 1, 1))
        )
        return {number: (kind, total) for number, kind, total in rows}


def sound(app: Flask) -> bool:
    """Whether the daily figures are those of the orders."""
    scope = system_scope("verify_rollups")
    with app.app_context(), entered(scope):
        return not list(verify(scope))


def test_nothing_is_taken_where_the_feature_is_off(
    run: Run, demo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = module._place

    def without(vendor: str, platform: str | None) -> Scope:
        scope = place(vendor, platform)
        return replace(scope, features=scope.features - {"orders.order_import"})

    monkeypatch.setattr(module, "_place", without)
    assert isinstance(run(GOOD).exception, Conflict)
    assert orders(demo) == {}


def test_a_history_is_taken_whole(run: Run, demo: Flask) -> None:
    result = run(GOOD, "--json")
    assert result.exit_code == 0
    assert told(result)["documents"] == {"read": 2, "new": 2, "changed": 0, "unchanged": 0}
    assert orders(demo) == {"X-1": ("sale", 500), "X-2": ("sale", 150)}
    assert sound(demo)


def test_the_same_file_twice_changes_nothing(run: Run, demo: Flask) -> None:
    run(GOOD)
    before = orders(demo)
    again = run(GOOD, "--json")
    assert told(again)["documents"] == {"read": 2, "new": 0, "changed": 0, "unchanged": 2}
    assert orders(demo) == before
    assert sound(demo)


def test_nobody_of_a_file_gets_into_the_log(run: Run, log_lines: list[str]) -> None:
    head = HEAD.replace("Customer no", "Customer email")
    rows = "X-1,2011-03-01,a,2,1.50,canary@example.com\nX-2,never,a,1,1.50,canary@example.com\n"
    result = run(head + rows, "--json")
    assert told(result)["documents"]["new"] == 1
    assert not [line for line in log_lines if "canary" in line]


def test_a_changed_order_is_replaced_as_a_whole(run: Run, demo: Flask) -> None:
    run(GOOD)
    result = run(GOOD.replace("X-1,2011-03-01,b,1,2.00,k1\n", ""), "--json")
    assert told(result)["documents"] == {"read": 2, "new": 0, "changed": 1, "unchanged": 1}
    assert orders(demo) == {"X-1": ("sale", 300), "X-2": ("sale", 150)}
    assert sound(demo)


def test_rejected_rows_stay_out_and_the_rest_goes_in(run: Run, demo: Flask, tmp_path: Path) -> None:
    sheet = tmp_path / "rejected.csv"
    result = run(
        GOOD + "X-1,2011-03-01,c,some,2.00,k1\nX-3,never,c,1,2.00,k1\n", "--json", "--rejected", str(sheet)
    )
    assert result.exit_code == 3
    report = told(result)
    assert report["rows"] == {"read": 5, "accepted": 3, "rejected": 2}
    assert [(row["line"], row["column"]) for row in report["rejected"]] == [(5, "Quantity"), (6, "Date")]
    assert report["incomplete"] == ["X-1"]
    assert set(orders(demo)) == {"X-1", "X-2"}
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == ["5", "6"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD + "X-1,03/04/2011,a,2,1.50,k1\n", "DMY: 2011-04-03; MDY: 2011-03-04"),
        (HEAD + "X-1,2011-03-01,a,2,1.500,k1\n", "1.500 or 1500"),
        ("Colour,Size\nred,5\n", "no column for"),
        (GOOD + 'X-3,2011-03-02,"a,1,1.50,\n', "line 5"),
    ],
)
def test_a_file_that_would_have_to_be_guessed_is_refused_as_a_whole(
    run: Run, demo: Flask, text: str, why: str
) -> None:
    result = run(text)
    assert result.exit_code == 1
    assert why in result.stderr
    assert orders(demo) == {}


def test_a_refusal_can_be_read_by_machines(run: Run) -> None:
    result = run(HEAD + "X-1,03/04/2011,a,2,1.50,k1\n", "--json")
    assert result.exit_code == 1
    assert "DMY" in told(result)["refused"]


def test_what_a_file_leaves_open_may_be_stated(run: Run, demo: Flask, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        'columns: {document: Beleg, unit_price: Preis}\ndates: DMY\ndecimal: ","\ncurrency: CHF\n'
    )
    text = "Beleg;Date;Quantity;Preis\nX-1;03/04/2011;2;1.500\n"
    result = run(text, "--mapping", str(mapping), "--json")
    assert (result.exit_code, told(result)["currency"]) == (0, "CHF")
    assert orders(demo) == {"X-1": ("sale", 300_000)}


def test_amounts_are_in_the_vendors_currency_where_nobody_says_otherwise(run: Run) -> None:
    assert told(run(GOOD, "--json"))["currency"] == "CHF"
    assert told(run(GOOD, "--json", "--currency", "GBP"))["currency"] == "GBP"


def test_a_vendor_on_several_platforms_needs_one_to_be_named(run: Run, demo: Flask) -> None:
    result = run(GOOD, vendor=ON_TWO)
    assert result.exit_code == 2
    assert "letz, oms" in result.stderr
    assert run(GOOD, "--platform", "letz", vendor=ON_TWO).exit_code == 0
    assert set(orders(demo, ON_TWO)) == {"X-1", "X-2"}


def test_an_unknown_vendor_or_platform_is_refused(run: Run) -> None:
    for result, code in ((run(GOOD, vendor="NOBODY"), "NOBODY"), (run(GOOD, "--platform", "letz"), "letz")):
        assert result.exit_code != 0
        assert code in str(result.exception)


def test_a_currency_that_does_not_exist_is_refused(run: Run, demo: Flask) -> None:
    result = run(GOOD, "--currency", "XXQ")
    assert (result.exit_code, orders(demo)) == (1, {})
    assert "XXQ" in result.stderr
    assert told(run(GOOD, "--json", "--currency", "gbp"))["currency"] == "GBP"


def test_a_customer_of_two_platforms_is_one_customer(run: Run, demo: Flask) -> None:
    for platform in ("oms", "letz"):
        assert run(GOOD, "--platform", platform, vendor=ON_TWO).exit_code == 0
    scope = demo.extensions["orion"].command_scope
    with demo.app_context(), entered(scope(vendor=ON_TWO)) as session:
        assert session.scalar(select(func.count()).where(Customer.reference == "k1")) == 1


def test_an_order_belongs_to_the_platform_that_was_named(run: Run, demo: Flask) -> None:
    run(GOOD, "--platform", "letz", vendor=ON_TWO)
    scope = demo.extensions["orion"].command_scope
    for platform, expected in (("letz", 2), ("oms", 0)):
        with demo.app_context(), entered(scope(vendor=ON_TWO, platform=platform)) as session:
            assert session.scalar(select(func.count()).where(Order.number.like("X-%"))) == expected


# -- the open data --------------------------------------------------------------------------------

RETAIL = open_data.DATA / "orders" / "online_retail_2010-12_2011-02.csv.gz"


def months(app: Flask) -> dict[str, tuple[int, int]]:
    """Month → (documents, revenue in minor units) of the daily figures before the demo's own."""
    with app.app_context(), entered(app.extensions["orion"].command_scope(vendor=ALONE)) as session:
        days = session.execute(
            select(Daily.business_date, Daily.orders, Daily.revenue).where(
                Daily.business_date < date(2020, 1, 1)
            )
        )
        found: dict[str, tuple[int, int]] = {}
        for day, count, revenue in days:
            month = f"{day:%Y-%m}"
            before = found.get(month, (0, 0))
            found[month] = (before[0] + count, before[1] + revenue)
        return found


def truth(name: str) -> dict[str, Any]:
    """The true figures a month, from the index beside the data."""
    months: dict[str, Any] = open_data.truth(f"orders/{name}")["per_month"]
    return months


@pytest.mark.long_on("postgresql")
@pytest.mark.skipif(not RETAIL.is_file(), reason="needs the open data beside the checkout")
def test_a_hundred_thousand_lines_give_the_true_figures_and_change_nothing_the_second_time(
    run: Run, demo: Flask
) -> None:
    first, second = run(RETAIL, "--currency", "GBP", "--json"), run(RETAIL, "--currency", "GBP", "--json")
    assert (first.exit_code, told(first)["rows"]["read"]) == (0, 105_335)
    assert told(second)["documents"] == {"read": 4_894, "new": 0, "changed": 0, "unchanged": 4_894}
    assert months(demo) == {
        "2010-12": (2_025, 74_895_702),
        "2011-01": (1_476, 56_000_026),
        "2011-02": (1_393, 49_806_265),
    }
    assert sound(demo)
    with demo.app_context(), entered(demo.extensions["orion"].command_scope(vendor=ALONE)) as session:
        lines = select(func.count(), func.sum(Line.total)).where(Line.currency == "GBP")
        assert session.execute(lines).one() == (105_335, 180_701_993)


@pytest.mark.by_turns
@pytest.mark.skipif(not RETAIL.is_file(), reason="needs the open data beside the checkout")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("superstore_cp1252.csv", ["--encoding", "cp1252"]),
        (
            "northwind_order_details.csv",
            [
                f"--with={open_data.DATA / 'orders' / f'northwind_{name}.csv'}"
                for name in ("customers", "orders", "products")
            ],
        ),
    ],
)
def test_other_histories_are_true_but_for_the_rounding_of_each_order_to_cents(
    run: Run, demo: Flask, name: str, options: list[str]
) -> None:
    assert run(open_data.DATA / "orders" / name, "--currency", "USD", *options).exit_code == 0
    got, expected = months(demo), truth(name)
    assert {month: count for month, (count, _revenue) in got.items()} == {
        m: e["orders"] for m, e in expected.items()
    }
    for month, (count, revenue) in got.items():
        assert abs(revenue - float(expected[month]["revenue"]) * 100) <= count * 0.5 + 1e-6
    assert sound(demo)


def test_orders_that_were_handed_out_come_back_without_a_change(
    run: Run, demo: Flask, sign_in: Any, tmp_path: Path
) -> None:
    odd = HEAD + (
        "X-1,2011-03-01 10:30,=a,2,1.505,k1\nX-1,2011-03-01 10:30,b,1,2,k1\nX-2,2011-03-02,-1+1,-1,1.50,\n"
    )
    assert run(odd, "--platform", "oms", vendor=ON_TWO).exit_code == 0
    owner = sign_in("owner@orion.example", app=demo)
    for address in ("?export=csv&q=x-", "?export=csv&from=2011-03-01&to=2026-12-31&q=x-"):
        file = owner.get(f"/vendor/{ON_TWO}/orders{address}").text
        assert "'=a" in file and "'-1+1" in file
        again = told(run(file, "--platform", "oms", "--json", vendor=ON_TWO))
        assert again["documents"] == {"read": 2, "new": 0, "changed": 0, "unchanged": 2}
        assert (again["format"], again["rows"]["rejected"]) == ("Orion", 0)
    book = tmp_path / "orders.xlsx"
    book.write_bytes(owner.get(f"/vendor/{ON_TWO}/orders?export=xlsx&q=x-").data)
    again = told(run(book, "--platform", "oms", "--json", vendor=ON_TWO))
    assert again["documents"] == {"read": 2, "new": 0, "changed": 0, "unchanged": 2}
