"""The embedded server's loop, and how it ends: what was asked is answered first."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from orion.supervising import GRACE, RETIRE

#: Seconds for which a connection that nobody uses is kept when another process has taken over: whoever just
#: writes a question on it gets their answer.
IDLE = 2.0


class _Task(WSGITask):
    """Says with each answer of a server that is going that the next question needs another connection."""

    def build_response_header(self) -> Any:
        if self.channel.server.going:
            self.set_close_on_finish()
        return super().build_response_header()


class _Channel(HTTPChannel):
    task_class = _Task


class Answering:
    """A server of waitress, run by hand so that it can go without turning anybody away."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.told: int | None = None
        server.going = False
        server.channel_class = _Channel

    def run(self) -> None:
        """Answer until told to go; then take no new connection, and answer what was asked on the old ones."""
        while self.told is None:
            self._turn(1.0)
        self.server.going, self.server.accepting = True, False
        until = time.monotonic() + GRACE
        while self.server.active_channels and time.monotonic() < until:
            self._close_idle(0.0 if self.told != RETIRE else IDLE)
            self._turn(0.1)
        self.server.task_dispatcher.shutdown()

    @contextmanager
    def until_told(self) -> Iterator[None]:
        """Hear what tells us to go, SIGTERM or SIGHUP. (What a shell starts in the background hears nothing
        of Ctrl-C, and the children of `orion serve` neither.)"""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        heard = (signal.SIGTERM, signal.SIGINT, RETIRE)
        before = {number: signal.signal(number, lambda number, _frame: self.go(number)) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def go(self, number: int = signal.SIGTERM) -> None:
        """End what `run` does, from a signal or from another thread."""
        self.told = number
        self.server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        server = self.server
        server.asyncore.loop(timeout=seconds, use_poll=server.adj.asyncore_use_poll, map=server._map, count=1)

    def _close_idle(self, seconds: float) -> None:
        before = time.time() - seconds
        for channel in list(self.server.active_channels.values()):
            if not channel.requests and not channel.request and channel.last_activity < before:
                channel.will_close = True
