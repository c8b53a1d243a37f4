"""The first pass: read the whole table once, and settle how each column is written."""

import re
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from orion.tabular.errors import TableError, Unreadable
from orion.tabular.evidence import DateEvidence, DecimalEvidence, Evidence, FloatIdEvidence, Proof
from orion.tabular.mapping import Mapping
from orion.tabular.reading import Rows
from orion.tabular.target import Field, Target
from orion.tabular.values import GRAMS, Converter, converter

#: Rows between two beats.
_OFTEN = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """How one field comes out of a row: the cell's index, and the function that reads it."""

    field: Field
    column: str
    index: int
    convert: Converter


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is known after the first pass. `constants` are values already, `readings` what was proved."""

    mapping: Mapping
    steps: tuple[Step, ...]
    constants: dict[str, Any]
    proofs: tuple[Proof, ...]
    rows: int
    readings: dict[str, str] = field(default_factory=dict)


def survey(table: Rows, mapping: Mapping, target: Target, beat: Callable[[], None] | None = None) -> Plan:
    """Read the table once and settle how its numbers, dates and ids are written.

    Raises TableError when the file can't be read to its end, or leaves something open that would
    have to be guessed.
    """
    used = _used(table, mapping, target)
    form = next((f for f in target.formats if f.name == mapping.format), None)
    usual = form.decimal if form else ""
    evidence = {wanted.key: _evidence(wanted, column, mapping, usual) for wanted, column, _index in used}
    count = _read_through(table, [(index, evidence[f.key]) for f, _column, index in used], beat)
    verdicts = _verdicts(evidence)
    readings = {key: reading for key, (reading, _proof) in verdicts.items()}
    proofs = tuple(proof for _reading, proof in verdicts.values() if proof is not None)
    return Plan(
        mapping, _steps(used, mapping, readings), _constants(mapping, target), proofs, count, readings
    )


def _verdicts(evidence: Dict[str, Evidence | None]) -> dict[str, tuple[str, Proof | None]]:
    """How each column is read. What a column of amounts leaves open, the others of the file may settle."""
    decimals = {key: one for key, one in evidence.items() if isinstance(one, DecimalEvidence)}
    signs = {sign for one in decimals.values() if (sign := one.proved)}
    if len(signs) == 1:
        for one in decimals.values():
            one.usual = one.usual or next(iter(signs))
    return {key: weighed.verdict() for key, weighed in evidence.items() if weighed is not None}


def _used(table: Rows, mapping: Mapping, target: Target) -> list[tuple[Field, str, int]]:
    return [
        (target.field(key), column, table.columns.index(column))
        for key, column in mapping.columns.items()
        if column
    ]


def plan_again(mapping: Mapping, target: Target, readings: dict[str, str]) -> Plan:
    """The plan of a file that was surveyed before, for single rows of it: columns have no places here."""
    used = [(target.field(key), column, -1) for key, column in mapping.columns.items() if column]
    steps = _steps(used, mapping, readings)
    return Plan(mapping, steps, _constants(mapping, target), (), 0, readings)


def _steps(used: list[tuple[Field, str, int]], mapping: Mapping, found: dict[str, str]) -> tuple[Step, ...]:
    # Where rows name their own currency, the signs beside their amounts can't be held against another.
    currency = None if any(f.kind == "currency" for f, _column, _index in used) else mapping.currency
    return tuple(
        Step(
            f,
            column,
            index,
            _converter(f, column, found.get(f.key) or _stated(f, mapping), currency, mapping),
        )
        for f, column, index in used
    )


def _converter(wanted: Field, column: str, reading: str, currency: str | None, mapping: Mapping) -> Converter:
    """How a column is read; a column of weights may name their unit, like “Weight (kg)”."""
    named = next((word for word in re.findall(r"[a-z]+", column.casefold())[1:] if word in GRAMS), None)
    return converter(wanted.kind, reading, currency, named or mapping.options.get("weight", "g"))


def _read_through(
    table: Rows, columns: list[tuple[int, Evidence | None]], beat: Callable[[], None] | None
) -> int:
    weighed = [(index, evidence.see, evidence) for index, evidence in columns if evidence is not None]
    count = 0
    for line, cells, fault in table.rows():
        count += 1
        if not count % _OFTEN:
            weighed = [one for one in weighed if not one[2].settled]
            if beat is not None:
                beat()
        if fault is None:
            for index, see, _evidence in weighed:
                if text := cells[index].strip():
                    see(text, line)
    return count


def _evidence(wanted: Field, column: str, mapping: Mapping, usual: str) -> Evidence | None:
    """What has to be found out about a column; None where it was stated or is the same always."""
    if wanted.kind in ("decimal", "integer", "money", "weight"):
        return (
            None if mapping.decimal else DecimalEvidence(column, whole=wanted.kind == "integer", usual=usual)
        )
    if wanted.kind in ("date", "datetime"):
        return None if mapping.dates else DateEvidence(column)
    return FloatIdEvidence(column) if wanted.kind == "identifier" else None


def _stated(wanted: Field, mapping: Mapping) -> str:
    """How a column is read that needed no evidence."""
    if wanted.kind in ("date", "datetime"):
        return mapping.dates or "YMD"
    return mapping.decimal or "."


def _constants(mapping: Mapping, target: Target) -> dict[str, Any]:
    """Constants are written in the mapping's own hand: ISO dates and decimal points."""
    values: dict[str, Any] = {wanted.key: None for wanted in target.fields}
    for key, text in mapping.constants.items():
        wanted = target.field(key)
        reading = "YMD" if wanted.kind in ("date", "datetime") else "."
        try:
            values[key] = converter(wanted.kind, reading)(str(text).strip())
        except Unreadable as error:
            message = _(
                'The constant "%(value)s" for %(field)s %(reason)s.',
                value=text,
                field=key,
                reason=str(error.reason),
            )
            raise TableError(message) from error
    return values
