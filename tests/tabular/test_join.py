"""Files of one export are read as one table."""

import pytest

from orion.tabular.errors import TableError

from .conftest import Write, column, opened


def test_other_files_are_met_by_the_column_they_share_in_whatever_order_they_come(write: Write) -> None:
    lines = write("Order ID,product_id,Quantity\n7,a,1\n8,b,2\n7,b,3\n")
    products = write("product_id,Product name\na,Apple\nb,Bread\n", "products.csv")
    orders = write("Order ID,Order date,till\n7,2010-01-05,x\n8,2010-01-06,y\n", "orders.csv")
    tills = write("till,Currency\nx,EUR\ny,GBP\n", "tills.csv")
    beside = (tills, products, orders)
    rows = [row.values for row in opened(lines, beside=beside).rows()]  # type: ignore[union-attr]
    assert [(r["number"], r["on"].day, r["title"], r["currency"], r["pieces"]) for r in rows] == [
        ("7", 5, "Apple", "EUR", 1),
        ("8", 6, "Bread", "GBP", 2),
        ("7", 5, "Bread", "EUR", 3),
    ]


def test_the_tables_own_column_goes_before_one_of_the_same_name(write: Write) -> None:
    lines = write("Order ID,product_id,Unit price\n7,a,2.5\n")
    products = write("product_id,Unit price\na,9.5\n", "products.csv")
    assert [str(price) for price in column(lines, "price", beside=(products,))] == ["2.5"]


def test_a_column_whose_name_is_taken_is_named_by_its_file(write: Write) -> None:
    lines = write("Order ID,product_id,Unit price\n7,a,2.5\n")
    write("product_id,Unit price\na,9.5\n", "products.csv")
    mapping = write("with: [products.csv]\ncolumns: {price: products.Unit price}\n", "map.yaml")
    assert [str(price) for price in column(lines, "price", mapping=mapping)] == ["9.5"]


def test_columns_of_different_names_are_met_as_the_mapping_file_says(write: Write) -> None:
    lines = write("Order ID,item\n7,a\n")
    write("id,Title\na,Apple\n", "products.csv")
    mapping = write("with: [{file: products.csv, on: {item: id}}]\n", "map.yaml")
    assert column(lines, "title", mapping=mapping) == ["Apple"]


def test_a_line_without_a_partner_has_empty_columns(write: Write) -> None:
    lines = write("Order ID,product_id\n7,a\n8,z\n")
    products = write("product_id,Title\na,Apple\n", "products.csv")
    assert column(lines, "title", beside=(products,)) == ["Apple", None]


def test_lines_keep_their_own_line_numbers(write: Write) -> None:
    lines = write('Order ID,product_id\n7,"a\n"\n8,b\n')
    products = write("product_id,Title\na,Apple\nb,Bread\n", "products.csv")
    assert [row.line for row in opened(lines, beside=(products,)).rows()] == [2, 4]


def test_a_file_that_shares_no_unique_column_is_refused(write: Write) -> None:
    lines = write("Order ID,colour\n7,red\n")
    other = write("colour,Title\nred,a\nred,b\n", "other.csv")
    with pytest.raises(TableError, match=r"other\.csv shares no column"):
        opened(lines, beside=(other,))


def test_files_in_the_wrong_order_are_refused_with_the_right_one(write: Write) -> None:
    orders = write("Order ID,Order date\n7,2010-01-05\n8,2010-01-06\n", "orders.csv")
    lines = write("Order ID,product_id,Quantity\n7,a,1\n7,b,3\n8,b,2\n", "lines.csv")
    with pytest.raises(TableError, match=r"first lines\.csv, then orders\.csv"):
        opened(orders, beside=(lines,))


def test_a_file_that_can_be_met_in_two_ways_is_refused(write: Write) -> None:
    lines = write("Order ID,a_id,b_id\n7,1,2\n")
    other = write("a_id,b_id,Title\n1,2,x\n2,1,y\n", "other.csv")
    with pytest.raises(TableError, match="a_id, b_id"):
        opened(lines, beside=(other,))


def test_a_stated_key_that_is_not_unique_is_refused(write: Write) -> None:
    lines = write("Order ID,colour\n7,red\n")
    write("colour,Title\nred,a\nred,b\n", "other.csv")
    mapping = write("with: [{file: other.csv, on: colour}]\n", "map.yaml")
    with pytest.raises(TableError, match="several rows with the same colour"):
        opened(lines, mapping=mapping)


def test_a_damaged_row_of_another_file_is_refused_with_its_line(write: Write) -> None:
    lines = write("Order ID,product_id\n7,a\n")
    products = write("product_id,Title\na,Apple\nb\n", "products.csv")
    with pytest.raises(TableError, match=r"products\.csv, line 3"):
        opened(lines, beside=(products,))
