"""Threads for work that may never come back: handed over cheaply, given up without harm."""

import ctypes
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

#: Threads that rest for the next piece of work, and the seconds that they rest for.
KEPT = 8
REST = 30.0


class Abandoned(BaseException):
    """Raised inside work that nobody waits for any more. Not an Exception, so that no module swallows it."""


class Run:
    """One piece of work. After `done`, either `error` or `value` says what became of it."""

    def __init__(self, work: "Callable[[Run], Any]") -> None:
        self.done = threading.Event()
        self.value: Any = None
        self.error: BaseException | None = None
        self.abandoned = False
        self._work = work
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._inside: int | None = None

    @property
    def alive(self) -> bool:
        """Whether the work still goes on."""
        return not self.done.is_set()

    @property
    def age(self) -> float:
        """Seconds since the work was handed over."""
        return time.monotonic() - self._began

    def perform(self) -> None:
        """Do the work in this thread; whatever it raises is kept."""
        try:
            self.value = self._work(self)
        except BaseException as error:  # a module may raise anything, SystemExit among it
            self.error = error

    def interruptible(self, function: Callable[[], Any]) -> Any:
        """Call a function in which the work may be struck by Abandoned; nowhere else is it."""
        with self._lock:
            if self.abandoned:
                raise Abandoned
            self._inside = threading.get_ident()
        try:
            return function()
        finally:
            with self._lock:
                self._inside = None
                _strike(threading.get_ident(), None)  # one on its way would hit the clearing up

    def abandon(self) -> None:
        """Wait no longer. Python code is interrupted at its next instruction; a call into C is not."""
        with self._lock:
            self.abandoned = True
            if self._inside is not None:
                _strike(self._inside, Abandoned)


def _strike(thread: int, error: type[BaseException] | None) -> None:
    value = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), value)


class Workers:
    """Threads that take work one piece at a time and rest in between. An abandoned one is not used again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._resting: list[SimpleQueue[Run]] = []

    def start(self, work: Callable[[Run], Any]) -> Run:
        """Begin the work in a thread that rests, or in a new one."""
        run = Run(work)
        try:
            inbox = self._resting.pop()
        except IndexError:
            inbox = SimpleQueue()
            threading.Thread(target=self._serve, args=(inbox,), name=self.name, daemon=True).start()
        inbox.put(run)
        return run

    def _serve(self, inbox: "SimpleQueue[Run]") -> None:
        while (run := self._next(inbox)) is not None:
            run.perform()
            stays = not run.abandoned and len(self._resting) < KEPT
            if stays:
                self._resting.append(inbox)
            run.done.set()
            del run
            if not stays:
                return

    def _next(self, inbox: "SimpleQueue[Run]") -> Run | None:
        try:
            return inbox.get(timeout=REST)
        except Empty:
            pass
        try:
            self._resting.remove(inbox)
        except ValueError:  # somebody has just taken it, and is about to put work in
            return inbox.get()
        return None
