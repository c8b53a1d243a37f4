"""Are the daily figures what the documents add up to? And making them anew."""

from typing import Any

from sqlalchemy import delete, func, select

from modules.orders.daily import FIGURES, KEYS
from modules.orders.models import Daily, Order
from orion.contracts.data import insert_rows, session
from orion.contracts.scope import Scope

Sums = dict[tuple[Any, ...], tuple[int, ...]]


def verify(scope: Scope) -> list[str]:
    """One sentence for each key whose stored figures differ from the documents'."""
    stored, true = _stored(), _true()
    nothing = (0,) * len(FIGURES)
    return [
        f"{_named(key)}: {_named(stored.get(key, nothing), FIGURES)} stored,"
        f" {_named(true.get(key, nothing), FIGURES)} in the documents"
        for key in sorted(stored.keys() | true.keys())
        if stored.get(key, nothing) != true.get(key, nothing)
    ]


def rebuild(scope: Scope) -> None:
    """Replace all stored figures of the scope by what the documents add up to; the caller commits."""
    # Deleting first waits for those who are writing, so that what they write is counted once.
    session().execute(delete(Daily))
    true = _true()
    rows = [
        {**dict(zip(KEYS, key, strict=True)), **dict(zip(FIGURES, sums, strict=True))}
        for key, sums in sorted(true.items())
    ]
    insert_rows(scope, Daily, rows)


def _true() -> Sums:
    keys = [getattr(Order, key) for key in KEYS]
    statement = select(*keys, func.count(), func.sum(Order.units), func.sum(Order.total)).group_by(*keys)
    return _sums(statement)


def _stored() -> Sums:
    return _sums(select(*(getattr(Daily, name) for name in (*KEYS, *FIGURES))))


def _sums(statement: Any) -> Sums:
    """Key → figures, without those that have come back to nothing."""
    rows = session().execute(statement)
    found = {tuple(row[: len(KEYS)]): tuple(int(n) for n in row[len(KEYS) :]) for row in rows}
    return {key: sums for key, sums in found.items() if any(sums)}


def _named(values: tuple[Any, ...], names: tuple[str, ...] = KEYS) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
