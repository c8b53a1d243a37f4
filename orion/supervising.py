"""`orion serve`: one process that keeps the address, and a child that answers.

SIGHUP lets another child, with the Python of now, take over: the old one goes when it has answered what it
was asked. An address is never let go of meanwhile, so that nobody is turned away.
"""

import contextlib
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from orion.settings import Settings

log = logging.getLogger("orion.serve")
#: Seconds that a child may take until it answers, and that one may go on answering what it was asked.
BEGINNING, GRACE = 120.0, 30.0
#: Seconds until a child that died is replaced: at first, and at the most.
BACK_OFF, LONGEST = 0.5, 30.0
#: What tells a child to go once nobody waits for an answer of it; SIGTERM tells it to go at once.
RETIRE = signal.SIGHUP


def supervise(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop (SIGTERM, SIGINT).

    Raises ClickException where the address can't be had, and SystemExit with the status of a first child that
    doesn't get as far as answering.
    """
    with bound(host, port) as address:
        address.set_inheritable(True)
        _Supervisor(settings, address).run(f"Orion listens on http://{host}:{port}/")


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ClickException."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024
        )
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from error


class _Supervisor:
    """The child that answers, those that are going, and what we were told."""

    def __init__(self, settings: Settings, address: socket.socket) -> None:
        self.settings, self.address = settings, address
        self.going: list[subprocess.Popen[bytes]] = []
        self.over = self.again = False
        self.told = threading.Event()
        self.stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN

    def run(self, said: str) -> None:
        with self._listening():
            child = self._begin()
            if child is None:
                return
            click.echo(said)
            try:
                while not self.over:
                    child = self._look_after(child)
                    self.told.wait(0.2)
                    self.told.clear()
            finally:
                self._end([child, *self.going])

    def _look_after(self, child: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
        """The child that answers from now on: another one where we were told so, or where this one died."""
        self.going = [one for one in self.going if one.poll() is None]
        if child.poll() is not None:
            log.error("the serving process died", extra={"status": child.returncode})
            return self._replaced(child)
        if not self.again:
            return child
        self.again = False
        successor = self._begin(first=False)
        if successor is None:
            log.error("the new process can't serve, the old one goes on")
            return child
        child.send_signal(RETIRE)
        self.going.append(child)
        log.warning("another process has taken over", extra={"old": child.pid, "new": successor.pid})
        return successor

    def _replaced(self, child: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
        pause = BACK_OFF
        while not self.over:
            successor = self._begin(first=False)
            if successor is not None:
                return successor
            self.told.wait(pause)
            pause = min(pause * 2, LONGEST)
        return child

    def _begin(self, first: bool = True) -> "subprocess.Popen[bytes] | None":
        """A child that answers; None where it can't, or where we were told to stop meanwhile. The `first` one
        takes us with it when it fails."""
        ready, its_end = os.pipe()
        run = [sys.executable, "-c", "from orion.cli import main; main()", "serve"]
        run += ["--listen-fd", str(self.address.fileno()), "--ready-fd", str(its_end)]
        child = subprocess.Popen(
            run,
            env={**os.environ, **self.settings.as_env()},
            stdin=subprocess.PIPE,  # Its other end closes with this process, however it ends.
            pass_fds=(self.address.fileno(), its_end),
            start_new_session=True,  # What the terminal says is said to us, and not to the children.
        )
        os.close(its_end)
        try:
            if self._is_ready(child, ready):
                return child
        finally:
            os.close(ready)
        self._end([child])
        if first and not self.over:
            sys.exit(child.returncode or 1)
        return None

    def _is_ready(self, child: "subprocess.Popen[bytes]", ready: int) -> bool:
        until = time.monotonic() + BEGINNING
        while time.monotonic() < until and not self.over:
            if select.select([ready], [], [], 0.2)[0]:
                return os.read(ready, 1) != b""  # Nothing comes from one that is gone.
        return False

    def _end(self, children: "list[subprocess.Popen[bytes]]") -> None:
        for child in children:
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + GRACE + 5
        for child in children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdin is not None:
                child.stdin.close()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear signals meanwhile; they say something, and what is to be done is done elsewhere."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        heard = {signal.SIGTERM: self._stop, signal.SIGINT: self._stop, signal.SIGHUP: self._restart}
        before = {number: signal.signal(number, handler) for number, handler in heard.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_signal: object) -> None:
        self.over = True
        self.told.set()

    def _restart(self, *_signal: object) -> None:
        # A terminal that was closed says the same, and means the end, except under nohup.
        if _terminal_is_gone():
            self.over = not self.stays
        else:
            self.again = True
        self.told.set()


def _terminal_is_gone() -> bool:
    """Whether we were started in a terminal which is there no more."""
    for stream in (0, 1, 2):
        with contextlib.suppress(OSError):
            if os.isatty(stream):
                try:
                    termios.tcgetattr(stream)
                except termios.error:
                    return True
    return False


def until_alone() -> None:
    """Return when the process at the other end of standard input is gone.

    For a thread beside others: it holds no lock of Python's own streams, over which an ending process aborts.
    """
    while os.read(0, 1024):
        pass
