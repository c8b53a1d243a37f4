"""The second pass: rows with values, or rejected with a reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    readers = [_Reader(step) for step in plan.steps]
    for raw in _unmasked(table) if plan.mapping.options.get(MASKED) else table.rows():
        kept = _texts(raw, readers) if texts else None
        if raw.fault is not None:
            code, reason = raw.fault
            shown = ",".join(raw.cells)[:200]
            yield Rejected(raw.line, "", shown, code, reason, dict(plan.constants), kept)
        else:
            yield _read(raw.line, [raw.cells[reader.index] for reader in readers], readers, plan, kept)


def _unmasked(table: Rows) -> Iterator[RawRow]:
    """The rows of a table in which what looks like a formula is masked: as it was before."""
    for raw in table.rows():
        yield raw._replace(cells=[plain_cell(cell) for cell in raw.cells])


def reread(plan: Plan) -> Callable[[int, dict[str, str]], Row | Rejected]:
    """The function from a row's line and texts by field, which somebody may have corrected, to the row."""
    readers = [_Reader(step) for step in plan.steps]

    def read(line: int, texts: dict[str, str]) -> Row | Rejected:
        return _read(line, [texts.get(reader.key, "") for reader in readers], readers, plan, texts)

    return read


def _texts(raw: RawRow, readers: list["_Reader"]) -> dict[str, str]:
    """What the cells of fields say, empty ones left out; of a row that is too short what is there."""
    cells = raw.cells
    found = {r.key: cells[r.index].strip() for r in readers if r.index < len(cells)}
    return {key: text for key, text in found.items() if text}


def _read(
    line: int, cells: list[str], readers: list["_Reader"], plan: Plan, texts: dict[str, str] | None
) -> Row | Rejected:
    values = dict(plan.constants)
    for reader, cell in zip(readers, cells, strict=True):
        text = cell.strip()
        try:
            values[reader.key] = reader.read(text)
        except Unreadable as error:
            return Rejected(line, reader.column, text[:200], error.code, error.reason, values, texts)
    return Row(line, values, texts)


class _Reader:
    """Reads one column, and remembers what it has read."""

    def __init__(self, step: Step) -> None:
        self.key, self.column, self.index = step.field.key, step.column, step.index
        self._required, self._longest = step.field.required, step.field.longest
        self._convert: Callable[[str], Any] = step.convert
        self._known: dict[str, Any] = {}

    def read(self, text: str) -> Any:
        if not text:
            if self._required:
                # TRANSLATORS: Follows what stands in the cell: “abc” …
                raise Unreadable("empty", _l("is empty"))
            return None
        if text in self._known:
            return self._known[text]
        if self._longest and len(text) > self._longest:
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            raise Unreadable("too_long", _l("has more than %(longest)s characters", longest=self._longest))
        value = self._convert(text)
        if len(self._known) < _REMEMBERED and len(text) <= _LONGEST:
            self._known[text] = value
        return value
