"""A sheet of a workbook (XLSX, XLS, XLSB, ODS) as a table."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.tabular import apart
from orion.tabular.errors import SeveralTables, TableError
from orion.tabular.packing import CHUNK, DAMAGED, Content, damaged
from orion.tabular.reading import CELL_LIMIT, COLUMN_LIMIT, RawRow, header_of, numbered

#: Cells of one sheet, empty ones between others included: a sheet is in memory as a whole.
CELLS_LIMIT = 4_000_000
#: Where a cell stands, however it is written.
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,20})["']""")
READER = Path(apart.__file__)


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
        for line, cells in enumerate(_told(self.content, "rows", self.sheet), 1):
            if line <= self.header_line or not any(cells):
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
    sheets = {name: (shown, rows) for name, shown, rows in _told(content, "look")}
    visible = [name for name, (shown, _rows) in sheets.items() if shown] or list(sheets)
    filled: dict[str, tuple[int, list[str]]] = {}
    for name in [table] if table in sheets else visible:
        beginning = _beginning(sheets[name][1], header)
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


def _beginning(rows: list[list[str]], header: int | None) -> tuple[int, list[str]] | None:
    """Line and cells of the header: of the first row that isn't blank, or the one that is stated."""
    for line, cells in enumerate(rows, 1):
        if line >= (header or 1) and any(cells):
            return line, cells
    return None


def _told(content: Content, what: str, *sheet: str) -> Iterator[Any]:
    """What the reader says of a workbook, line by line. Raises TableError where it breaks off."""
    command = [sys.executable, "-I", str(READER), what, str(content.path), *sheet]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        try:
            for line in reader.stdout or ():
                yield json.loads(line)
        except GeneratorExit:
            reader.kill()
            raise
    if reader.returncode:
        raise _unreadable(content)


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
            rest = whole[-40:]
            if right * below > CELLS_LIMIT or right > COLUMN_LIMIT:
                raise _vast(content)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
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
