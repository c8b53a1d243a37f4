"""Lines that belong together, brought together, however large the file and wherever they stand."""

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter

from orion.tabular.rows import Row

_BATCH = 5_000


def grouped(rows: Iterable[Row], key: Callable[[Row], str], most: int = 0) -> Iterator[tuple[str, list[Row]]]:
    """(key, rows) for every key, in the order in which the keys first appear, rows in file order.

    Memory doesn't grow with the file: the rows wait in an unnamed database on disk, which is
    gone when the iteration ends. Only one group is in memory at a time; one of more than `most` rows (0:
    without end) comes in parts.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as store:
        store.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
            "CREATE TABLE groups (number INTEGER PRIMARY KEY, key TEXT UNIQUE);"
            "CREATE TABLE lines (number INTEGER, position INTEGER, data BLOB);"
        )
        _store(store, rows, key)
        found = store.execute(
            "SELECT groups.key, lines.data FROM lines JOIN groups USING (number) ORDER BY number, position"
        )
        for name, lines in groupby(found, key=itemgetter(0)):
            found_rows = (Row(*pickle.loads(data)) for _name, data in lines)
            while part := list(islice(found_rows, most or None)):
                yield name, part


def _store(store: sqlite3.Connection, rows: Iterable[Row], key: Callable[[Row], str]) -> None:
    """Number the keys as they come, and put every row beside its key's number."""
    batch: list[tuple[str, int, bytes]] = []
    store.execute("BEGIN")
    for position, row in enumerate(rows):
        batch.append((key(row), position, pickle.dumps(tuple(row), protocol=5)))
        if len(batch) >= _BATCH:
            _write(store, batch)
    _write(store, batch)
    store.execute("COMMIT")


def _write(store: sqlite3.Connection, batch: list[tuple[str, int, bytes]]) -> None:
    store.executemany("INSERT OR IGNORE INTO groups (key) VALUES (?)", ((key,) for key, _at, _data in batch))
    store.executemany(
        "INSERT INTO lines (number, position, data) SELECT number, ?2, ?3 FROM groups WHERE key = ?1", batch
    )
    batch.clear()
