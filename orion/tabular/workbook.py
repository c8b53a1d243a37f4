"""A sheet of a workbook (XLSX, XLS, XLSB, ODS) as a table."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from orion.tabular.errors import SeveralTables, TableError
from orion.tabular.packing import CHUNK, DAMAGED, Content, damaged
from orion.tabular.reading import CELL_LIMIT, COLUMN_LIMIT, RawRow, header_of, numbered

#: Cells of one sheet, empty ones between others included: a sheet is in memory as a whole.
CELLS_LIMIT = 4_000_000
#: Rows among which a header is looked for.
_BEGINNING = 50
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in a workbook. Lines are the rows of the sheet."""

    content: Content
    sheet: str
    columns: tuple[str, ...]
    header_line: int

    encoding: str = ""
    delimiter: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.content.name

    def rows(self) -> Iterator[RawRow]:
        """Every row below the header; blank rows are none."""
        width = len(self.columns)
        for line, values in enumerate(_opened(self.content).get_sheet_by_name(self.sheet).iter_rows(), 1):
            if line <= self.header_line:
                continue
            cells = [text_of(value) for value in values]
            if not any(cells):
                continue
            fault = None
            if len(cells) > width:
                if any(cells[width:]):
                    fault = ("ragged", _l("the row has cells beyond the header's last"))
                del cells[width:]
            elif max(map(len, cells)) > CELL_LIMIT:
                fault = ("too_long", _l("a cell has more than 32,768 characters"))
            yield RawRow(line, cells + [""] * (width - len(cells)), fault)


def open_workbook(content: Content, table: str, header: int | None) -> Sheet:
    """The sheet of that name, or the only one with a table. Raises TableError."""
    _refuse_vast(content)
    book = _opened(content)
    visible = [
        one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible
    ] or book.sheet_names
    filled: dict[str, tuple[int, list[str]]] = {}
    for name in [table] if table in book.sheet_names else visible:
        beginning = _beginning(book.get_sheet_by_name(name), header)
        if beginning is not None:
            filled[name] = beginning
    if not filled:
        raise TableError(_("%(file)s is empty.", file=content.name))
    if len(filled) > 1 or table not in ("", *filled):
        raise SeveralTables(content.name, visible[:20])
    (name, (line, cells)), *_rest = filled.items()
    if header == 0:
        return Sheet(content, name, numbered(cells), 0)
    while cells and not cells[-1]:
        cells.pop()
    return Sheet(content, name, header_of(cells, content.name), line)


def _beginning(sheet: CalamineSheet, header: int | None) -> tuple[int, list[str]] | None:
    """Line and cells of the header: of the first row that isn't blank, or the one that is stated."""
    for line, values in enumerate(islice(sheet.iter_rows(), _BEGINNING), 1):
        cells = [text_of(value) for value in values]
        if line >= (header or 1) and any(cells):
            return line, cells
    return None


def text_of(value: Any) -> str:
    """A value of a cell as a text that reads back as the same value, whatever the table's conventions.

    >>> text_of(12.0), text_of(1.125), text_of(date(2026, 1, 31))
    ('12', '1.1250', '2026-01-31')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else ""


def _number(value: float) -> str:
    """Three decimal places would read as thousands to some: a fourth says that they are none."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(Decimal(repr(value)), "f")
    return f"{text}0" if re.fullmatch(r"-?[0-9]+\.[0-9]{3}", text) else text


def _opened(content: Content) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(content.path))
    except (CalamineError, OSError, *DAMAGED) as error:
        raise _unreadable(content) from error


def _unreadable(content: Content) -> TableError:
    return TableError(
        _(
            "%(file)s cannot be read as a workbook: it is damaged, or locked with a password. Save it anew, "
            "or as CSV.",
            file=content.name,
        )
    )


def _refuse_vast(content: Content) -> None:
    """Raise TableError for a workbook whose cells reach so far that it would fill the memory."""
    if not zipfile.is_zipfile(content.path):
        if content.path.stat().st_size > 64 << 20:
            raise _vast(content)
        return
    try:
        with zipfile.ZipFile(content.path) as archive:
            for member in archive.namelist():
                if re.match(r"xl/worksheets/[^/]+\.xml$", member):
                    _look_through(content, archive, member)
    except DAMAGED as error:
        raise damaged(content.name) from error


def _look_through(content: Content, archive: zipfile.ZipFile, member: str) -> None:
    rest, right, below = b"", 0, 0
    with archive.open(member) as stream:
        while part := stream.read(CHUNK):
            whole = rest + part
            for letters, digits in _PLACE.findall(whole):
                right, below = max(right, _column(letters)), max(below, int(digits))
            rest = whole[-16:]
            if right * below > CELLS_LIMIT or right > COLUMN_LIMIT:
                raise _vast(content)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _vast(content: Content) -> TableError:
    return TableError(
        _(
            "%(file)s has more cells than are read from a workbook, or more than 2,000 columns. "
            "Save the sheet as CSV.",
            file=content.name,
        )
    )
