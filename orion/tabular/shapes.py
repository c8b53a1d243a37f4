"""How tables of a format get the shape that a target asks for, before their columns are recognised.

A shape adds columns to a table, fills cells, or gives a row for each of several columns. Formats state shapes
as data. Names of columns are compared in their normal form; a column that isn't there is left out.
"""

import json
import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from orion.tabular.reading import RawRow, Rows
from orion.tabular.target import normal_header
from orion.tabular.writing import plain_cell

#: What parts several values, or pairs of name and value, that stand in one cell now.
SEVERAL = "\n"
_BATCH = 2_000
#: A header that ends in a language: `Title (fr)`, `title_de-AT`.
_IN_LANGUAGE = re.compile(r"(.+?)(?:\s*\(|_)([a-z]{2,3}(?:-[A-Z]{2})?)\)?")
Cells = list[str]


class Shape(Protocol):
    """What a shape does."""

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of the shaped table."""
        ...

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """The rows of the shaped table. Unless `whole`, its beginning is all that is looked at."""
        ...


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table in another shape."""

    base: Rows
    shape: Shape
    whole: bool = True

    @property
    def name(self) -> str:
        """The file's name."""
        return self.base.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.shape.columns(self.base.columns)

    def rows(self) -> Iterator[RawRow]:
        """Every row."""
        return self.shape.rows(self.base, self.whole)


def shaped(table: Rows, shapes: Sequence[Shape], whole: bool = True) -> Rows:
    """The table with one shape after the other laid over it."""
    for shape in shapes:
        table = Shaped(table, shape, whole)
    return table


class _Widening(ABC):
    """Puts columns behind those that there are."""

    @property
    @abstractmethod
    def into(self) -> tuple[str, ...]:
        """The columns that are added."""

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """See Shape."""
        return (*names, *self.into)


class _Adding(_Widening):
    """Adds columns to each row; a row that is broken stays as it is."""

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """See Shape."""
        add = self.adding(table.columns)
        for row in table.rows():
            if row.fault is None:
                row.cells.extend(add(row.cells))
            yield row

    @abstractmethod
    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """The function from a row's cells to the cells that are added."""


@dataclass(frozen=True)
class Gather(_Adding):
    """A column of all that columns say whose normal form matches a pattern, each once."""

    name: str
    pattern: str

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        form = re.compile(self.pattern)
        found = [i for i, name in enumerate(names) if form.fullmatch(normal_header(name))]

        def add(cells: Cells) -> Cells:
            texts = (cells[i].strip() for i in found)
            return [SEVERAL.join(dict.fromkeys(text for text in texts if text))]

        return add


@dataclass(frozen=True)
class Either(_Adding):
    """A column of what the first of some columns says that says anything."""

    name: str
    of: tuple[str, ...]

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        forms = [normal_header(name) for name in names]
        found = [forms.index(form) for form in map(normal_header, self.of) if form in forms]
        return lambda cells: [next((text for i in found if (text := cells[i].strip())), "")]


@dataclass(frozen=True)
class Headed(_Adding):
    """A column of `name=value` from columns whose header says the name: as the group of `pattern`, a pattern
    of whole headers, says it."""

    name: str
    pattern: str

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        form = re.compile(self.pattern, re.IGNORECASE)
        found = {i: match[1] for i, name in enumerate(names) if (match := form.fullmatch(name.strip()))}

        def add(cells: Cells) -> Cells:
            pairs = ((label, cells[i].strip()) for i, label in found.items())
            return [SEVERAL.join(f"{label}={text}" for label, text in pairs if text)]

        return add


@dataclass(frozen=True)
class Named(_Adding):
    """A column of `name=value` from columns that are named for what they say: header → name."""

    name: str
    of: Mapping[str, str]

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        wanted = {normal_header(header): label for header, label in self.of.items()}
        found = {i: wanted[form] for i, name in enumerate(names) if (form := normal_header(name)) in wanted}

        def add(cells: Cells) -> Cells:
            pairs = ((label, cells[i].strip()) for i, label in found.items())
            return [SEVERAL.join(f"{label}={text}" for label, text in pairs if text)]

        return add


@dataclass(frozen=True)
class InLanguages(_Adding):
    """A column of what columns say in other languages, as JSON: `Title (fr)` → `{"fr": {"title": …}}`.

    `of` maps what stands before the language to what it is. Masked cells are written by `safe_cell`.
    """

    name: str
    of: Mapping[str, str]
    masked: bool = False

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        wanted = {normal_header(header): what for header, what in self.of.items()}
        parts = {i: part for i, name in enumerate(names) if (part := _IN_LANGUAGE.fullmatch(name.strip()))}
        found = {i: (p[2], wanted[form]) for i, p in parts.items() if (form := normal_header(p[1])) in wanted}

        def add(cells: Cells) -> Cells:
            said: dict[str, dict[str, str]] = {}
            for i, (language, what) in found.items():
                if text := cells[i].strip():
                    said.setdefault(language, {})[what] = plain_cell(text) if self.masked else text
            return [json.dumps(said, ensure_ascii=False) if said else ""]

        return add


@dataclass(frozen=True)
class Paired(_Adding):
    """The same from pairs of columns, one with the name and one with the value.

    `names` and `values` are patterns of normal forms with a group that both have, like a number. Where
    `part` is set, one cell holds several, and what stands after `until` in each is left out.
    """

    name: str
    names: str
    values: str
    part: str = ""
    until: str = ""

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        left, right = self._places(names, self.names), self._places(names, self.values)
        pairs = [(left[key], right[key]) for key in left if key in right]

        def add(cells: Cells) -> Cells:
            said: list[str] = []
            for at, value_at in pairs:
                labels, texts = self._parts(cells[at]), self._parts(cells[value_at])
                said += [f"{name}={text}" for name, text in zip(labels, texts, strict=False) if name and text]
            return [SEVERAL.join(said)]

        return add

    @staticmethod
    def _places(names: tuple[str, ...], pattern: str) -> dict[str, int]:
        form = re.compile(pattern)
        found = ((i, form.fullmatch(normal_header(name))) for i, name in enumerate(names))
        return {"".join(filter(None, match.groups())): i for i, match in found if match}

    def _parts(self, cell: str) -> list[str]:
        parts = re.split(self.part, cell) if self.part else [cell]
        return [(part.split(self.until)[0] if self.until else part).strip() for part in parts]


@dataclass(frozen=True)
class FillDown:
    """A blank cell of these columns says what the row before says, in rows that leave `mark` blank."""

    of: tuple[str, ...]
    mark: str

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """See Shape."""
        return names

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """See Shape."""
        forms = [normal_header(name) for name in table.columns]
        places = [forms.index(form) for form in map(normal_header, self.of) if form in forms]
        mark = forms.index(normal_header(self.mark)) if normal_header(self.mark) in forms else None
        last: dict[int, str] = {}
        for row in table.rows():
            if row.fault is None and mark is not None:
                if row.cells[mark].strip():
                    last = {place: row.cells[place] for place in places}
                else:
                    for place in places:
                        row.cells[place] = row.cells[place].strip() or last.get(place, "")
            yield row


@dataclass(frozen=True)
class Carried(_Adding):
    """A column of what `of` says in the last row in which `mark` says `value`: in that of the whole."""

    of: str
    mark: str
    value: str
    name: str

    @property
    def into(self) -> tuple[str, ...]:
        """The column that is added."""
        return (self.name,)

    def adding(self, names: tuple[str, ...]) -> Callable[[Cells], Cells]:
        """See _Adding."""
        forms = [normal_header(name) for name in names]
        of, mark = forms.index(normal_header(self.of)), forms.index(normal_header(self.mark))
        last = [""]

        def add(cells: Cells) -> Cells:
            if normal_header(cells[mark]) == normal_header(self.value):
                last[0] = cells[of].strip()
            return list(last)

        return add


@dataclass(frozen=True)
class Linked(_Widening):
    """A column by which the rows of one thing know each other, where parts name what they are part of.

    `parent` is the column with the name of the whole, by one of its names, `own` the columns by which rows
    are called, the best first; a name may have a prefix, like `id:17` for 17 in the column ID. A second
    column says `variant` of each row that names a whole.
    """

    parent: tuple[str, ...]
    own: tuple[str, ...]
    name: str = "Group"
    prefixes: Mapping[str, str] | None = None

    @property
    def into(self) -> tuple[str, ...]:
        """The columns that are added."""
        return (self.name, f"{self.name}: part")

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """See Shape."""
        forms = [normal_header(name) for name in table.columns]
        own = [forms.index(form) for form in map(normal_header, self.own) if form in forms]
        found = [forms.index(form) for form in map(normal_header, self.parent) if form in forms]
        parent = found[0] if found else None
        prefixes = {
            prefix: forms.index(normal_header(column))
            for prefix, column in (self.prefixes or {}).items()
            if normal_header(column) in forms
        }
        with closing(sqlite3.connect("", isolation_level=None)) as store:
            if whole and parent is not None:
                self._learn(store, table, own, prefixes)
            for row in table.rows():
                if row.fault is None:
                    of = row.cells[parent].strip() if parent is not None else ""
                    called = self._known(store, of, whole) if of else self._called(row.cells, own)
                    row.cells.extend((called, "variant" if of else ""))
                yield row

    @staticmethod
    def _called(cells: Cells, own: Sequence[int]) -> str:
        return next((text for i in own if (text := cells[i].strip())), "")

    def _learn(
        self, store: sqlite3.Connection, table: Rows, own: Sequence[int], prefixes: Mapping[str, int]
    ) -> None:
        """By which names rows may be called that aren't the one by which they are."""
        store.execute("CREATE TABLE known (name TEXT PRIMARY KEY, called TEXT) WITHOUT ROWID")
        store.execute("BEGIN")
        batch: list[tuple[str, str]] = []
        for row in table.rows():
            if row.fault is None:
                called = self._called(row.cells, own)
                names = [row.cells[i].strip() for i in own[1:]]
                names += [f"{prefix}{row.cells[i].strip()}" for prefix, i in prefixes.items()]
                batch += [(name, called) for name in names if name and name != called]
            if len(batch) > _BATCH:
                store.executemany("INSERT OR IGNORE INTO known VALUES (?, ?)", batch)
                batch.clear()
        store.executemany("INSERT OR IGNORE INTO known VALUES (?, ?)", batch)
        store.execute("COMMIT")

    @staticmethod
    def _known(store: sqlite3.Connection, name: str, whole: bool) -> str:
        if not whole:
            return name
        found = store.execute("SELECT called FROM known WHERE name = ?", (name,)).fetchone()
        return found[0] if found else name


@dataclass(frozen=True)
class Listed(_Widening):
    """Two columns, of the whole that a row is part of and of what it is there as `name=value`, from the cells
    in which wholes list their parts, like `sku=A-1,size=S|sku=A-2,size=M`.

    `own` is the column by which rows are called, `key` what a list calls it.
    """

    lists: str
    own: str
    key: str
    name: str = "Group"
    said: str = "Varies"

    @property
    def into(self) -> tuple[str, ...]:
        """The columns that are added."""
        return (self.name, self.said)

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """See Shape."""
        forms = [normal_header(name) for name in table.columns]
        lists, own = (
            forms.index(form) if (form := normal_header(name)) in forms else None
            for name in (self.lists, self.own)
        )
        with closing(sqlite3.connect("", isolation_level=None)) as store:
            store.execute("CREATE TABLE parts (part TEXT PRIMARY KEY, whole TEXT, said TEXT) WITHOUT ROWID")
            if whole and lists is not None and own is not None:
                store.execute("BEGIN")
                for row in table.rows():
                    if row.fault is None and row.cells[lists].strip():
                        parts = self._parts(row.cells[lists], row.cells[own].strip())
                        store.executemany("INSERT OR IGNORE INTO parts VALUES (?, ?, ?)", parts)
                store.execute("COMMIT")
            for row in table.rows():
                if row.fault is None:
                    called = row.cells[own].strip() if own is not None else ""
                    asked = "SELECT whole, said FROM parts WHERE part = ?"
                    row.cells.extend(store.execute(asked, (called,)).fetchone() or (called, ""))
                yield row

    def _parts(self, cell: str, of: str) -> Iterator[tuple[str, str, str]]:
        for one in cell.split("|"):
            pairs = dict(
                pair.split("=", 1)
                for pair in re.split(r",(?=[^,=|]+=)", one.replace(SEVERAL, " "))
                if "=" in pair
            )
            pairs = {name.strip(): text.strip() for name, text in pairs.items()}
            if part := pairs.pop(self.key, ""):
                yield part, of, SEVERAL.join(f"{name}={text}" for name, text in pairs.items() if text)


@dataclass(frozen=True)
class Unfold:
    """A row for each column that is not `known`, and so named for a place: its name and what stands there."""

    known: tuple[str, ...]
    name: str
    value: str

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """See Shape."""
        return (*names, self.name, self.value)

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """See Shape."""
        known = {normal_header(name) for name in self.known}
        places = [
            (i, name) for i, name in enumerate(table.columns) if name and normal_header(name) not in known
        ]
        for row in table.rows():
            if row.fault is not None:
                yield row
                continue
            said = [(name, text) for i, name in places if (text := row.cells[i].strip())]
            for name, text in said or [("", "")]:
                yield RawRow(row.line, [*row.cells, name, text])


@dataclass(frozen=True)
class Unpacked:
    """A row for each `name=value` in the cells of a column: the name and what stands for it."""

    of: str
    name: str
    value: str

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """See Shape."""
        return (*names, self.name, self.value)

    def rows(self, table: Rows, whole: bool) -> Iterator[RawRow]:
        """See Shape."""
        forms = [normal_header(name) for name in table.columns]
        place = forms.index(normal_header(self.of)) if normal_header(self.of) in forms else None
        for row in table.rows():
            if row.fault is not None:
                yield row
                continue
            parts = [] if place is None else re.split(r"[,;|]", row.cells[place])
            for part in parts or [""]:
                name, _sign, value = part.rpartition("=")
                yield RawRow(row.line, [*row.cells, name.strip(), value.strip()])
