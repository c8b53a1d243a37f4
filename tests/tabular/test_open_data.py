"""Real files beside the checkout are read whole, or refused for the right reason."""

from decimal import Decimal

import pytest

from orion.tabular.errors import TableError
from orion.tabular.importing import Import, Statement, open_import
from orion.tabular.report import Report
from orion.tabular.target import Field, Target
from orion.testing.open_data import real

LINES = Target(
    name="history.lines",
    fields=(
        Field("number", "identifier", "Number", required=True, headers=("Invoice no", "Order ID")),
        Field("on", "datetime", "Date", required=True, headers=("Invoice date", "Order date")),
        Field("pieces", "integer", "Pieces", required=True, headers=("Quantity",)),
        Field("price", "money", "Price", headers=("Unit price", "Sales")),
        Field("customer", "identifier", "Customer", headers=("Customer ID",)),
        Field("name", "text", "Name", headers=("Customer name", "Company name")),
    ),
)


def summed(found: Import) -> tuple[int, int, int, Decimal]:
    """Lines, documents, customers, and the sum of the prices."""
    report = Report(found.plan)
    rows = [row.values for row in report.taken(found.rows())]
    assert report.rejected == 0
    customers = {row["customer"] for row in rows} - {None}
    return len(rows), len({row["number"] for row in rows}), len(customers), sum(row["price"] for row in rows)


def test_a_large_history_is_read_to_the_last_line() -> None:
    found = open_import(real("orders/online_retail_2010-12_2011-02.csv.gz"), LINES, Statement())
    lines, documents, customers, _prices = summed(found)
    assert (lines, documents, customers) == (105_335, 4_894, 1_749)


def test_customers_written_as_floats_are_read_as_their_numbers() -> None:
    found = open_import(real("orders/online_retail_2010-12_2011-02.csv.gz"), LINES, Statement())
    assert next(found.rows()).values["customer"] == "17850"


def test_a_file_in_cp1252_is_refused_until_that_is_stated() -> None:
    path = real("orders/superstore_cp1252.csv")
    with pytest.raises(TableError, match="line 398"):
        open_import(path, LINES, Statement())
    assert summed(open_import(path, LINES, Statement(encoding="cp1252")))[:3] == (9_994, 5_009, 793)


def test_day_first_is_proved_by_the_dates_themselves() -> None:
    found = open_import(real("orders/superstore_cp1252.csv"), LINES, Statement(encoding="cp1252"))
    assert ("Order Date", "DMY") in {(proof.column, proof.reading) for proof in found.plan.proofs}


def test_the_amounts_of_a_file_add_up_exactly() -> None:
    found = open_import(real("orders/superstore_cp1252.csv"), LINES, Statement(encoding="cp1252"))
    assert summed(found)[3] == Decimal("2297200.8603")


def test_dates_that_prove_nothing_are_refused_until_their_order_is_stated() -> None:
    path = real("orders/online_retail_bom_2139rows.csv")
    with pytest.raises(TableError, match="MDY: 2010-12-01"):
        open_import(path, LINES, Statement())
    assert summed(open_import(path, LINES, Statement(dates="MDY")))[:3] == (2_139, 107, 76)


def test_an_export_in_four_files_is_read_as_one_table() -> None:
    names = ("customers", "products", "orders")
    beside = tuple(real(f"orders/northwind_{name}.csv") for name in names)
    found = open_import(real("orders/northwind_order_details.csv"), LINES, Statement(beside=beside))
    assert summed(found)[:3] == (2_155, 830, 89)
    assert next(found.rows()).values["name"] == "Vins et alcools Chevalier"


def test_ids_with_leading_zeros_and_compact_dates_are_read_as_they_are_meant() -> None:
    path, orders = real("orders/sapbikes_SalesOrderItems.csv"), real("orders/sapbikes_SalesOrders.csv")
    target = Target(
        "bikes",
        (
            Field("number", "identifier", "Number", required=True, headers=("SALESORDERID",)),
            Field("on", "date", "Date", required=True, headers=("CREATEDAT",)),
            Field("price", "money", "Price", headers=("GROSSAMOUNT",)),
        ),
    )
    first = next(open_import(path, target, Statement(beside=(orders,))).rows()).values
    assert (first["number"], f"{first['on']:%Y-%m-%d}", first["price"]) == ("0500000000", "2018-01-11", 2499)
