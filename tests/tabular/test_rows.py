"""Every row is accounted for: taken, or rejected with line, column, value and reason."""

import csv
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion.tabular import grouping
from orion.tabular.grouping import grouped
from orion.tabular.report import KEPT, Report, rejected_sheet
from orion.tabular.rows import Row
from orion.tabular.writing import safe_cell

from .conftest import Write, opened, read

SCATTERED = [Row(line, {"key": key}) for line, key in enumerate("abacbbaddc", 2)]
BROKEN = "Order no,Quantity,Date\n1,1,2010-01-05\n2,x,2010-01-05\n3,3\n4,4,never\n5,5,2010-01-06\n"


def test_rejected_rows_name_line_column_value_and_reason(write: Write) -> None:
    rows, report = read(write(BROKEN))
    assert [row.line for row in rows] == [2, 6]
    assert [(row.line, row.column, row.value, row.code) for row in report.first] == [
        (3, "Quantity", "x", "not_a_number"),
        (4, "", "3,3", "ragged"),
        (5, "Date", "never", "not_a_date"),
    ]
    assert str(report.first[1].reason) == "the row has 2 cells, the header 3"


def test_what_was_read_is_what_was_taken_and_what_was_rejected(write: Write) -> None:
    rows, report = read(write(BROKEN))
    assert (report.read, report.accepted, report.rejected) == (5, len(rows), 3)


def test_the_report_is_plain_values(write: Write) -> None:
    _rows, report = read(write(BROKEN))
    told = report.as_json()
    assert told["rows"] == {"read": 5, "accepted": 2, "rejected": 3}
    assert told["columns"] == {"number": "Order no", "pieces": "Quantity", "on": "Date"}
    assert {"code": "not_a_date", "column": "Date", "rows": 1} in told["reasons"]


def test_the_report_keeps_some_rejected_rows_and_the_sheet_has_all(write: Write, tmp_path: Path) -> None:
    found = opened(write("Order no,Quantity\n" + "1,x\n" * (KEPT + 5)))
    sheet = tmp_path / "rejected.csv"
    with rejected_sheet(sheet) as note:
        report = Report(found.plan, note)
        assert list(report.taken(found.rows())) == []
    assert (len(report.first), report.rejected) == (KEPT, KEPT + 5)
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert len(lines) == KEPT + 5
    assert lines[-1]["line"] == str(KEPT + 6)


def test_rows_that_are_withdrawn_count_as_rejected(write: Write) -> None:
    rows, report = read(write("Order no,Title\n1,a\n2,b\n"))
    report.withdraw(rows[:1], "twofold", "is there twice")
    assert (report.accepted, report.rejected, report.first[0].line) == (1, 1, 2)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd", "@sum", "\tx", "\rx", "\0x", "'=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+1.50", "a=b", "", "12"])
def test_plain_numbers_and_texts_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def _rows(keys: list[str]) -> list[Row]:
    return [Row(line, {"key": key, "line": line}) for line, key in enumerate(keys, 2)]


@given(keys=st.lists(st.text(max_size=3), max_size=40))
def test_rows_of_one_key_come_together_in_file_order(keys: list[str]) -> None:
    rows = _rows(keys)
    expected: dict[str, list[Row]] = {}
    for row in rows:
        expected.setdefault(row.values["key"], []).append(row)
    assert list(grouped(rows, lambda row: row.values["key"])) == list(expected.items())


def test_grouping_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    made = sqlite3.connect("")
    made.close()
    rows = _rows([str(number % 977) for number in range(20_000)])
    assert sum(len(group) for _key, group in grouped(rows, lambda row: row.values["key"])) == 20_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
@pytest.mark.parametrize("bits", [8, 1 << 26])
def test_rows_of_a_key_come_together_wherever_they_stand(
    monkeypatch: pytest.MonkeyPatch, batch: int, bits: int
) -> None:
    """Few bits are shared by several keys, which stay apart."""
    monkeypatch.setattr(grouping, "_BATCH", batch)
    monkeypatch.setattr(grouping, "_BITS", bits)
    found = list(grouped(SCATTERED, lambda row: row.values["key"]))
    assert [(key, [row.line for row in rows]) for key, rows in found] == [
        ("a", [2, 4, 8]),
        ("b", [3, 6, 7]),
        ("c", [5, 11]),
        ("d", [9, 10]),
    ]
    assert {row for _key, rows in found for row in map(str, rows)} == set(map(str, SCATTERED))


def test_many_rows_of_a_key_come_in_parts() -> None:
    found = grouped(SCATTERED, lambda row: row.values["key"], most=2)
    assert [(key, len(rows)) for key, rows in found] == [
        ("a", 2),
        ("a", 1),
        ("b", 2),
        ("b", 1),
        ("c", 2),
        ("d", 2),
    ]
