"""What is remembered of metrics between requests and processes: last good answers, and troubles.

Reading happens only when something has failed. Writing happens after the response, and its own
failure is nobody's.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from orion.contracts.metrics import MetricValue
from orion.contracts.scope import system_scope
from orion.data import bookkeeping
from orion.data.database import entered
from orion.data.engine_tables import metric_state
from orion.metrics.breaker import OPEN_FOR, Trouble
from orion.metrics.values import decode, dumps, encode

log = logging.getLogger("orion.metrics")
#: A last good answer is written at most this often, and forgotten when nobody has renewed it.
EVERY = timedelta(seconds=60)
FORGOTTEN = timedelta(days=14)
TIDIED = timedelta(hours=1)
#: Troubles that nobody has met for so long are over.
STALE = 2 * OPEN_FOR
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """A row: a last good answer with its moment, or a trouble, or neither."""

    value: MetricValue | None = None
    value_at: datetime | None = None
    trouble: Trouble | None = None


class Memory:
    """The table orion_metric_state."""

    def __init__(self, app: Flask, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self._written: dict[str, datetime] = {}
        self._waiting: dict[str, dict[str, Any]] = {}
        self._tidied = clock()
        self._lock = threading.Lock()

    def recall(self, keys: Sequence[str]) -> dict[str, Remembered]:
        """What is known of these keys, in one statement; nothing while the database is away."""
        wanted = select(metric_state).where(metric_state.c.key.in_(sorted(set(keys))))
        try:
            with entered(system_scope("bookkeeping")) as session:
                return {row["key"]: self._remembered(row) for row in session.execute(wanted).mappings()}
        except SQLAlchemyError as error:
            log.warning("nothing can be recalled", extra={"error": type(error).__name__})
            return {}

    def keep_value(self, key: str, value: MetricValue, at: datetime) -> None:
        """Remember a good answer, unless this key's was written less than a minute ago."""
        with self._lock:
            if at - self._written.get(key, at - 2 * EVERY) < EVERY:
                return
            if len(self._written) >= MOST:
                self._written.clear()
            self._written[key] = at
            self._waiting[key] = {"key": key, "value": dumps(encode(value)), "value_at": at}
        # A dashboard's answers come together, and are written by one statement.
        bookkeeping.later(self._app, self._write_values, key="metric values")
        self._tidy(at)

    def keep_trouble(self, key: str, trouble: Trouble | None) -> None:
        """Let other processes know of a trouble, or of its end."""
        row = {
            "key": key,
            "failures": trouble.failures if trouble else 0,
            "failing_since": trouble.since if trouble else None,
            "open_until": trouble.open_until if trouble else None,
        }
        bookkeeping.later(self._app, lambda session: _upsert(session, [row]), key=f"metric {key}")

    def _write_values(self, session: Session) -> None:
        with self._lock:
            rows, self._waiting = self._waiting, {}
        _upsert(session, [rows[key] for key in sorted(rows)])

    def _tidy(self, now: datetime) -> None:
        if now - self._tidied > TIDIED:
            self._tidied = now
            old = delete(metric_state).where(metric_state.c.value_at < now - FORGOTTEN)
            bookkeeping.later(self._app, lambda session: session.execute(old), key="metrics tidied")

    def _remembered(self, row: Mapping[Any, Any]) -> Remembered:
        return Remembered(_value(row["value"]), row["value_at"], self._trouble(row))

    def _trouble(self, row: Mapping[Any, Any]) -> Trouble | None:
        since, until = row["failing_since"], row["open_until"]
        if not row["failures"] or since is None or (until or since) < self._clock() - STALE:
            return None
        return Trouble(row["failures"], since, until)


def _value(text: str | None) -> MetricValue | None:
    try:
        return decode(json.loads(text)) if text else None
    except (ValueError, TypeError, KeyError):
        return None  # written by another version of Orion


def _upsert(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of the same columns."""
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(metric_state)
    columns = {name: made.excluded[name] for name in rows[0] if name != "key"}
    session.execute(made.on_conflict_do_update(index_elements=["key"], set_=columns), rows)
