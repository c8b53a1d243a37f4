"""Files of every dialect become rows with the line they begin on."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orion.tabular.errors import TableError
from orion.tabular.reading import open_table

from .conftest import Write


def cells(path: Path, **stated: str) -> list[list[str]]:
    return [row.cells for row in open_table(path, **stated).rows()]


def faults(path: Path) -> list[tuple[int, str]]:
    return [(row.line, row.fault[0]) for row in open_table(path).rows() if row.fault]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(write: Write, end: str) -> None:
    assert cells(write(end.join(["a,b", "1,2", "3,4", ""]))) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_shows_the_delimiter(write: Write, delimiter: str) -> None:
    table = open_table(write(f"a{delimiter}b\n1{delimiter}2\n"))
    assert (table.delimiter, table.columns) == (delimiter, ("a", "b"))


def test_a_delimiter_inside_quotes_of_the_header_is_none(write: Write) -> None:
    assert open_table(write('"a, of b";c\n1;2\n')).columns == ("a, of b", "c")


def test_rows_tell_delimiters_apart_where_the_header_does_not(write: Write) -> None:
    path = write("Title (Mr = 1; Ms = 2),Name\n1,Ann\n2,Bea\n")
    assert open_table(path).delimiter == ","


def test_a_delimiter_that_nothing_shows_has_to_be_stated(write: Write) -> None:
    path = write("a;b,c\n1;2,3\n")
    with pytest.raises(TableError, match="delimiter"):
        open_table(path)
    assert open_table(path, delimiter=";").columns == ("a", "b,c")


def test_a_spreadsheets_hint_is_followed_and_is_no_header(write: Write) -> None:
    rows = list(open_table(write("sep=;\na;b,c\n1;2\n")).rows())
    assert [(row.line, row.cells) for row in rows] == [(3, ["1", "2"])]


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_states_the_encoding_and_is_no_part_of_the_header(
    write: Write, bom: bytes, encoding: str
) -> None:
    path = write(bom + "a,b\né,ü\n".encode(encoding))
    table = open_table(path)
    assert table.columns == ("a", "b")
    assert [row.cells for row in table.rows()] == [["é", "ü"]]


def test_a_mark_that_contradicts_the_statement_is_refused(write: Write) -> None:
    with pytest.raises(TableError, match="cp1252"):
        open_table(write(codecs.BOM_UTF8 + b"a,b\n"), encoding="cp1252")


def test_a_stated_encoding_is_used(write: Write) -> None:
    path = write("a,b\nHäberlin,€\n", encoding="cp1252")
    assert cells(path, encoding="cp1252") == [["Häberlin", "€"]]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r"])
def test_bytes_that_are_no_utf8_are_named_by_line_and_byte(write: Write, end: str, packed: bool) -> None:
    before = f"a,b{end}" + f"é,2{end}" * 30_000
    path = write((before + f"x,H\xe4b{end}").encode("latin-1").replace(b"\xe9", "é".encode()), packed=packed)
    with pytest.raises(TableError) as caught:
        list(open_table(path).rows())
    assert caught.value.line == 30_002
    assert f"byte {len(before.encode()) + 4} (0xE4)" in caught.value.message
    assert "--encoding cp1252" in caught.value.message


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13"])
def test_an_encoding_that_is_none_is_refused(write: Write, name: str) -> None:
    with pytest.raises(TableError, match=name):
        open_table(write("a,b\n"), encoding=name)


def test_a_gzip_file_is_read_as_what_it_holds(write: Write) -> None:
    assert cells(write("a,b\n1,2\n", "t.csv.gz", packed=True)) == [["1", "2"]]


def test_a_gzip_file_cut_short_is_refused(write: Write) -> None:
    path = write("a,b\n" + "1,2\n" * 9_000, packed=True)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TableError, match="damaged"):
        list(open_table(path).rows())


def test_a_gzip_bomb_is_refused(write: Write) -> None:
    path = write(b"a,b\n" + (b"1," + b"2" * 500 + b"\n") * 80_000, packed=True)
    with pytest.raises(TableError, match="unpacks"):
        for _row in open_table(path).rows():
            pass


def test_an_archive_that_is_damaged_is_refused(write: Write) -> None:
    with pytest.raises(TableError, match="damaged"):
        open_table(write(b"PK\x03\x04rest"))


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_an_empty_file_is_refused(write: Write, text: str) -> None:
    with pytest.raises(TableError, match="empty"):
        open_table(write(text))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        open_table(tmp_path / "nowhere.csv")


def test_a_nul_character_is_refused_with_its_line(write: Write) -> None:
    with pytest.raises(TableError) as caught:
        list(open_table(write("a,b\n1,2\n3,\0\n")).rows())
    assert caught.value.line == 3


def test_a_quoted_cell_may_hold_newlines_and_rows_know_their_first_line(write: Write) -> None:
    rows = list(open_table(write('a,b\n"1\n2\n3",x\n\n4,y\n')).rows())
    assert [(row.line, row.cells) for row in rows] == [(2, ["1\n2\n3", "x"]), (6, ["4", "y"])]


def test_a_quote_that_is_never_closed_is_refused_with_its_line(write: Write) -> None:
    with pytest.raises(TableError) as caught:
        list(open_table(write('a,b\n1,2\n3,"open\n' + "5,6\n" * 40)).rows())
    assert caught.value.line == 3


def test_a_quote_open_over_a_large_file_is_refused_before_it_fills_the_memory(write: Write) -> None:
    with pytest.raises(TableError) as caught:
        list(open_table(write('a,b\n1,"open\n' + "5,6\n" * 400_000)).rows())
    assert caught.value.line == 2


def test_a_quote_that_takes_in_rows_until_the_next_quote_is_reported(write: Write) -> None:
    path = write('a,b,c,d\n1,"2,3,4\n5,6,7,8\n9,10,11,12\n13,14",15,16\n17,18,19,20\n')
    assert faults(path) == [(2, "open_quote")]


def test_an_address_of_several_lines_is_no_open_quote(write: Write) -> None:
    assert faults(write('a,b,c,d\n1,"Long Street 1\nPost Box 2\nFar Away, North",3,4\n')) == []


@pytest.mark.parametrize("row", ["1", "1,2,3"])
def test_a_row_of_another_width_is_reported_with_its_line(write: Write, row: str) -> None:
    assert faults(write(f"a,b\n1,2\n{row}\n3,4\n")) == [(3, "ragged")]


def test_empty_cells_beyond_the_header_do_no_harm(write: Write) -> None:
    assert cells(write("a,b\n1,2,,\n3,4\n")) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("size", [40_000, 500_000])
def test_a_cell_beyond_the_limit_is_reported(write: Write, size: int) -> None:
    assert faults(write("a,b\n1," + "x" * size + "\n3,4\n")) == [(2, "too_long")]


@pytest.mark.parametrize("cell", ["x" * 2_000_000, '"' + "x\n" * 1_000_000 + '"'])
def test_a_cell_of_megabytes_is_refused_with_its_line(write: Write, cell: str) -> None:
    with pytest.raises(TableError) as caught:
        list(open_table(write(f"a,b\n1,2\n1,{cell}\n")).rows())
    assert caught.value.line == 3


def test_a_table_of_too_many_columns_is_refused(write: Write) -> None:
    with pytest.raises(TableError, match="columns"):
        open_table(write(",".join(f"c{i}" for i in range(3_000)) + "\n"))


_CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_CELL, _CELL, _CELL.map(lambda text: f"x{text}")), max_size=8))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]], tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b", "c"), *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode())
    assert [tuple(cells) for cells in cells(path, delimiter=",")] == rows


def test_a_name_of_a_column_is_no_longer_than_can_be_shown(write: Write) -> None:
    assert [len(name) for name in open_table(write("a," + "_" * 900_000 + "x\n1,2\n")).columns] == [1, 300]


def test_a_table_of_too_many_columns_is_refused_without_a_header_too(write: Write) -> None:
    with pytest.raises(TableError, match="columns"):
        open_table(write(",".join("1" * 3_000) + "\n"), header=0)


def test_long_lines_whose_delimiter_is_open_are_not_all_looked_at(write: Write) -> None:
    path = write("a;b,c\n1;2,3\n" + ("," * 900_000 + "\n") * 9)
    with pytest.raises(TableError, match="delimiter"):
        open_table(path)
