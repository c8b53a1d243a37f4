"""Columns are found by their headers, or as a mapping file says."""

from pathlib import Path

import pytest

from orion.tabular.errors import TableError
from orion.tabular.mapping import Mapping, read_mapping
from orion.tabular.recognition import recognise

from .conftest import TARGET, Write, column, opened


def refused(write: Write, text: str | bytes) -> str:
    with pytest.raises(TableError) as caught:
        read_mapping(write(text, "map.yaml"), TARGET)
    return caught.value.message


@pytest.mark.parametrize("header", ["Order no", "order_no", "OrderNo", "ORDER-NO.", " Order  No "])
def test_headers_are_known_whatever_their_case_and_punctuation(header: str) -> None:
    assert recognise([header, "x"], TARGET).columns == {"number": header}


def test_the_best_header_of_a_field_wins() -> None:
    assert recognise(["Order ID", "Order no"], TARGET).columns["number"] == "Order no"


def test_a_format_is_known_by_its_signature_and_named() -> None:
    mapping = recognise(["Receipt", "Stamp", "Sum", "Title"], TARGET)
    assert mapping.format == "Till roll"
    assert mapping.columns == {"number": "Receipt", "on": "Stamp", "price": "Sum", "title": "Title"}


def test_a_table_without_a_required_column_is_refused_with_what_it_has() -> None:
    with pytest.raises(TableError, match=r"Number \(number\).*Colour, Size"):
        recognise(["Colour", "Size"], TARGET)


def test_a_header_that_is_needed_and_stands_twice_is_refused() -> None:
    with pytest.raises(TableError, match="2 times"):
        recognise(["Order no", "order_no"], TARGET)


def test_a_header_that_nobody_needs_may_stand_twice() -> None:
    assert recognise(["Order no", "Note", "Note"], TARGET).columns == {"number": "Order no"}


def test_what_is_stated_wins_and_the_rest_is_recognised() -> None:
    mapping = recognise(["Ref", "Order no", "Title"], TARGET, Mapping(columns={"number": "ref"}))
    assert mapping.columns == {"number": "Ref", "title": "Title"}


def test_a_field_that_is_wanted_from_nowhere_stays_empty() -> None:
    assert "title" not in recognise(["Order no", "Title"], TARGET, Mapping(columns={"title": None})).columns


def test_a_stated_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(TableError, match='no column "Colour"'):
        recognise(["Order no"], TARGET, Mapping(columns={"title": "Colour"}))


def test_a_mapping_file_says_columns_constants_and_how_values_are_written(write: Write) -> None:
    mapping = write(
        "columns: {number: Ref, price: Betrag}\nconstants: {currency: EUR, pieces: 1}\n"
        'dates: DMY\ndecimal: ","\nencoding: cp1252\ndelimiter: ";"\n',
        "map.yaml",
    )
    path = write("Ref;Betrag;Date\nÄ1;1.234;01.02.2010\n", encoding="cp1252")
    values = [row.values for row in opened(path, mapping=mapping).rows()]  # type: ignore[union-attr]
    assert [(v["number"], str(v["price"]), v["currency"], v["pieces"], v["on"].month) for v in values] == [
        ("Ä1", "1234", "EUR", 1, 2)
    ]


def test_a_constant_number_keeps_its_digits(write: Write) -> None:
    mapping = write("constants: {rate: 0.10}\n", "map.yaml")
    rows = column(write("Order no,Title\n1,a\n"), "rate", mapping=mapping)
    assert [str(rate) for rate in rows] == ["0.10"]


def test_a_constant_that_is_none_of_its_kind_is_refused(write: Write) -> None:
    mapping = write("constants: {pieces: many}\n", "map.yaml")
    with pytest.raises(TableError, match=r"many.*pieces"):
        opened(write("Order no,Title\n1,a\n"), mapping=mapping)


def test_what_is_stated_beside_the_mapping_file_wins(write: Write) -> None:
    mapping = write('decimal: ","\n', "map.yaml")
    prices = column(write("Order no;Price\n1;1,234\n"), "price", mapping=mapping, decimal=".")
    assert [str(price) for price in prices] == ["1234"]


def test_the_targets_own_rules_may_be_stated(write: Write) -> None:
    assert read_mapping(write("strict: true\n", "map.yaml"), TARGET).options == {"strict": True}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colums: {}\n", 'map.yaml:1:1: unknown key "colums" (did you mean "columns"?)'),
        ("columns: {nummer: A}\n", 'map.yaml:1:11: unknown key "nummer" (did you mean "number"?)'),
        ("dates: XYZ\n", 'map.yaml:1:8: "XYZ" cannot stand for dates'),
        ("decimal: ';'\n", 'map.yaml:1:10: ";" is not one of ".", ","'),
        ("strict: 5\n", 'map.yaml:1:9: "5" cannot stand for strict'),
        ("currency: EURO\n", 'map.yaml:1:11: "EURO" cannot stand for currency'),
    ],
)
def test_a_mistake_in_a_mapping_file_is_named_with_its_place(write: Write, text: str, message: str) -> None:
    assert refused(write, text) == message


def test_every_mistake_is_named_at_once(write: Write) -> None:
    assert len(refused(write, "colums: {}\ndecimal: 7\n").splitlines()) == 2


@pytest.mark.parametrize("text", [b"", b"columns: [\n", b"\xff\xfe", b"a: &x 1\nb: *x\n", b"- 1\n", b"5\n"])
def test_a_file_that_is_no_mapping_is_refused_with_a_place(write: Write, text: bytes) -> None:
    assert refused(write, text).startswith("map.yaml:")


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.csv", "a/../../b.csv"])
def test_a_mapping_file_reaches_no_file_outside_the_exports_folder(write: Write, name: str) -> None:
    assert "cannot stand for with.0" in refused(write, f"with: ['{name}']\n")


def test_a_missing_mapping_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        read_mapping(tmp_path / "map.yaml", TARGET)
