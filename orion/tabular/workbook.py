"""A sheet of a workbook (XLSX, XLS, XLSB, ODS) as a table."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.tabular import apart
from orion.tabular.errors import SeveralTables, TableError
from orion.tabular.packing import CHUNK, ZIP, Content, archive_of, damaged
from orion.tabular.reading import CELL_LIMIT, COLUMN_LIMIT, RawRow, names_of

#: Cells of one sheet, empty ones between others included: a sheet is in memory as a whole.
CELLS_LIMIT = 4_000_000
#: Cells that a sheet may say to be like those beside or above them.
REPEATED = 10_000
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
        width, room = len(self.columns), _room(self.content)
        for line, cells in enumerate(_told(self.content, "rows", self.sheet), 1):
            if cells is None:
                yield RawRow(
                    line, [""] * width, ("too_long", _l("the row has more than a million characters"))
                )
                continue
            if line <= self.header_line or not any(cells):
                continue
            room -= len(cells) - cells.count("")
            if room < 0:
                raise _vast(self.content)
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
    stat = content.path.stat()
    sheets = _looked(content, (stat.st_mtime_ns, stat.st_size))
    if isinstance(sheets, str):
        raise _refusal(content, sheets)
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
    while header != 0 and cells and not cells[-1]:
        cells.pop()
    return Sheet(content, name, names_of(cells, content.name, header), 0 if header == 0 else line)


@lru_cache(maxsize=8)
def _looked(content: Content, stamp: tuple[int, int]) -> dict[str, tuple[bool, list[list[str]]]] | str:
    """Name → whether it is shown and its first rows, of each sheet; else what is wrong with the workbook.

    A workbook is opened as a whole to be looked at, and looked at again and again: once is enough, where the
    file (the `stamp`) is the same.
    """
    try:
        if _is_vast(content):
            return "vast"
        return {name: (shown, rows) for name, shown, rows in _told(content, "look")}
    except _Unreadable:
        return "unreadable"
    except TableError:
        return "damaged"


def _refusal(content: Content, why: str) -> TableError:
    if why == "damaged":
        return damaged(content.name)
    return _vast(content) if why == "vast" else _unreadable(content)


def _beginning(rows: list[list[str]], header: int | None) -> tuple[int, list[str]] | None:
    """Line and cells of the header: of the first row that isn't blank, or the one that is stated."""
    for line, cells in enumerate(rows, 1):
        if line >= (header or 1) and any(cells):
            return line, cells
    return None


def _told(content: Content, what: str, *sheet: str) -> Iterator[Any]:
    """What the reader says of a workbook, line by line. Raises _Unreadable where it breaks off."""
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


class _Unreadable(TableError):
    """The reader of a workbook didn't come to its end."""


def _unreadable(content: Content) -> TableError:
    return _Unreadable(
        _(
            "%(file)s cannot be read as a workbook: it is damaged, or locked with a password. Save it anew, "
            "or as CSV.",
            file=content.name,
        )
    )


def _room(content: Content) -> int:
    """How many filled cells there can be: each takes a byte at least, but where it is said to be repeated."""
    if not _is_zip(content):
        return content.path.stat().st_size + REPEATED
    with archive_of(content.path, content.name) as archive:
        return sum(one.file_size for one in archive.infolist()) + REPEATED


def _is_zip(content: Content) -> bool:
    with content.path.open("rb") as stream:
        return stream.read(len(ZIP)) == ZIP


def _is_vast(content: Content) -> bool:
    """Whether a workbook's cells reach so far that it would fill the memory. Raises TableError where it is
    damaged."""
    if not _is_zip(content):
        return content.path.stat().st_size > 64 << 20
    with archive_of(content.path, content.name) as archive:
        return any(_reaches_far(archive, member) for member in archive.namelist())


def _reaches_far(archive: zipfile.ZipFile, member: str) -> bool:
    """Unpack a file to its end: what says less of itself than it holds is damaged."""
    rest, right, below = b"", 0, 0
    is_sheet = re.match(r"xl/worksheets/[^/]+\.xml$", member)
    with archive.open(member) as stream:
        while part := stream.read(CHUNK):
            if not is_sheet:
                continue
            whole = rest + part
            for letters, digits in _PLACE.findall(whole):
                right, below = max(right, _column(letters)), max(below, int(digits))
            rest = whole[-40:]
            if right * below > CELLS_LIMIT or right > COLUMN_LIMIT:
                return True
    return False


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
