"""What became of a table: counts, proofs, and the rejected rows with their reasons."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orion.tabular.rows import Rejected, Row
from orion.tabular.survey import Plan
from orion.tabular.writing import safe_cell

#: Rejected rows that are kept to show; a sheet of rejected rows has them all.
KEPT = 100
Sheet = Callable[[Rejected], None]


@dataclass(slots=True)
class Report:
    """Counts of rows, and why rows were rejected. `first` holds the first KEPT of those.

    `sheet` is told of every one.
    """

    plan: Plan
    sheet: Sheet | None = None
    accepted: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: list[Rejected] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Number of rejected rows."""
        return self.reasons.total()

    @property
    def read(self) -> int:
        """Number of rows that were read: accepted and rejected."""
        return self.accepted + self.rejected

    def taken(self, found: Iterable[Row | Rejected]) -> Iterator[Row]:
        """The rows that can be taken; the others are noted here."""
        for row in found:
            if isinstance(row, Row):
                self.accepted += 1
                yield row
            else:
                self.reject(row)

    def reject(self, row: Rejected) -> None:
        """Note a rejected row."""
        self.reasons[row.code, row.column] += 1
        if len(self.first) < KEPT:
            self.first.append(row)
        if self.sheet is not None:
            self.sheet(row)

    def withdraw(self, rows: Iterable[Row], code: str, reason: Any) -> None:
        """Reject rows that were accepted one by one, and can't be taken together."""
        for row in rows:
            self.accepted -= 1
            self.reject(Rejected(row.line, "", "", code, reason, row.values))

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, sentences in the language of the moment."""
        mapping, reasons = self.plan.mapping, self.reasons.most_common()
        return {
            "rows": {"read": self.read, "accepted": self.accepted, "rejected": self.rejected},
            "format": mapping.format,
            "columns": {key: column for key, column in mapping.columns.items() if column},
            "proofs": [
                {"column": p.column, "reading": p.reading, "value": p.value, "line": p.line}
                for p in self.plan.proofs
            ],
            "reasons": [{"code": code, "column": column, "rows": n} for (code, column), n in reasons],
            "rejected": [_rejected_json(row) for row in self.first],
        }


@contextmanager
def rejected_sheet(path: Path | None) -> Iterator[Sheet | None]:
    """A CSV file of every rejected row: line, column, value, reason; safe to open in a spreadsheet."""
    if path is None:
        yield None
        return
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        sheet = csv.writer(stream, quoting=csv.QUOTE_ALL)
        sheet.writerow(("line", "column", "value", "reason"))
        yield lambda row: sheet.writerow(
            (row.line, safe_cell(row.column), safe_cell(row.value), str(row.reason))
        )


def _rejected_json(row: Rejected) -> dict[str, Any]:
    return {
        "line": row.line,
        "column": row.column,
        "value": row.value,
        "code": row.code,
        "reason": str(row.reason),
    }
