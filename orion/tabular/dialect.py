"""Which character parts the cells: what the header line shows, and nothing else."""

import csv
import re
from collections.abc import Iterable

from flask_babel import gettext as _

from orion.tabular.errors import TableError

#: Delimiters that are recognised, by the names that a person may state them with.
DELIMITERS = {
    ",": ",",
    "comma": ",",
    ";": ";",
    "semicolon": ";",
    "\t": "\t",
    "tab": "\t",
    "|": "|",
    "pipe": "|",
    "fixed": "fixed",
}
#: What stands for a delimiter where columns have places instead.
FIXED = "fixed"
#: Lines that have to agree before columns are told by their places.
_PROVING = 3
#: What stands for each byte of a line: 0 for a space, 1 for any other.
_PLACES = bytes(ord("0" if byte == ord(" ") else "1") for byte in range(256))
_QUOTED = re.compile(r'"[^"]*"')
_STATED = re.compile(r'^"?sep=([,;\t|])"?\s*$')


def stated_delimiter(name: str) -> str:
    """The delimiter that a person named. Raises TableError for anything else."""
    if name not in DELIMITERS:
        raise TableError(
            _('"%(name)s" is not a delimiter: write ",", ";", "|", "tab" or "fixed".', name=name)
        )
    return DELIMITERS[name]


def spreadsheet_hint(line: str) -> str | None:
    """The delimiter of a first line like `sep=;`, which spreadsheets write and read."""
    match = _STATED.match(line)
    return match[1] if match else None


def find_delimiter(sample: list[str], file: str) -> str:
    """The delimiter of a table from its first lines, header first.

    Several candidates in the header are told apart by the rows: exactly one may give every row
    as many cells as the header. Raises TableError when that doesn't settle it.
    """
    header = _QUOTED.sub("", sample[0])
    candidates = [d for d in ",;\t|" if d in header]
    if len(candidates) > 1:
        candidates = [d for d in candidates if _even(sample, d)] or candidates
    if len(candidates) > 1:
        raise Ambiguous(
            _(
                "%(file)s: the header does not show which character parts the cells. "
                'State it with `delimiter: ","` in a mapping file or --delimiter.',
                file=file,
            )
        )
    if not candidates and len(sample) >= _PROVING and len(columns_of(sample)) > 1:
        return FIXED
    return candidates[0] if candidates else ","


class Ambiguous(TableError):
    """Several characters may part the cells."""


def _even(sample: list[str], delimiter: str) -> bool:
    """Whether every row has as many cells as the header, or every one the same few empty ones more."""
    rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
    # The last row may continue beyond the sample.
    header, *body = rows[:-1] if len(rows) > 3 else rows
    widths = {len(row) for row in body}
    if len(widths) > 1:
        return False
    return all(len(row) == len(header) or not any(row[len(header) :]) for row in body) and all(
        width >= len(header) for width in widths
    )


def columns_of(lines: Iterable[str]) -> list[tuple[int, int]]:
    """Begin and end of each column of a table without delimiters: between places that no line fills."""
    filled = 0
    for line in lines:
        # Places as the bits of a number, the first one lowest: a set of them takes a hundred times as long.
        filled |= int(line.rstrip()[::-1].encode("ascii", "replace").translate(_PLACES) or "0", 2)
    return [match.span() for match in re.finditer("1+", f"{filled:b}"[::-1])]
