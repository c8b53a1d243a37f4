"""XML as a table: one row for each element that repeats, like the items of a feed.

Read with expat itself, as a stream: entities may not be declared, nothing is ever fetched, and memory doesn't
grow with the file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.tabular.errors import TableError
from orion.tabular.lines import codec
from orion.tabular.packing import CHUNK, DAMAGED, Content, damaged
from orion.tabular.reading import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, RawRow
from orion.tabular.shapes import SEVERAL

#: Elements within elements.
DEPTH_LIMIT = 60
#: What feeds call a row, whatever else repeats in them.
_ITEMS = ("item", "entry")
#: The vocabulary of product feeds: its names win over a feed's own.
_FEED = "http://base.google.com/ns/1.0"
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """A table in XML. `row` is the path of the elements that are its rows."""

    content: Content
    stated: str | None
    row: Path
    columns: tuple[str, ...]

    delimiter: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.content.name

    @property
    def encoding(self) -> str:
        """What was stated; else the file says it itself."""
        return self.stated or ""

    def rows(self) -> Iterator[RawRow]:
        """A row for each element. Values of one name stand in one cell, in lines of their own."""
        for line, said in _records(self.content, self.stated, self.row):
            cells = [said.get(name, "") for name in self.columns]
            fault = None
            if max(map(len, cells), default=0) > CELL_LIMIT:
                fault = ("too_long", _l("a cell has more than 32,768 characters"))
            yield RawRow(line, cells, fault)


def open_markup(content: Content, encoding: str | None) -> Markup:
    """XML as a table. Raises TableError when it is damaged, declares entities, or nothing in it repeats."""
    stated = codec(encoding) if encoding else None
    counted = _Counted()
    _parse(content, stated, counted.begin, counted.end, None)
    row = counted.row()
    if row is None:
        raise TableError(
            _("%(file)s is no table: no element in it repeats, as products of a feed do.", file=content.name)
        )
    columns: dict[str, None] = {}
    for _line, said in _records(content, stated, row):
        columns.update(dict.fromkeys(said))
        if len(columns) > COLUMN_LIMIT:
            raise TableError(_("%(file)s has more than 2,000 columns.", file=content.name))
    return Markup(content, stated, row, tuple(columns))


@dataclass(slots=True)
class _Counted:
    """How often each path occurs, and whether what stands there has parts of its own."""

    paths: dict[Path, int] = field(default_factory=dict)
    parents: set[Path] = field(default_factory=set)
    at: list[str] = field(default_factory=list)

    def begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        if self.at:
            self.parents.add(tuple(self.at))
        self.at.append(_local(name))
        path = tuple(self.at)
        self.paths[path] = self.paths.get(path, 0) + 1
        if attributes:
            self.parents.add(path)

    def end(self, name: str) -> None:
        """An element ends."""
        self.at.pop()

    def row(self) -> Path | None:
        """The path of rows: of a feed's items, else the outermost that repeats and has parts."""
        whole = [path for path in self.paths if path in self.parents and len(path) > 1]
        named = [path for path in whole if path[-1] in _ITEMS]
        repeated = [path for path in whole if self.paths[path] > 1]
        found = named or repeated or [path for path in whole if len(path) == 2]
        return min(found, key=lambda path: (len(path), -self.paths[path]), default=None)


@dataclass(slots=True)
class _Record:
    """The row at hand: names with their values, those of the feeds' vocabulary apart."""

    line: int
    own: dict[str, list[str]] = field(default_factory=dict)
    of_feed: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0

    def say(self, name: str, text: str, feed: bool) -> None:
        """Take a value into account."""
        text = text.strip()
        if text or name not in self.own:
            (self.of_feed if feed else self.own).setdefault(name, []).extend([text] if text else [])

    def cells(self) -> dict[str, str]:
        """Name → text."""
        return {name: SEVERAL.join(texts) for name, texts in (self.own | self.of_feed).items()}


@dataclass(slots=True)
class _Reader:
    """Gathers what stands in the elements of a path."""

    row: Path
    at: list[str] = field(default_factory=list)
    record: _Record | None = None
    done: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)

    def begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        self.at.append(_local(name))
        if self.record is None:
            if tuple(self.at) != self.row:
                return
            self.record, self.texts, self.whole = _Record(line), [], []
        if self.whole:
            self.whole[-1] = True
        self.texts.append([])
        self.whole.append(False)
        for key, value in attributes.items():
            self.record.say(self._name(_local(key)), value, _FEED in key)

    def text(self, data: str) -> None:
        """Characters of an element."""
        if self.record is not None:
            self.record.size += len(data)
            if self.record.size > ROW_LIMIT:
                raise TableError(
                    _(
                        "The element of line %(line)s is longer than a million characters.",
                        line=self.record.line,
                    ),
                    line=self.record.line,
                )
            self.texts[-1].append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if self.record is not None:
            text, parted = "".join(self.texts.pop()), self.whole.pop()
            inner = tuple(self.at) != self.row
            if inner and (text.strip() or not parted):
                self.record.say(self._name(), text, name.startswith(_FEED))
            if not inner:
                self.done.append((self.record.line, self.record.cells()))
                self.record = None
        self.at.pop()

    def _name(self, attribute: str = "") -> str:
        """What a value is called: the names of its elements below the row."""
        return " ".join([*self.at[len(self.row) :], *([attribute] if attribute else [])])


def _records(content: Content, stated: str | None, row: Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = _Reader(row)
    for _part in _parts(content, stated, reader.begin, reader.end, reader.text):
        yield from reader.done
        reader.done.clear()
    yield from reader.done


def _parse(content: Content, stated: str | None, begin: Any, end: Any, text: Any) -> None:
    for _part in _parts(content, stated, begin, end, text):
        pass


def _parts(
    content: Content,
    stated: str | None,
    begin: Callable[[str, dict[str, str], int], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None,
) -> Iterator[None]:
    """Parse a file part by part. Raises TableError."""
    parser = expat.ParserCreate(stated, " ")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_LIMIT:
            raise TableError(_("%(file)s nests elements too deeply for a table.", file=content.name))
        begin(name, attributes, parser.CurrentLineNumber)

    def stop(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def refuse(*_said: Any) -> None:
        raise TableError(
            _("%(file)s declares entities, which tables don't need: it is not read.", file=content.name)
        )

    parser.StartElementHandler, parser.EndElementHandler = start, stop
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.buffer_text = True
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        with content.open() as stream:
            while part := stream.read(CHUNK):
                parser.Parse(part)
                yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = _(
            "%(file)s, line %(line)s: this is no XML from here on (%(why)s).",
            file=content.name,
            line=error.lineno,
            why=expat.ErrorString(error.code),
        )
        raise TableError(message, line=error.lineno) from error
    except (LookupError, ValueError) as error:
        raise TableError(
            _("%(file)s is written in an encoding that is not known.", file=content.name)
        ) from error
    except DAMAGED as error:
        raise damaged(content.name) from error


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]
