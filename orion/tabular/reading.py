"""A table as a stream of rows, each with the physical line on which it begins."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.tabular.dialect import FIXED, columns_of, find_delimiter, spreadsheet_hint, stated_delimiter
from orion.tabular.errors import TableError
from orion.tabular.lines import Source, source_of
from orion.tabular.packing import BEGINNING, content_of

#: Characters in one cell, and columns in one table.
CELL_LIMIT = 32_768
COLUMN_LIMIT = 2_000
#: Characters of a column's name that are taken.
NAME_LIMIT = 300
#: Characters in one row that runs over several lines; the parser's own limit of a cell is below it.
ROW_LIMIT = 1 << 20
csv.field_size_limit(ROW_LIMIT)
#: Lines, and characters of them, that show how a table is written.
_SAMPLE, _SAMPLED = 50, 1 << 18
#: A byte that was none of the stated encoding, and how a marketplace begins a table whose third line is its
#: header.
_ESCAPED = re.compile("[\\udc80-\\udcff]")
_PREAMBLE, _BELOW = "TemplateType=", 3


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


class Written(Rows, Protocol):
    """A table in a file of its own, and how that is written."""

    @property
    def encoding(self) -> str:
        """The encoding of its text; empty where the file says that itself."""
        ...

    @property
    def delimiter(self) -> str:
        """What parts its cells; empty where that is no character."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table on disk. `columns` are the header's names, trimmed; a `header_line` of 0 means that it has none
    and its columns are numbered. `places` are those of columns without delimiters."""

    source: Source
    delimiter: str
    columns: tuple[str, ...]
    header_line: int
    places: tuple[tuple[int, int], ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.source.name

    @property
    def encoding(self) -> str:
        """The encoding of its text."""
        return self.source.encoding

    def rows(self) -> Iterator[RawRow]:
        """Rows with their first line (1-based). Raises TableError where the file can't be read on."""
        width, delimiter = len(self.columns), self.delimiter
        lenient = self.source.stated
        for line, cells, size, last in _parsed(self.source, delimiter, self.places):
            if line <= self.header_line or not cells:
                continue
            fault = None
            if lenient and _ESCAPED.search("".join(cells)):
                fault = _not_text(cells, self.source.encoding)
            elif len(cells) != width:
                fault = _ragged(cells, width, line, last)
            elif last > line and _swallowed(cells, delimiter):
                fault = _open_quote(line, last)
            elif size > CELL_LIMIT and max(map(len, cells)) > CELL_LIMIT:
                fault = ("too_long", _l("a cell has more than 32,768 characters"))
            yield RawRow(line, cells, fault)


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    name: str = "",
    table: str = "",
    header: int | None = None,
    whole: bool = True,
) -> Written:
    """Open a CSV, TSV, semicolon, pipe or fixed-width table, a workbook or XML; plain, gzip or in a zip.

    `encoding` and `delimiter` state what the file can't show, `table` which of several it is (a sheet, a file
    of an archive), `header` the line of the columns' names, 0 for none; `name` is what people call the file.
    Unless `whole`, the beginning of the file is all that is looked at to find its columns.
    Raises TableError when it isn't a table, or when what it leaves open has to be stated.
    """
    from orion.tabular.markup import open_markup
    from orion.tabular.workbook import open_workbook

    content = content_of(path, name, table)
    if content.kind == "workbook":
        return open_workbook(content, table, header)
    if content.kind == "xml":
        return open_markup(content, encoding, whole)
    return _open_text(source_of(content, encoding), delimiter, header, whole)


def _open_text(source: Source, delimiter: str | None, header: int | None, whole: bool) -> Table:
    lines = list(_up_to(islice(source.lines(), _SAMPLE), _SAMPLED))
    hint = spreadsheet_hint(lines[0]) if lines else None
    if header is None and lines and lines[0].startswith(_PREAMBLE):
        header = _BELOW
    first = 2 if hint else header or 1
    sample = [line for line in lines[first - 1 :] if line.strip()]
    if not sample:
        raise TableError(_("%(file)s is empty.", file=source.name))
    found = stated_delimiter(delimiter) if delimiter else hint or find_delimiter(sample, source.name)
    places: tuple[tuple[int, int], ...] = ()
    if found == FIXED:
        places = tuple(columns_of(source.lines() if whole else _up_to(source.lines(), BEGINNING)))
    for line, cells, _size, _last in _parsed(source, found, places):
        if line >= first and any(cell.strip() for cell in cells):
            names = names_of(cells, source.name, header)
            return Table(source, found, names, 0 if header == 0 else line, places)
    raise TableError(_("%(file)s is empty.", file=source.name))


def _up_to(lines: Iterable[str], characters: int) -> Iterator[str]:
    """The lines until so many characters were seen."""
    for line in lines:
        yield line
        characters -= len(line)
        if characters < 0:
            return


def names_of(cells: list[str], file: str, header: int | None) -> tuple[str, ...]:
    """The names of columns, trimmed; with a `header` of 0 they have none, and are called by their numbers.

    Raises TableError for too many.
    """
    if len(cells) > COLUMN_LIMIT:
        raise too_many_columns(file)
    if header == 0:
        return tuple(str(number) for number in range(1, len(cells) + 1))
    return tuple(" ".join(_readable(cell[:NAME_LIMIT]).split()) for cell in cells)


def too_many_columns(file: str) -> TableError:
    """That a table has more columns than are read."""
    return TableError(_("%(file)s has more than 2,000 columns.", file=file))


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


def _parsed(
    source: Source, delimiter: str, places: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, list[str], int, int]]:
    """(first line, cells, characters, last line) of every row."""
    if delimiter == FIXED:
        for line, text in enumerate(source.lines(), 1):
            if text.strip():
                yield line, [text[begin:end].strip() for begin, end in places], len(text), line
        return
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


def _not_text(cells: list[str], encoding: str) -> tuple[str, object]:
    """That a row has bytes that aren't text; what is shown of them is readable from now on."""
    cells[:] = map(_readable, cells)
    return "not_text", _l("the row has bytes that are not %(encoding)s", encoding=encoding)


def _readable(cell: str) -> str:
    """A cell in which a sign stands for each byte that is no text."""
    return _ESCAPED.sub("\ufffd", cell)


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
