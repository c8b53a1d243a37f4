"""The second pass: rows with values, or rejected with a reason."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import gt, itemgetter
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from orion.tabular.errors import Unreadable
from orion.tabular.reading import RawRow, Rows
from orion.tabular.survey import Plan, Step
from orion.tabular.writing import plain_cell

#: The option of a format whose cells are written by `safe_cell`.
MASKED = "masked"
#: Cells that a column remembers the value of, and how long they are at most.
_REMEMBERED, _LONGEST = 5_000, 64


class Row(NamedTuple):
    """A row that was read: field → value, None where the cell is empty. `line` is physical.

    `texts` is what the cells of fields say, where that was asked for.
    """

    line: int
    values: dict[str, Any]
    texts: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken. `reason` is a lazy sentence, `code` a name to count by; `values`
    is what could be read of it before."""

    line: int
    column: str
    value: str
    code: str
    reason: Any
    values: dict[str, Any]
    texts: dict[str, str] | None = None


def rows(table: Rows, plan: Plan, texts: bool = False) -> Iterator[Row | Rejected]:
    """Every row of the table, in file order, as Row or Rejected: none is dropped."""
    reader = _Reader(plan)
    places = [step.index for step in plan.steps]
    of_fields = itemgetter(*places) if len(places) > 1 else lambda cells: [cells[at] for at in places]
    for raw in _unmasked(table) if plan.mapping.options.get(MASKED) else table.rows():
        cells = raw.cells
        if raw.fault is None:
            yield reader.read(raw.line, list(map(str.strip, of_fields(cells))), texts)
        else:
            code, reason = raw.fault
            there = [cells[at].strip() if at < len(cells) else "" for at in places]
            kept = reader.texts(there) if texts else None
            yield Rejected(raw.line, "", ",".join(cells)[:200], code, reason, dict(plan.constants), kept)


def _unmasked(table: Rows) -> Iterator[RawRow]:
    """The rows of a table in which what looks like a formula is masked: as it was before."""
    for raw in table.rows():
        yield raw._replace(cells=[plain_cell(cell) for cell in raw.cells])


def reread(plan: Plan) -> Callable[[int, dict[str, str]], Row | Rejected]:
    """The function from a row's line and texts by field, which somebody may have corrected, to the row."""
    reader, keys = _Reader(plan), [step.field.key for step in plan.steps]

    def read(line: int, texts: dict[str, str]) -> Row | Rejected:
        row = reader.read(line, [texts.get(key, "").strip() for key in keys], False)
        return row._replace(texts=texts) if isinstance(row, Row) else replace(row, texts=texts)

    return read


class _Reader:
    """Reads rows by a plan."""

    def __init__(self, plan: Plan) -> None:
        self._columns = [_Column(step) for step in plan.steps]
        self._keys = [column.key for column in self._columns]
        self._constants = plan.constants
        self._emptied = [key for key in self._keys if plan.constants.get(key) is not None]
        self._required = frozenset(column.key for column in self._columns if column.required)
        self._longest = {c.key: c.longest or sys.maxsize for c in self._columns}
        self._converted = [column for column in self._columns if column.convert is not str]

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """What the cells of fields (trimmed) say, empty ones left out."""
        return {key: text for key, text in zip(self._keys, cells, strict=True) if text}

    def read(self, line: int, cells: Sequence[str], texts: bool) -> Row | Rejected:
        """The row of cells that are trimmed; with what they say, where `texts` are wanted."""
        said = self.texts(cells)
        values: dict[str, Any] = {**self._constants, **said}
        for key in self._emptied:
            values[key] = said.get(key)
        fits = self._required <= said.keys() and not any(
            map(gt, map(len, said.values()), map(self._longest.__getitem__, said))
        )
        try:
            for column in self._converted if fits else ():
                if column.key in said:
                    values[column.key] = column.value(said[column.key])
        except Unreadable:
            fits = False
        if not fits:
            return self._refused(line, cells, said if texts else None)
        return Row(line, values, said if texts else None)

    def _refused(self, line: int, cells: Sequence[str], texts: dict[str, str] | None) -> Rejected:
        """The same, column by column until the first that can't be."""
        values = dict(self._constants)
        for column, text in zip(self._columns, cells, strict=True):
            try:
                values[column.key] = column.read(text)
            except Unreadable as error:
                return Rejected(line, column.name, text[:200], error.code, error.reason, values, texts)
        raise ValueError("nothing is wrong with this row")


class _Column:
    """Reads one column, and remembers what it has read."""

    def __init__(self, step: Step) -> None:
        self.key, self.name = step.field.key, step.column
        self.required, self.longest, self.convert = step.field.required, step.field.longest, step.convert
        self._known: dict[str, Any] = {}

    def read(self, text: str) -> Any:
        """The value of a trimmed cell, None for an empty one. Raises Unreadable."""
        if not text:
            if self.required:
                # TRANSLATORS: Follows what stands in the cell: “abc” …
                raise Unreadable("empty", _l("is empty"))
            return None
        if self.longest and len(text) > self.longest:
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            raise Unreadable("too_long", _l("has more than %(longest)s characters", longest=self.longest))
        return self.value(text)

    def value(self, text: str) -> Any:
        """The value of a text that is not too long. Raises Unreadable."""
        if text in self._known:
            return self._known[text]
        value = self.convert(text)
        if len(self._known) < _REMEMBERED and len(text) <= _LONGEST:
            self._known[text] = value
        return value
