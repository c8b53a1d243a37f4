"""A delimited table as a stream of rows, each with the physical line on which it begins."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.tabular.dialect import find_delimiter, spreadsheet_hint, stated_delimiter
from orion.tabular.errors import TableError
from orion.tabular.lines import Source, open_source

#: Characters in one cell, and columns in one table.
CELL_LIMIT = 32_768
COLUMN_LIMIT = 2_000
#: Characters in one row that runs over several lines.
ROW_LIMIT = 1 << 20
_SAMPLE = 50


class RawRow(NamedTuple):
    """A row as it stands: `cells` has one string a column, or `fault` says (code, reason) why not."""

    line: int
    cells: list[str]
    fault: tuple[str, object] | None = None


class Rows(Protocol):
    """A table that can be read as often as needed: what all later steps ask for."""

    @property
    def name(self) -> str:
        """The file's name."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        ...

    def rows(self) -> Iterator[RawRow]:
        """Every row below the header, in file order; blank lines are no rows."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table on disk. `columns` are the header's names, trimmed."""

    source: Source
    delimiter: str
    columns: tuple[str, ...]
    header_line: int

    @property
    def name(self) -> str:
        """The file's name."""
        return self.source.name

    def rows(self) -> Iterator[RawRow]:
        """Rows with their first line (1-based). Raises TableError where the file can't be read on."""
        width, delimiter = len(self.columns), self.delimiter
        for line, cells, size, last in _parsed(self.source, delimiter):
            if line <= self.header_line or not cells:
                continue
            fault = None
            if len(cells) != width:
                fault = _ragged(cells, width, line, last)
            elif last > line and _swallowed(cells, delimiter):
                fault = _open_quote(line, last)
            elif size > CELL_LIMIT and max(map(len, cells)) > CELL_LIMIT:
                fault = ("too_long", _l("a cell has more than 32,768 characters"))
            yield RawRow(line, cells, fault)


def open_table(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, name: str = ""
) -> Table:
    """Open a CSV, TSV, semicolon or pipe table, plain or gzip.

    `encoding` and `delimiter` state what the file can't show; `name` is what people call it. Raises
    TableError when it isn't a table, or when what it leaves open has to be stated.
    """
    source = open_source(path, encoding, name)
    lines = list(islice(source.lines(), _SAMPLE))
    hint = spreadsheet_hint(lines[0]) if lines else None
    sample = [line for line in lines[1 if hint else 0 :] if line.strip()]
    if not sample:
        raise TableError(_("%(file)s is empty.", file=source.name))
    found = stated_delimiter(delimiter) if delimiter else hint or find_delimiter(sample, source.name)
    first = 2 if hint else 1
    for line, cells, _size, _last in _parsed(source, found):
        if line >= first and any(cell.strip() for cell in cells):
            return Table(source, found, _header(cells, source.name), line)
    raise TableError(_("%(file)s is empty.", file=source.name))


def _header(cells: list[str], file: str) -> tuple[str, ...]:
    if len(cells) > COLUMN_LIMIT:
        raise TableError(_("%(file)s has more than 2,000 columns.", file=file))
    return tuple(" ".join(cell.split()) for cell in cells)


@dataclass(slots=True)
class _Feed:
    """Lines on their way into the parser, with what the row at hand has taken so far."""

    size: int = 0
    start: int = 1
    ended: bool = field(default=False)

    def of(self, source: Source) -> Iterator[str]:
        for line in source.lines():
            self.size += len(line)
            if self.size > ROW_LIMIT:
                raise _unclosed(self.start)
            yield line
        self.ended = True


def _parsed(source: Source, delimiter: str) -> Iterator[tuple[int, list[str], int, int]]:
    """(first line, cells, characters, last line) of every row."""
    feed = _Feed()
    reader = csv.reader(feed.of(source), delimiter=delimiter)
    try:
        for cells in reader:
            # A row that only the end of the file could end has a quote that nobody closed.
            if feed.ended:
                raise _unclosed(feed.start)
            yield feed.start, cells, feed.size, reader.line_num
            feed.size, feed.start = 0, reader.line_num + 1
    except csv.Error as error:
        raise _unclosed(feed.start) from error


def _unclosed(line: int) -> TableError:
    message = _(
        "A quote that opens in the row of line %(line)s is not closed, and takes in what follows. "
        "Close it, or double it if it belongs to the text.",
        line=line,
    )
    return TableError(message, line=line)


def _ragged(cells: list[str], width: int, line: int, last: int) -> tuple[str, object] | None:
    """What is wrong with a row of another width; surplus cells that are all empty are cut off."""
    if last > line:
        return _open_quote(line, last)
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        del cells[width:]
        return None
    reason = _l("the row has %(cells)s cells, the header %(width)s", cells=len(cells), width=width)
    return ("ragged", reason)


def _open_quote(line: int, last: int) -> tuple[str, object]:
    reason = _l("a quote that opens in line %(line)s takes in all until line %(last)s", line=line, last=last)
    return ("open_quote", reason)


def _swallowed(cells: list[str], delimiter: str) -> bool:
    """Whether a cell holds whole lines that look like rows of this very table."""
    commas = len(cells) - 1
    if commas < 3:
        return False
    for cell in cells:
        inner = cell.split("\n")[1:-1]
        if inner and all(line.count(delimiter) == commas for line in inner):
            return True
    return False
