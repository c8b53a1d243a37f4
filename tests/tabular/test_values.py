"""Numbers, dates and ids are read exactly, by what the column proves or somebody states."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion.tabular.dates import read_formatted, read_ordered, readings
from orion.tabular.errors import TableError
from orion.tabular.numbers import read_number

from .conftest import Write, column, opened, read


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("12", "12", "12"),
        ("-12", "-12", "-12"),
        ("12-", "-12", "-12"),
        ("(12)", "-12", "-12"),
        (" 2.55 ", "2.55", None),
        (".95", "0.95", None),
        (",95", None, "0.95"),
        ("1,234.56", "1234.56", None),
        ("1.234,56", None, "1234.56"),
        ("1,234", "1234", "1.234"),
        ("0,125", None, "0.125"),
        ("1.234.567", None, "1234567"),
        ("1,00,000.5", "100000.5", None),
        ("1 234,5", None, "1234.5"),
        ("15 000", "15000", "15000"),
        ("1'234.50", "1234.50", None),
        ("2.5e-05", "0.000025", None),
    ],
)
def test_a_number_has_the_readings_that_its_signs_allow(
    text: str, point: str | None, comma: str | None
) -> None:
    number = read_number(text)
    assert number.point == (None if point is None else Decimal(point))
    assert number.comma == (None if comma is None else Decimal(comma))


@pytest.mark.parametrize(
    "text", ["", ".", "--5", "1.5.5", "1,23,4.5,6", "twelve", "1 2", "5 5", "٣", "1" * 70]
)
def test_what_is_no_number_has_no_reading(text: str) -> None:
    assert read_number(text)[:2] == (None, None)


@given(value=st.decimals(-(10**9), 10**9, places=2), grouped=st.booleans())
def test_a_formatted_amount_is_read_exactly(value: Decimal, grouped: bool) -> None:
    text = f"{value:,.2f}" if grouped else f"{value:.2f}"
    assert read_number(text).point == value
    swapped = text.translate(str.maketrans(".,", ",."))
    assert read_number(swapped).comma == value


@given(text=st.text(max_size=80))
def test_no_text_breaks_the_reading_of_numbers_or_dates(text: str) -> None:
    read_number(text)
    readings(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-12-01 08:26:00", {"YMD": "2010-12-01", "DMY": "2010-12-01", "MDY": "2010-12-01"}),
        ("2010/1/31", {"YMD": "2010-01-31", "DMY": "2010-01-31", "MDY": "2010-01-31"}),
        ("12-01-2010 08:26", {"DMY": "2010-01-12", "MDY": "2010-12-01"}),
        ("31.12.2010", {"DMY": "2010-12-31"}),
        ("12/31/2010 8:26 PM", {"MDY": "2010-12-31"}),
        ("16-01-17", {"DMY": "2017-01-16"}),
        ("20180111", {"YMD": "2018-01-11"}),
        ("Jan 5, 2010", {"YMD": "2010-01-05", "DMY": "2010-01-05", "MDY": "2010-01-05"}),
        ("5-Jan-10", {"YMD": "2010-01-05", "DMY": "2010-01-05", "MDY": "2010-01-05"}),
        ("0000-01-01", {}),
        ("2010-02-30", {}),
        ("40513.35", {}),
        ("10:30", {}),
    ],
)
def test_a_date_has_the_readings_that_its_numbers_allow(text: str, expected: dict[str, str]) -> None:
    assert {order: f"{moment:%Y-%m-%d}" for order, moment in readings(text).items()} == expected


def test_a_zone_is_kept_and_its_absence_too() -> None:
    with_zone = readings("2025-12-06 10:37:33 -0500")["YMD"]
    assert with_zone.isoformat() == "2025-12-06T10:37:33-05:00"
    assert readings("2025-12-06 10:37:33")["YMD"].tzinfo is None


def test_midnight_and_noon_of_a_twelve_hour_clock_are_right() -> None:
    assert readings("2010-01-01 12:05 AM")["YMD"].hour == 0
    assert readings("2010-01-01 12:05 PM")["YMD"].hour == 12
    assert readings("2010-01-01 13:05 PM") == {}


def test_a_two_digit_year_stands_first_only_where_that_is_stated() -> None:
    assert "YMD" not in readings("10-11-12")
    assert read_ordered("10-11-12", "YMD") == datetime(2010, 11, 12)


def test_a_format_reads_what_it_says_and_nothing_else() -> None:
    assert read_formatted("16-01-17", "%d-%m-%y") == datetime(2017, 1, 16)
    assert read_formatted("2017-01-16", "%d-%m-%y") is None


@pytest.mark.parametrize(
    ("values", "sign"),
    [(["1.234", "2.55"], "."), (["1.234", "2,55"], ","), (["1,234.50"], "."), (["1.5"], ".")],
)
def test_one_value_proves_the_decimal_sign_of_its_column(write: Write, values: list[str], sign: str) -> None:
    path = write("Order no;Price\n" + "".join(f"{i};{value}\n" for i, value in enumerate(values)))
    assert [proof.reading for proof in opened(path).plan.proofs] == [sign]


def test_the_report_names_the_value_and_line_that_proved_it(write: Write) -> None:
    path = write("Order no;Date;Price\n1;03/04/2010;5\n2;16/04/2010;1.234\n3;01/01/2010;2,5\n")
    proofs = {(p.column, p.reading, p.value, p.line) for p in opened(path).plan.proofs}
    assert proofs == {("Date", "DMY", "16/04/2010", 3), ("Price", ",", "2,5", 4)}


def test_a_number_that_can_be_read_in_two_ways_is_refused_until_the_sign_is_stated(write: Write) -> None:
    path = write("Order no;Price\n1;1,234\n2;5\n")
    with pytest.raises(TableError, match=r"1234 or 1\.234.*decimal"):
        opened(path)
    assert column(path, "price", decimal=".") == [Decimal(1234), Decimal(5)]
    assert column(path, "price", decimal=",") == [Decimal("1.234"), Decimal(5)]


def test_a_column_in_both_conventions_is_refused_with_both_values(write: Write) -> None:
    with pytest.raises(TableError, match=r'"1\.50".*line 2.*"1,50".*line 3'):
        opened(write("Order no;Price\n1;1.50\n2;1,50\n"))


def test_whole_numbers_that_group_thousands_are_proved_by_being_whole(write: Write) -> None:
    assert column(write("Order no;Quantity\n1;1.234\n2;1.000\n"), "pieces") == [1234, 1000]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.5", "not_whole"),
        ("many", "not_a_number"),
        ("1e300", "too_large"),
        ("1e-300", "too_precise"),
    ],
)
def test_a_quantity_that_is_none_is_rejected(write: Write, text: str, code: str) -> None:
    rows, report = read(write(f"Order no;Quantity\n1;{text}\n2;3\n3;2.5\n"), decimal=".")
    assert (report.first[0].line, report.first[0].column, report.first[0].code) == (2, "Quantity", code)
    assert [row.values["pieces"] for row in rows] == [3]


@pytest.mark.parametrize("text", ["1e309", "1e-309", "9" * 60, "0." + "0" * 50 + "1"])
def test_a_monstrous_number_is_rejected_alone(write: Write, text: str) -> None:
    path = write(f"Order no;Quantity;Price\n1;{text};1\n2;1;{text}\n3;3;2.5\n")
    rows, report = read(path)
    assert [row.line for row in rows] == [4]
    assert [row.line for row in report.first] == [2, 3]


def test_dates_in_two_possible_orders_are_refused_with_both_readings(write: Write) -> None:
    path = write("Order no,Date\n1,12-01-2010 08:26\n2,12-02-2010 08:26\n")
    with pytest.raises(TableError, match=r"DMY: 2010-01-12; MDY: 2010-12-01"):
        opened(path)
    assert column(path, "on", dates="MDY")[0] == datetime(2010, 12, 1, 8, 26)
    assert column(path, "on", dates="DMY")[0] == datetime(2010, 1, 12, 8, 26)
    assert column(path, "on", dates="%d-%m-%Y %H:%M")[0] == datetime(2010, 1, 12, 8, 26)


def test_two_digit_years_compete_as_day_first_and_month_first_alone(write: Write) -> None:
    assert column(write("Order no,Date\n1,11-03-17\n2,16-01-17\n"), "on")[0] == datetime(2017, 3, 11)


def test_dates_that_read_the_same_in_every_order_need_no_statement(write: Write) -> None:
    assert column(write("Order no,Date\n1,05/05/2010\n"), "on") == [datetime(2010, 5, 5)]


def test_dates_that_contradict_each_other_are_refused_with_both(write: Write) -> None:
    with pytest.raises(TableError, match=r"13/01/2010.*01/13/2010|01/13/2010.*13/01/2010"):
        opened(write("Order no,Date\n1,13/01/2010\n2,01/13/2010\n"))


def test_a_date_that_no_order_reads_is_rejected_alone(write: Write) -> None:
    rows, report = read(write("Order no,Date\n1,2010-01-05\n2,soon\n3,2010-01-06\n"))
    assert [row.line for row in rows] == [2, 4]
    assert (report.first[0].line, report.first[0].value, report.first[0].code) == (3, "soon", "not_a_date")


def test_ids_written_as_floats_throughout_lose_their_zero(write: Write) -> None:
    assert column(write("Order no,Title\n17850.0,a\n12.0,b\n"), "number") == ["17850", "12"]


def test_one_id_that_is_no_float_keeps_them_all_as_they_are(write: Write) -> None:
    assert column(write("Order no,Title\n17850.0,a\nA12.0,b\n"), "number") == ["17850.0", "A12.0"]


def test_ids_keep_their_leading_zeros(write: Write) -> None:
    assert column(write("Order no,Title\n0500000000,a\n"), "number") == ["0500000000"]


def test_an_empty_id_is_rejected_where_one_is_required(write: Write) -> None:
    _rows, report = read(write("Order no,Title\n1,a\n ,b\n"))
    assert [(row.line, row.code) for row in report.first] == [(3, "empty")]


def test_an_id_that_there_is_no_room_for_is_rejected(write: Write) -> None:
    _rows, report = read(write(f"Order no,Title\n{'9' * 21},a\n"))
    assert [row.code for row in report.first] == ["too_long"]


@pytest.mark.parametrize("text", ["£1.99", "1.99 GBP", "GBP 1.99", "1.99"])
def test_an_amount_may_carry_the_sign_of_its_currency(write: Write, text: str) -> None:
    assert column(write(f"Order no;Price\n1;{text}\n"), "price", currency="GBP") == [Decimal("1.99")]


def test_an_amount_with_the_sign_of_another_currency_is_rejected(write: Write) -> None:
    _rows, report = read(write("Order no;Price\n1;€1.99\n"), currency="GBP")
    assert [(row.code, row.value) for row in report.first] == [("other_currency", "€1.99")]


def test_a_percentage_is_a_decimal_and_never_an_amount(write: Write) -> None:
    rows, report = read(write("Order no;Discount;Price\n1;15%;2.5\n2;0.15;3%\n"))
    assert [row.values["rate"] for row in rows] == [Decimal("0.15")]
    assert [row.line for row in report.first] == [3]


def test_a_currency_that_is_none_is_rejected(write: Write) -> None:
    rows, report = read(write("Order no,Currency\n1,eur\n2,XQZ\n"))
    assert [row.values["currency"] for row in rows] == ["EUR"]
    assert [row.code for row in report.first] == ["not_a_currency"]
