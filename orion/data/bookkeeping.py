"""What a page remembers without being asked to: written beside it by one short writer, and never at its cost.

A page that reads may not write. What it wants to note all the same (when a session was last seen, the last
good value of a figure) is handed over here, and written a moment later in a transaction of its own. A note
that can't be written is logged and lost.
"""

import itertools
import logging
import threading
from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.data.faults import DatabaseGone

log = logging.getLogger("orion.bookkeeping")
Note = Callable[[Session], Any]

#: More notes than this are not kept: the newest are dropped, since they will come again.
MOST = 1000
#: Seconds without a note after which the writer's thread ends; the next note starts another.
IDLE = 2.0
_numbers = itertools.count()


class _Writer:
    """The notes that wait, and the thread that writes them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.waiting: dict[Hashable, Note] = {}
        self.changed = threading.Condition()
        self.busy = False
        self.thread: threading.Thread | None = None

    def add(self, key: Hashable, note: Note) -> None:
        with self.changed:
            if len(self.waiting) >= MOST and key not in self.waiting:
                log.warning("a note was dropped: too many are waiting")
                return
            self.waiting[key] = note
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="orion-bookkeeping", daemon=True)
                self.thread.start()
            self.changed.notify_all()

    def run(self) -> None:
        while notes := self.take():
            try:
                _write(self.app, notes)
            except Exception as error:
                log.warning("notes were lost", extra={"notes": len(notes), "error": type(error).__name__})
            finally:
                with self.changed:
                    self.busy = False
                    self.changed.notify_all()

    def take(self) -> list[Note]:
        """All notes that wait; none when there was nothing to do for a while, which ends the thread."""
        with self.changed:
            if not self.waiting and not self.changed.wait_for(lambda: bool(self.waiting), IDLE):
                self.thread = None
                return []
            notes = list(self.waiting.values())
            self.waiting.clear()
            self.busy = True
            return notes

    def settle(self, timeout: float) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: not self.waiting and not self.busy, timeout)


def init_app(app: Flask) -> None:
    """Give the application its writer. No thread runs before the first note."""
    app.extensions["orion_bookkeeping"] = _Writer(app)


def later(app: Flask, note: Note, key: Hashable | None = None) -> None:
    """Have `note(session)` run soon, in a writing frame of the system's, and committed.

    Of several notes with the same key that wait, only the newest is written. Never raises for the database.
    """
    writer: _Writer = app.extensions["orion_bookkeeping"]
    writer.add(("note", next(_numbers)) if key is None else key, note)


def flush(app: Flask, timeout: float = 15.0) -> bool:
    """Wait until every note is written or lost; False when that takes longer than `timeout` seconds."""
    writer: _Writer = app.extensions["orion_bookkeeping"]
    return writer.settle(timeout)


def _write(app: Flask, notes: list[Note]) -> None:
    """One transaction for all notes, each in a savepoint, so that a bad one is lost alone."""
    with app.app_context(), entered(system_scope("bookkeeping"), write=True) as session:
        for note in notes:
            try:
                with session.begin_nested():
                    note(session)
            except DatabaseGone:
                raise
            except Exception as error:
                log.warning("a note was lost", extra={"error": f"{type(error).__name__}: {error}"[:300]})
        session.commit()
