"""A list as a file: the rows and the order that the page shows, all of them."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from flask import Response, current_app, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.contracts.errors import Forbidden, Invalid
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.data.database import entered
from orion.tabular.writing import safe_cell
from orion.web import limits
from orion.web.listing import asked as questions
from orion.web.listing import reading
from orion.web.listing.asked import Asked

if TYPE_CHECKING:
    from orion.web.listing.page import Column, ListPage

#: Rows that are read at once; each such part is a transaction of its own, however slowly somebody loads.
PART = 1000
#: Rows that a workbook's sheet has room for, and characters of a cell.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
#: Bytes that are sent at once of a file that was written before.
PIECE = 64 * 1024
#: What a list can be had as: the word in its address → what the link says.
KINDS = {"csv": _l("CSV"), "xlsx": _l("Excel"), "jsonl": _l("JSON lines")}
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a list's file says where it is more than the page shows: the names of its columns as an import
    knows them, or a function of the scope that gives them, and `rows(scope, part)`, which gives for a part of
    the list's rows the lines of the file."""

    columns: Sequence[str] | Callable[[Scope], Sequence[str]]
    rows: Callable[[Scope, Sequence[Any]], Iterable[Sequence[Any]]]


def export_list(page: "ListPage", scope: Scope, kind: str) -> ResponseReturnValue:
    """The list of this request's address as a file of a kind. Raises Forbidden, Invalid, and TooMany."""
    if not page.export or not scope.allows(page.export):
        raise Forbidden()
    asked = questions.read(page, scope, request.args)  # type: ignore[arg-type]
    limits.spend_here(limits.EXPORT, scope)
    name = f"{page.id.replace('.', '-')}-{datetime.now(UTC):%Y-%m-%d}.{kind}"
    whole = replace(asked, at=None, back=False)
    file = None
    if kind == "xlsx":
        file = _workbook(page, scope, whole)
        body: Any = _pieces(file)
    else:
        body = stream_with_context((_json_lines if kind == "jsonl" else lines)(page, scope, whole))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    answer = Response(body, mimetype=_TYPES[kind], headers=headers)
    if file is not None:  # Also where nobody reads it to the end.
        answer.call_on_close(file.close)
    return answer


def lines(page: "ListPage", scope: Scope, asked: Asked) -> Iterator[str]:
    """A CSV file in pieces: the columns' names, then its lines. Excel reads UTF-8 by its first character."""
    yield "\ufeff" + _line(_heads(page, scope))
    for part in _parts(page, scope, asked):
        yield "".join(_line([plain(value) for value in row]) for row in part)


def _json_lines(page: "ListPage", scope: Scope, asked: Asked) -> Iterator[str]:
    """An object a line, by the names of the columns."""
    heads = _heads(page, scope)
    for part in _parts(page, scope, asked):
        yield "".join(_object(heads, row) for row in part)


def _object(heads: Sequence[str], row: Sequence[Any]) -> str:
    values = (v if v is None or isinstance(v, bool | int | float) else plain(v) for v in row)
    return json.dumps(dict(zip(heads, values, strict=True)), ensure_ascii=False) + "\n"


def _workbook(page: "ListPage", scope: Scope, asked: Asked) -> IO[bytes]:
    """A workbook, written row by row: the file, at its beginning. Raises Invalid for more rows than fit."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        with tempfile.TemporaryDirectory() as folder:  # There the writer keeps rows until all are there.
            _fill(file, folder, page, scope, asked)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _fill(file: IO[bytes], folder: str, page: "ListPage", scope: Scope, asked: Asked) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "tmpdir": folder}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    number = 0
    for place, head in enumerate(_heads(page, scope)):
        sheet.write_string(0, place, head)
    for part in _parts(page, scope, asked):
        for row in part:
            number += 1
            if number >= MOST_ROWS:
                raise Invalid(_("A workbook has no room for so many rows: choose CSV, or narrow the list."))
            for place, value in enumerate(row):
                _write(sheet, number, place, value)
    book.close()


def _write(sheet: Any, row: int, place: int, value: Any) -> None:
    """A cell: a number, or a text that is never a formula."""
    if type(value) in (int, float, Decimal) and abs(value) < 10**15:
        sheet.write_number(row, place, value)
    elif text := plain(value):
        sheet.write_string(row, place, text[:MOST_CHARACTERS])


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _parts(page: "ListPage", scope: Scope, asked: Asked) -> Iterator[list[Sequence[Any]]]:
    """The values of the file's rows, part by part."""
    wide = replace(page, per_page=PART)
    with current_app.app_context():
        while True:
            with entered(scope):
                found = reading.part(wide, scope, asked)
                lines_of_part = _rows(page, scope, found.rows)
            yield lines_of_part
            if not found.more_after:
                return
            asked = replace(asked, at=found.last)


def _rows(page: "ListPage", scope: Scope, rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [_values(page, row) for row in rows] if page.sheet is None else list(page.sheet.rows(scope, rows))


def _heads(page: "ListPage", scope: Scope) -> list[str]:
    if page.sheet is not None:
        columns = page.sheet.columns
        return list(columns(scope) if callable(columns) else columns)
    return [name for column in page.columns for name in _names(column)]


def _names(column: "Column") -> list[str]:
    names = [str(column.label)]
    if column.sub is not None:
        names.append(f"{column.label} (2)")
    return names


def _values(page: "ListPage", row: Any) -> list[Any]:
    values = []
    for column in page.columns:
        values.append((column.file or column.value)(row))
        if column.sub is not None:
            values.append(column.sub(row))
    return values


def plain(value: Any) -> str:
    """A value as programs read it: ISO dates, UTC moments, numbers with a point, money as `12.50 EUR`."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.plain
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()
