"""XML as a table: one row for each element that repeats, like the items of a feed.

Read with expat itself, as a stream: entities may not be declared, nothing is ever fetched, and memory doesn't
grow with the file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.parsers.expat import errors

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.tabular.errors import TableError
from orion.tabular.lines import codec
from orion.tabular.packing import BEGINNING, CHUNK, DAMAGED, Content, damaged
from orion.tabular.reading import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, RawRow, too_many_columns
from orion.tabular.shapes import SEVERAL

#: Elements within elements.
DEPTH_LIMIT = 60
#: Different names of elements and attributes in one file, and different places of elements.
NAMES_LIMIT = PLACES_LIMIT = 10_000
#: Bytes of a tag, a remark or whatever else the parser takes as one piece.
PIECE_LIMIT = 1 << 21
#: What feeds call a row, whatever else repeats in them.
_ITEMS = ("item", "entry")
#: The vocabulary of product feeds: its names win over a feed's own.
_FEED = "http://base.google.com/ns/1.0"
#: What the tags of an element count as, in characters.
_TAGS = 8
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


def open_markup(content: Content, encoding: str | None, whole: bool = True) -> Markup:
    """XML as a table; unless `whole`, its beginning alone shows what repeats and which columns there are.

    Raises TableError when it is damaged, declares entities, or nothing in it repeats.
    """
    stated = codec(encoding) if encoding else None
    counted = _Counted(content.name)
    most = 0 if whole else BEGINNING
    for _part in _parts(content, stated, counted.begin, counted.end, None, most):
        pass
    row = counted.row()
    if row is None:
        raise TableError(
            _("%(file)s is no table: no element in it repeats, as products of a feed do.", file=content.name)
        )
    columns: dict[str, None] = {}
    for _line, said in _records(content, stated, row, most):
        columns.update(dict.fromkeys(said))
        if len(columns) > COLUMN_LIMIT:
            raise too_many_columns(content.name)
    return Markup(content, stated, row, tuple(columns))


@dataclass(slots=True)
class _Place:
    """Where elements stand: how many do, whether one of them has parts of its own, and what stands below."""

    path: Path
    above: "_Place | None" = None
    count: int = 0
    parted: bool = False
    below: dict[str, "_Place"] = field(default_factory=dict)

    def all(self) -> Iterator["_Place"]:
        """This place and those below it."""
        yield self
        for place in self.below.values():
            yield from place.all()


@dataclass(slots=True)
class _Counted:
    """How often elements occur at each place of a file."""

    file: str
    whole: _Place = field(default_factory=lambda: _Place(()))
    at: _Place = field(init=False)
    places: int = 0

    def __post_init__(self) -> None:
        self.at = self.whole

    def begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        above, name = self.at, _local(name)
        above.parted = True
        place = above.below.get(name)
        if place is None:
            self.places += 1
            if self.places > PLACES_LIMIT:
                raise too_many_columns(self.file)
            place = above.below[name] = _Place((*above.path, name), above)
        place.count += 1
        if attributes:
            place.parted = True
        self.at = place

    def end(self, name: str) -> None:
        """An element ends."""
        self.at = self.at.above or self.whole

    def row(self) -> Path | None:
        """The path of rows: of a feed's items, else the outermost that repeats and has parts."""
        whole = [place for place in self.whole.all() if place.parted and len(place.path) > 1]
        named = [place for place in whole if place.path[-1] in _ITEMS]
        repeated = [place for place in whole if place.count > 1]
        found = named or repeated or [place for place in whole if len(place.path) == 2]
        first = min(found, key=lambda place: (len(place.path), -place.count), default=None)
        return first.path if first is not None else None


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
        self._take(_TAGS + sum(map(len, attributes)) + sum(map(len, attributes.values())))
        if self.whole:
            self.whole[-1] = True
        self.texts.append([])
        self.whole.append(False)
        for key, value in attributes.items():
            self.record.say(self._name(_local(key)), value, _FEED in key)

    def text(self, data: str) -> None:
        """Characters of an element."""
        if self.record is not None:
            self._take(len(data))
            self.texts[-1].append(data)

    def _take(self, size: int) -> None:
        """Raise TableError where a row takes more than there is room for."""
        if self.record is not None:
            self.record.size += size
            if self.record.size > ROW_LIMIT:
                raise _too_long(self.record.line)

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


def _records(
    content: Content, stated: str | None, row: Path, most: int = 0
) -> Iterator[tuple[int, dict[str, str]]]:
    reader = _Reader(row)
    for _part in _parts(content, stated, reader.begin, reader.end, reader.text, most):
        yield from reader.done
        reader.done.clear()
    yield from reader.done


def _too_long(line: int) -> TableError:
    message = _("The element of line %(line)s is longer than a million characters.", line=line)
    return TableError(message, line=line)


def _parts(
    content: Content,
    stated: str | None,
    begin: Callable[[str, dict[str, str], int], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None,
    most: int = 0,
) -> Iterator[None]:
    """Parse a file part by part, `most` bytes of it where that isn't 0. Raises TableError."""
    parser = expat.ParserCreate(stated, " ")
    depth, read = 0, 0
    names: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        names.add(name)
        names.update(attributes)
        if len(names) > NAMES_LIMIT:  # The parser keeps them all.
            raise too_many_columns(content.name)
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

    def skipped(_name: str, _is_parameter: bool) -> None:
        error = expat.ExpatError()
        error.code, error.lineno = errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY], parser.CurrentLineNumber
        raise error

    parser.StartElementHandler, parser.EndElementHandler = start, stop
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.SkippedEntityHandler = skipped
    parser.buffer_text = True
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        with content.open() as stream:
            while part := stream.read(CHUNK):
                parser.Parse(part)
                read += len(part)
                # Of a piece that isn't over the parser looks at all again with each part.
                if read - parser.CurrentByteIndex > PIECE_LIMIT:
                    raise _too_long(parser.CurrentLineNumber)
                yield
                if most and read >= most:
                    return
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _no_markup(content.name, error) from error
    except (LookupError, ValueError) as error:
        raise TableError(
            _("%(file)s is written in an encoding that is not known.", file=content.name)
        ) from error
    except DAMAGED as error:
        raise damaged(content.name) from error


def _no_markup(file: str, error: expat.ExpatError) -> TableError:
    why = {
        errors.XML_ERROR_TAG_MISMATCH: _("an element ends that is not the one at hand"),
        errors.XML_ERROR_NO_ELEMENTS: _("it breaks off"),
        errors.XML_ERROR_UNCLOSED_TOKEN: _("it breaks off"),
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION: _("it breaks off"),
        errors.XML_ERROR_DUPLICATE_ATTRIBUTE: _("an attribute is there twice"),
        errors.XML_ERROR_UNDEFINED_ENTITY: _("a name stands for a character that it doesn't declare"),
        errors.XML_ERROR_UNBOUND_PREFIX: _("a prefix is used that it doesn't declare"),
        errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: _("more follows after its end"),
    }.get(expat.ErrorString(error.code), "")
    said = {"file": file, "line": error.lineno}
    if not why:
        return TableError(
            _("%(file)s, line %(line)s: this is no XML from here on.", **said), line=error.lineno
        )
    message = _("%(file)s, line %(line)s: this is no XML from here on (%(why)s).", why=why, **said)
    return TableError(message, line=error.lineno)


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]
