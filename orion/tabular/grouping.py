"""Lines that belong together, brought together, however large the file and wherever they stand."""

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any

from orion.tabular.rows import Row

#: Rows that are written at once, and bits of the tables in which keys are ticked off (8 MB each).
_BATCH, _BITS = 500, 1 << 26


def grouped(rows: Iterable[Row], key: Callable[[Row], str], most: int = 0) -> Iterator[tuple[str, list[Row]]]:
    """(key, rows) for every key, in the order in which the keys first appear, rows in file order: see
    `gathered`."""
    return gathered(((key(row), row) for row in rows), most)


def gathered(rows: Iterable[tuple[str, Row]], most: int = 0) -> Iterator[tuple[str, list[Row]]]:
    """(key, rows) for every key, of rows that come with theirs, in the order in which the keys first appear,
    rows in file order.

    Memory doesn't grow with the file: the rows wait in unnamed files on disk, which are gone when the
    iteration ends. Only one group is in memory at a time; one of more than `most` rows (0: without end)
    comes in parts.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as store, TemporaryFile() as queue:
        waiting = _Waiting(queue, store)
        waiting.take(rows)
        for name, found in waiting.groups():
            while part := list(islice(found, most or None)):
                yield name, part


class _Waiting:
    """Rows in the order of the file, as most files have them: those of a key together.

    What comes of a key after others is put aside, under its key: such a one is known by a bit that is set
    already. A bit that two keys share only costs a look at what is aside.
    """

    def __init__(self, queue: IO[bytes], store: sqlite3.Connection) -> None:
        self._queue, self._store = queue, store
        self._begun, self._again = bytearray(_BITS // 8), bytearray(_BITS // 8)
        self._runs: list[tuple[str, list[Any]]] = []
        self._aside: list[tuple[str, bytes]] = []
        store.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
            "CREATE TABLE aside (number INTEGER PRIMARY KEY, key TEXT, data BLOB);"
            "BEGIN;"
        )

    def take(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Take in all rows."""
        name, run, count = "", list[Any](), 0
        for now, row in rows:
            if now != name or len(run) >= _BATCH:
                self._add(name, run)
                name, run = now, []
                if count >= _BATCH:
                    self._write()
                    count = 0
            run.append(tuple(row))
            count += 1
        self._add(name, run)
        self._write()
        pickle.dump([], self._queue)
        self._store.execute("CREATE INDEX aside_key ON aside (key)")

    def groups(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """The rows of each key, which are to be taken before the next one comes."""
        self._queue.seek(0)
        while runs := pickle.load(self._queue):
            for name, run in runs:
                at, bit = _place(name)
                if self._again[at] & bit:
                    yield name, map(Row._make, chain(run, self._put_aside(name)))
                    self._store.execute("DELETE FROM aside WHERE key = ?", (name,))
                else:
                    yield name, map(Row._make, run)

    def _add(self, name: str, run: list[Any]) -> None:
        if not run:
            return
        at, bit = _place(name)
        if self._begun[at] & bit:
            self._again[at] |= bit
            self._aside.append((name, pickle.dumps(run, protocol=5)))
            run = []
        self._begun[at] |= bit
        self._runs.append((name, run))

    def _write(self) -> None:
        pickle.dump(self._runs, self._queue, protocol=5)
        self._store.executemany("INSERT INTO aside (key, data) VALUES (?, ?)", self._aside)
        self._runs, self._aside = [], []

    def _put_aside(self, name: str) -> Iterator[Any]:
        for (data,) in self._store.execute("SELECT data FROM aside WHERE key = ? ORDER BY number", (name,)):
            yield from pickle.loads(data)


def _place(name: str) -> tuple[int, int]:
    at = hash(name) % _BITS
    return at >> 3, 1 << (at & 7)
