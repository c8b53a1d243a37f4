"""Numbers that belong to one thing alone, and stand with several: found without keeping all of a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from modules.marketplace.models import Staged
from orion.contracts.locales import Kept
from orion.contracts.tabular import Destination, Note, Row

#: Problem of a thing one of whose numbers is another's too.
SHARED = "shared"
#: Bits of the table in which numbers are ticked off (8 MB), and how many are remembered that were there.
BITS, MOST = 1 << 26, 200_000
#: What stands in columns of numbers where there is none.
NO_NUMBER = "0-–./_ na"


@dataclass(frozen=True, slots=True)
class Shared:
    """What a thing shares with one that stands before it: the first field and number, and a note for each."""

    field: str
    value: str
    notes: tuple[Note, ...]


class Doubles:
    """Rows are shown to it twice: each as it is read (`see`), then those of each thing together (`find`).

    The first time a bit is set for each number; one whose bit is set already may be double, and is
    remembered. Of these alone the second time says where they stand.
    """

    def __init__(self, destination: Destination) -> None:
        self._destination = destination
        self._fields = destination.own
        self._ticked = bytearray(BITS // 8)
        self._again: set[int] = set()
        self._first: dict[tuple[str, str], tuple[str, int, str]] = {}
        self._last: tuple[str, ...] = ()

    def see(self, key: str, row: Row) -> None:
        """Tick off the numbers of a row of the thing `key`."""
        values = row.values
        numbers = [_number(values, name) if values.get(name) else "" for name in self._fields]
        now = (key, *numbers)
        if now == self._last:
            return  # Rows of one thing stand together, and often repeat its numbers.
        self._last = now
        for place in [hash((name, n)) % BITS for name, n in zip(self._fields, numbers, strict=True) if n]:
            at, bit = place >> 3, 1 << (place & 7)
            if not self._ticked[at] & bit:
                self._ticked[at] |= bit
            elif len(self._again) < MOST:
                self._again.add(place)

    def find(self, key: str, rows: Sequence[Row]) -> Shared | None:
        """What the rows of a thing share with one before it; None where they share nothing."""
        found: dict[tuple[str, str], Note] = {}
        for row in rows if self._again else ():
            for name in self._fields:
                number = _number(row.values, name) if row.values.get(name) else ""
                if not number or hash((name, number)) % BITS not in self._again:
                    continue
                owner, line, title = self._first.setdefault((name, number), (key, row.line, self._title(row)))
                if owner != key:
                    label = self._destination.target.field(name).label
                    said = _l("%(field)s %(value)s is that of “%(title)s” in line %(line)s too",
                              field=label, value=str(row.values[name]), title=title, line=line)  # fmt: skip
                    found.setdefault((name, number), Note(row.line, said))
        if not found:
            return None
        (field, _text), note = next(iter(found.items()))
        value = next(str(row.values[field]) for row in rows if row.line == note.line)
        return Shared(field, value[:200], tuple(found.values()))

    def _title(self, row: Row) -> str:
        texts = (str(row.values.get(name) or "").strip() for name in self._destination.names)
        return next((text for text in texts if text), "")[:80]


def still(staged: Staged, rows: Sequence[Row]) -> Shared | None:
    """What a staged thing shared, as far as its rows still say that number."""
    said = {_number(row.values, staged.field) for row in rows} if staged.code == SHARED else set()
    if _number({"": staged.value}, "") not in said:
        return None
    notes = [Note(line, Kept(text)) for line, text in json.loads(staged.notes) if text == staged.reason]
    return Shared(staged.field, staged.value, tuple(notes[:1])) if notes else None


def _number(values: Mapping[str, Any], name: str) -> str:
    """A number as it is compared; empty for none."""
    value = values.get(name)
    text = str(value).strip().casefold() if value else ""
    return text if text.strip(NO_NUMBER) else ""
