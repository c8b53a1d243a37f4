"""How others fare while hundreds of clients send their requests byte by byte. See bench/README.md."""

import argparse
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from orion.app import create_app
from orion.data import migrate
from orion.settings import Settings
from orion.testing import servers
from orion.testing.apps import close

#: Seconds between two bytes of a slow client.
PAUSE = 1.0
HEADERS = b"GET /login HTTP/1.1\r\nHost: %s\r\nX-Slow: "
BODY = (
    b"POST /login HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\nemail="
)


@dataclass
class Report:
    """Seconds that each request of somebody else took, those that failed, and slow clients at the end."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    held: int = 0

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return statistics.quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else float("inf")


class Crowd:
    """Slow clients of one kind: each begins a request, then sends a byte a second, and comes again if cut."""

    def __init__(self, address: str, beginning: bytes, count: int) -> None:
        parts = urlsplit(address)
        self.place = (parts.hostname or "", parts.port or 80)
        self.beginning = beginning % parts.netloc.encode()
        self.count = count
        self.lines: list[socket.socket] = []

    def send(self) -> None:
        """Another byte from each, and new clients for those that were cut."""
        self.lines = [line for line in self.lines if _sent(line, b"a")]
        with suppress(OSError):
            while len(self.lines) < self.count:
                self.lines.append(self._begin())

    def leave(self) -> None:
        for line in self.lines:
            line.close()

    def _begin(self) -> socket.socket:
        line = socket.create_connection(self.place, timeout=2)
        line.sendall(self.beginning)
        return line


def _sent(line: socket.socket, data: bytes) -> bool:
    try:
        line.send(data)
    except OSError:
        line.close()
        return False
    return True


def measure(address: str, headers: int, bodies: int, seconds: float) -> Report:
    """Ask for a page again and again while so many slow clients are there."""
    crowds = [Crowd(address, HEADERS, headers), Crowd(address, BODY, bodies)]
    for crowd in crowds:
        crowd.send()
    with _trickling(crowds):
        report = _asked(f"{address}/login", seconds)
    report.held = sum(len(crowd.lines) for crowd in crowds)
    for crowd in crowds:
        crowd.leave()
    return report


@contextmanager
def _trickling(crowds: list[Crowd]) -> Iterator[None]:
    over = threading.Event()

    def trickle() -> None:
        while not over.wait(PAUSE):
            for crowd in crowds:
                crowd.send()

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _asked(page: str, seconds: float) -> Report:
    report, until = Report(), time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            with urlopen(page, timeout=10) as answer:
                answer.read()
        except OSError:
            report.failed += 1
        report.seconds.append(time.monotonic() - began)
        time.sleep(0.05)
    return report


def embedded(data: Path, stack: ExitStack) -> str:
    """`orion serve`."""
    return stack.enter_context(servers.embedded(data))


def production(data: Path, stack: ExitStack) -> str:
    """nginx before gunicorn, as in deploy/."""
    behind = stack.enter_context(servers.gunicorn(data, trusted_proxies=1))
    return stack.enter_context(servers.nginx(data / "nginx", behind))


def bare(data: Path, stack: ExitStack) -> str:
    """gunicorn without a proxy: what nginx is for."""
    return stack.enter_context(servers.gunicorn(data))


SET_UPS: dict[str, Callable[[Path, ExitStack], str]] = {
    "orion serve": embedded,
    "nginx + gunicorn": production,
    "gunicorn alone": bare,
}


def portal(folder: Path) -> Path:
    """A data folder with the tables of an empty portal."""
    app = create_app(Settings(data=folder, watch_every=0))
    migrate.upgrade(app)
    close(app)
    return folder


def main() -> None:
    """Print a line for each set-up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headers", type=int, default=200, help="clients that never end their headers")
    parser.add_argument("--bodies", type=int, default=200, help="clients that never end their bodies")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    slow = f"{options.headers} + {options.bodies} slow clients, {options.seconds:g} s"
    print(f"{slow:<44}{'requests':>9}{'failed':>8}{'median ms':>11}{'p95 ms':>9}{'max ms':>9}")
    for name, start in SET_UPS.items():
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            address = start(portal(Path(folder)), stack)
            found = measure(address, options.headers, options.bodies, options.seconds)
        middle, most = statistics.median(found.seconds), max(found.seconds)
        times = "".join(f"{x * 1000:>{n}.0f}" for x, n in ((middle, 11), (found.p95, 9), (most, 9)))
        print(f"{name:<44}{len(found.seconds):>9}{found.failed:>8}{times}")


if __name__ == "__main__":
    main()
