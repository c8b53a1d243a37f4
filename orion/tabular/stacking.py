"""Tables of one export of which one goes on where the other ends: products, then their variants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orion.tabular.reading import RawRow, Rows


@dataclass(frozen=True, slots=True)
class Part:
    """A table that goes on, the columns of fields in it (field → column), and what all of its rows say."""

    table: Rows
    fields: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stacked:
    """Rows of the first table, then those of the parts in its columns; lines are counted on from its end.

    `fields` are the columns of the first (field → column); fields that only parts have get columns of their
    own, named like the field.
    """

    first: Rows
    fields: Mapping[str, str]
    parts: Sequence[Part]

    @property
    def name(self) -> str:
        """The first file's name."""
        return self.first.name

    @property
    def added(self) -> tuple[str, ...]:
        """Fields that only parts have."""
        told = dict.fromkeys(key for part in self.parts for key in (*part.fields, *part.constants))
        return tuple(key for key in told if key not in self.fields)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the first, and those that parts add."""
        return (*self.first.columns, *self.added)

    def rows(self) -> Iterator[RawRow]:
        """The rows of all."""
        last, added = 0, self.added
        for row in self.first.rows():
            last = row.line
            if row.fault is None:
                row.cells.extend([""] * len(added))
            yield row
        for part in self.parts:
            places = self._places(part)
            blank = [""] * (len(self.first.columns) + len(added))
            for to, text in ((self._place(key), text) for key, text in part.constants.items()):
                blank[to] = text
            at = last
            for row in part.table.rows():
                last = at + row.line
                if row.fault is not None:
                    yield RawRow(last, row.cells, row.fault)
                    continue
                cells = list(blank)
                for begin, to in places:
                    cells[to] = row.cells[begin]
                yield RawRow(last, cells)

    def _places(self, part: Part) -> list[tuple[int, int]]:
        columns = part.table.columns
        return [(columns.index(column), self._place(key)) for key, column in part.fields.items()]

    def _place(self, key: str) -> int:
        if key in self.fields:
            return self.first.columns.index(self.fields[key])
        return len(self.first.columns) + self.added.index(key)
