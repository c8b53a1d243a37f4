"""Lines of a table become documents whose sums are exact."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modules.orders.documents import Document
from modules.orders.histories import History, Rules
from modules.orders.imports import TARGET
from orion.contracts.tabular import Report, Statement, open_import
from orion.tabular.recognition import recognise

HEAD = "Order no;Date;SKU;Title;Quantity;Unit price;Discount;Customer no;Currency\n"


@pytest.fixture
def history(tmp_path: Path):
    """`history(text, zone=…, currency=…)` reads a table of lines."""

    def read(text: str, zone: str = "UTC", currency: str = "EUR", **stated: str) -> History:
        path = tmp_path / "orders.csv"
        path.write_text(text)
        found = open_import(path, TARGET, Statement(**stated), currency)
        return History(found, Rules.of(found, zone), Report(found.plan))

    return read


def one(history: History) -> Document:
    (document,) = history.documents()
    return document


def test_lines_of_an_order_come_together_wherever_they_stand(history) -> None:
    rows = "1;2010-01-05;a;A;2;1.50;;c;\n2;2010-01-06;b;B;1;9.00;;c;\n1;2010-01-05;c;C;1;0.25;;c;\n"
    first, second = history(HEAD + rows).documents()
    assert (first.number, first.total, [line.sku for line in first.lines]) == ("1", 325, ["a", "c"])
    assert (second.number, second.total, second.units) == ("2", 900, 1)


def test_a_discount_lowers_the_line(history) -> None:
    assert one(history(HEAD + "1;2010-01-05;a;A;3;10.00;0.15;c;\n")).total == 2550


def test_a_percentage_is_a_discount_too(history) -> None:
    assert one(history(HEAD + "1;2010-01-05;a;A;3;10.00;15%;c;\n")).total == 2550


def test_a_stated_line_amount_wins_over_the_computed_one(history) -> None:
    text = "Order no;Date;Quantity;Unit price;Discount;Sales\n1;2010-01-05;3;10.00;1.1;4.99\n"
    assert one(history(text)).total == 499


def test_an_order_is_rounded_once_and_its_lines_add_up_to_it(history) -> None:
    rows = "".join(f"1;2010-01-05;{sku};A;1;0.335;;c;\n" for sku in "abc")
    document = one(history(HEAD + rows))
    assert document.total == 100  # 1.005, half to even
    assert [line.total for line in document.lines] == [34, 33, 33]
    assert [line.unit_price for line in document.lines] == ["0.335"] * 3


_LINE = st.tuples(st.integers(-50, 50), st.decimals(0, 100, places=4), st.decimals(0, 1, places=3))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_LINE, min_size=1, max_size=12))
def test_the_lines_always_add_up_to_the_exact_total_rounded_once(lines, history) -> None:
    rows = "".join(f"1;2010-01-05;a;A;{count};{price};{rate};c;\n" for count, price, rate in lines)
    document = one(history(HEAD + rows, decimal="."))
    exact = sum((count * price * (1 - rate) for count, price, rate in lines), Decimal(0))
    assert abs(exact * 100 - document.total) <= Decimal("0.5")
    assert sum(line.total for line in document.lines) == document.total


def test_the_currency_without_cents_is_rounded_to_its_own_unit(history) -> None:
    assert one(history(HEAD + "1;2010-01-05;a;A;3;10.5;;c;JPY\n")).total == 32


def test_free_lines_and_lines_that_take_back_stay(history) -> None:
    document = one(
        history(
            HEAD + "1;2010-01-05;a;A;2;1.50;;c;\n1;2010-01-05;b;B;5;0.00;;c;\n1;2010-01-05;c;C;-1;1.00;;c;\n"
        )
    )
    assert [(line.quantity, line.total) for line in document.lines] == [(2, 300), (5, 0), (-1, -100)]
    assert (document.kind, document.total, document.units) == ("sale", 200, 6)


def test_an_amount_below_zero_is_a_refund(history) -> None:
    assert one(history(HEAD + "R7;2010-01-05;a;A;-2;1.50;;c;\n")).kind == "refund"


RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


@pytest.mark.parametrize(
    ("number", "kind"), [("C536379", "refund"), ("c536379", "refund"), ("536379", "sale"), ("CX1", "sale")]
)
def test_the_formats_prefix_marks_a_refund_whatever_its_amount(history, number: str, kind: str) -> None:
    text = RETAIL + f"{number},D,Discount,1,2010-12-01 09:41:00,0.0,14527.0,United Kingdom\n"
    assert one(history(text)).kind == kind


def test_a_prefix_means_nothing_where_no_format_or_mapping_says_so(history) -> None:
    assert one(history(HEAD + "C1;2010-01-05;a;A;2;1.50;;c;\n")).kind == "sale"


def test_a_line_without_customer_makes_a_guest_order(history) -> None:
    assert one(history(HEAD + "1;2010-01-05;a;A;1;1.50;;;\n")).customer is None


def test_the_first_line_that_names_a_customer_names_the_orders(history) -> None:
    rows = "1;2010-01-05;a;A;1;1.50;;;\n1;2010-01-05;a;A;1;1.50;;c9;\n"
    assert one(history(HEAD + rows)).customer == "c9"


def test_a_date_without_zone_is_the_vendors_local_time(history) -> None:
    document = one(history(HEAD + "1;2010-07-05 00:30;a;A;1;1.50;;c;\n", zone="Europe/Berlin"))
    assert document.placed_at == datetime(2010, 7, 4, 22, 30, tzinfo=UTC)
    assert document.business_date == date(2010, 7, 5)


def test_a_date_with_a_zone_falls_on_the_vendors_local_day(history) -> None:
    document = one(history(HEAD + "1;2025-12-06 23:30:00 -0500;a;A;1;1.50;;c;\n", zone="Europe/Berlin"))
    assert document.business_date == date(2025, 12, 7)


def test_the_currency_of_the_row_wins_over_the_stated_one(history) -> None:
    both = list(history(HEAD + "1;2010-01-05;a;A;1;1.50;;c;USD\n2;2010-01-05;a;A;1;1.50;;c;\n").documents())
    assert [document.currency for document in both] == ["USD", "EUR"]


def test_an_order_in_two_currencies_is_rejected_line_by_line(history) -> None:
    rows = "1;2010-01-05;a;A;1;1.50;;c;USD\n2;2010-01-05;a;A;1;1.5;;c;\n1;2010-01-05;a;A;1;1.50;;c;EUR\n"
    read = history(HEAD + rows)
    assert [document.number for document in read.documents()] == ["2"]
    assert [(row.line, row.code) for row in read.report.first] == [(2, "currencies"), (4, "currencies")]
    assert (read.report.read, read.report.accepted) == (3, 1)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("1;2010-01-05;a;A;1;;;c;", "Unit price", "no_amount"),
        ("1;2010-01-05;a;A;1;1.50;20;c;", "Discount", "discount"),
        ("1;2010-01-05;a;A;;1.50;;c;", "Quantity", "empty"),
        ("1;2010-01-05;a;A;0.5;1.50;;c;", "Quantity", "not_whole"),
        (";2010-01-05;a;A;1;1.50;;c;", "Order no", "empty"),
    ],
)
def test_a_line_that_cannot_be_taken_is_rejected_with_its_column(
    history, row: str, column: str, code: str
) -> None:
    read = history(HEAD + row + "\n9;2010-01-05;a;A;1;2.5;;c;\n", decimal=".")
    assert [document.number for document in read.documents()] == ["9"]
    assert [(r.line, r.column, r.code) for r in read.report.first] == [(2, column, code)]


def test_an_order_that_lost_a_line_is_given_and_named(history) -> None:
    rows = "1;2010-01-05;a;A;1;1.50;;c;\n1;2010-01-05;b;B;x;1.50;;c;\n2;2010-01-05;b;B;1;1.50;;c;\n"
    read = history(HEAD + rows)
    assert [document.total for document in read.documents()] == [150, 150]
    assert read.incomplete == ["1"]


def test_an_amount_that_there_is_no_room_for_is_rejected(history) -> None:
    read = history(HEAD + "1;2010-01-05;a;A;999999999999;999999999.5;;c;\n")
    assert list(read.documents()) == []
    assert [row.code for row in read.report.first] == ["too_large"]


SHOPIFY = (
    "Name,Email,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Cancelled at,Refunded Amount\n"
)


def test_an_order_of_a_shop_costs_what_it_says_with_shipping_and_taxes(history) -> None:
    rows = (
        "#7,a@x.example,EUR,25.00,4.90,1.10,28.50,2.50,2025-12-06 10:00:00 +0100,2,Cup,10.00,,0\n"
        "#7,a@x.example,,,,,,,2025-12-06 10:00:00 +0100,1,Pot,5.00,,\n"
    )
    document = one(history(SHOPIFY + rows))
    assert (document.total, document.units, document.currency) == (2850, 3, "EUR")
    assert [line.total for line in document.lines] == [2000, 500, 350]


def test_what_was_given_back_of_an_order_is_a_refund_of_its_own(history) -> None:
    row = "#7,a@x.example,EUR,10,0,0,10,0,2025-12-06 10:00:00 +0100,1,Cup,10.00,,4.00\n"
    sale, refund = history(SHOPIFY + row).documents()
    assert (sale.total, refund.total, refund.kind) == (1000, -400, "refund")
    assert (refund.number, refund.origin_number) == ("#7-R", "#7")


def test_an_order_that_was_cancelled_is_no_trade(history) -> None:
    row = "#7,a@x.example,EUR,10,0,0,10,0,2025-12-06 10:00:00 +0100,1,Cup,10.00,2025-12-07,10.00\n"
    assert one(history(SHOPIFY + row)).status == "cancelled"


def test_lines_that_do_not_add_up_to_what_the_order_says_are_rejected(history, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns: {total: Sum}\n")
    head = "Order no;Date;SKU;Quantity;Unit price;Sum\n"
    read = history(f"{head}1;2010-01-05;a;2;1.50;3.00\n2;2010-01-05;a;2;1.50;30.00\n", mapping=mapping)
    assert one(read).number == "1"
    assert [row.code for row in read.report.first] == ["does_not_add_up"]


def test_lines_without_a_number_are_orders_of_their_own_where_that_is_stated(history, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        'header: 0\ncolumns: {customer: "1", date: "2", quantity: "3", amount: "4"}\n'
        "constants: {document: P-}\neach_line: true\n"
    )
    lines = " 00001 20210131  1   11.77\n 00002 20210112 12   12.00\n 00002 20210112  5  177.00\n"
    found = list(history(lines, mapping=mapping).documents())
    assert [(one.number, one.customer, one.total) for one in found] == [
        ("P-1", "00001", 1177),
        ("P-2", "00002", 1200),
        ("P-3", "00002", 17700),
    ]


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            "Online Retail",
        ),
        ("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country", "Online Retail II"),
        (
            "Row ID,Order ID,Order Date,Ship Date,Product ID,Product Name,Sales,Quantity,Discount,Profit",
            "Superstore",
        ),
        ("order_id,product_id,unit_price,quantity,discount,order_date,company_name", "Northwind"),
        ("OrderID,ProductID,UnitPrice,Quantity,Discount,OrderDate", "Northwind"),
        ("Order number,Created at,Qty,Price", None),
    ],
)
def test_the_format_of_a_table_is_known_by_its_headers(headers: str, name: str | None) -> None:
    assert recognise(headers.split(","), TARGET).format == name
