"""Which character parts the cells: what the header line shows, and nothing else."""

import csv
import re

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
}
_QUOTED = re.compile(r'"[^"]*"')
_STATED = re.compile(r'^"?sep=([,;\t|])"?\s*$')


def stated_delimiter(name: str) -> str:
    """The delimiter that a person named. Raises TableError for anything else."""
    if name not in DELIMITERS:
        raise TableError(_('"%(name)s" is not a delimiter: write ",", ";", "|" or "tab".', name=name))
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
        raise TableError(
            _(
                "%(file)s: the header does not show which character parts the cells. "
                'State it with `delimiter: ","` in a mapping file or --delimiter.',
                file=file,
            )
        )
    return candidates[0] if candidates else ","


def _even(sample: list[str], delimiter: str) -> bool:
    rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
    # The last row may continue beyond the sample.
    body = rows[:-1] if len(rows) > 2 else rows
    return len({len(row) for row in body}) == 1
