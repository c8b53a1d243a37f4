"""Columns that may be meant where no header is known: to be looked at by a person, never taken unseen."""

import difflib
from collections.abc import Sequence

from orion.tabular.dates import readings
from orion.tabular.numbers import read_number
from orion.tabular.target import Field, Target, normal_header
from orion.tabular.understanding import Understood

#: How alike a header and a known one are at least, and how long a word is that may be part of a header.
ALIKE, PART = 0.78, 4
#: Columns that are looked at: in a table with more nothing is found by looking.
MOST = 200


def propose(seen: Understood, target: Target) -> dict[str, str]:
    """Field → column, for fields without a column, of columns that nothing takes: the headers are alike, and
    what the first rows say there can be read as the field's kind. A field that the table's format doesn't
    have is left alone."""
    form = next((f for f in target.formats if f.name == seen.mapping.format), None)
    without = {key for key, names in form.columns.items() if not names} if form else set()
    free = [column for column in seen.unused[:MOST] if seen.columns.count(column) == 1]
    scored = sorted(
        (
            (-score, place, field.key, column)
            for place, field in enumerate(target.fields)
            if field.key not in seen.mapping.columns and field.key not in without
            for column in free
            if (score := _alike(field, column)) and _readable(field, _texts(seen, column))
        ),
    )
    found: dict[str, str] = {}
    for _score, _place, key, column in scored:
        if key not in found and column not in found.values():
            found[key] = column
    return found


def _alike(field: Field, column: str) -> float:
    """How alike a header is to those that a field is known by: 0 for too little."""
    form = normal_header(column)
    best = max((_similar(normal_header(name), form) for name in field.headers), default=0.0)
    return best if best >= ALIKE else 0.0


def _similar(known: str, form: str) -> float:
    short, long = sorted((known, form), key=len)
    if len(short) < PART:
        return 0.0  # A few letters are alike to too much.
    if long.startswith(short) or long.endswith(short):
        return max(ALIKE, len(short) / len(long))
    if 2 * len(short) < ALIKE * (len(short) + len(long)):
        return 0.0
    both = difflib.SequenceMatcher(None, known, form)
    return both.ratio() if both.quick_ratio() >= ALIKE else 0.0


def _texts(seen: Understood, column: str) -> Sequence[str]:
    place = seen.columns.index(column)
    return [row[place] for row in seen.rows if place < len(row) and row[place]]


def _readable(field: Field, texts: Sequence[str]) -> bool:
    """Whether most of the texts could be of the field's kind."""
    fits = {
        "decimal": _is_number,
        "integer": _is_number,
        "money": _is_number,
        "weight": _is_number,
        "date": lambda text: bool(readings(text)),
        "datetime": lambda text: bool(readings(text)),
        "currency": lambda text: len(text) == 3 and text.isalpha(),
    }.get(field.kind)
    return fits is None or not texts or sum(map(fits, texts)) * 2 > len(texts)


def _is_number(text: str) -> bool:
    number = read_number(text)
    return number.point is not None or number.comma is not None
