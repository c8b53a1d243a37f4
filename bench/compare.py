"""Orion beside a bare Flask floor under the same server. See bench/README.md."""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from werkzeug.datastructures import MultiDict

from bench.pages import HOME, OWNER, portal
from modules.orders import lists
from orion.app import create_app
from orion.data.database import entered
from orion.settings import ROOT, Settings
from orion.testing.apps import PASSWORD, close
from orion.testing.servers import free_port
from orion.web.listing import asked, cursors

VENDOR = "WIZAMART"
#: Question → how much more than the floor's it may cost.
AIMS = {"tile, remembered": 2.0, "tile, counted anew": 2.0, "list, first page": 3.0, "list, middle": 3.0}
AIMS |= {"write an order": 1.5, "cold start": 1.5, "memory": 1.4}
_days = count(40)
_numbers = count()


@dataclass
class Server:
    """A process that serves, and the processes of the database that work for it."""

    process: "subprocess.Popen[bytes]"
    port: int
    database: str
    cookies: dict[str, str] = field(default_factory=dict)
    started: float = 0.0
    line: http.client.HTTPConnection | None = None

    def ask(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> str:
        """The body of an answer, or where it leads."""
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {
            "Cookie": cookie,
            "Accept-Encoding": "br",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form is not None else None
        self.line.request("POST" if body is not None else "GET", path, body, sent)
        answer = self.line.getresponse()
        said = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{path} is {answer.status}: {said[:300]!r}")
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.headers.get("Location") or (
            said.decode() if not answer.headers.get("Content-Encoding") else ""
        )

    def page(self, path: str) -> str:
        """A page as text."""
        return self.ask(path, Accept_Encoding="identity")

    @property
    def processes(self) -> list[int]:
        """The process that was started, and the one that it lets answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def computing(self) -> float:
        """Milliseconds of computing until now, of all threads and of the database's processes for them."""
        return sum(_spent(pid) for pid in (*self.processes, *_backends(self.database)))

    @property
    def memory(self) -> float:
        """Megabytes that are the answering process's share of the machine's."""
        text_ = Path(f"/proc/{self.processes[-1]}/smaps_rollup").read_text()
        return int(re.findall(r"(?m)^Pss:\s+(\d+)", text_)[0]) / 1024


def _spent(pid: int) -> float:
    found = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        found += int(task.read_text().split()[0])
    return found / 1e6


_engines: dict[str, object] = {}


def _backends(database: str) -> list[int]:
    """Processes of a server on this machine that work in a database."""
    if not database.startswith("postgresql"):
        return []
    engine = _engines.setdefault(database, create_engine(make_url(database).set(database="postgres")))
    with engine.connect() as connection:  # type: ignore[attr-defined]
        working = text("SELECT pid FROM pg_stat_activity WHERE datname = :name")
        return [pid for (pid,) in connection.execute(working, {"name": make_url(database).database})]


@contextmanager
def running(
    arguments: list[str], environment: Mapping[str, str], port: int, database: str
) -> Iterator[Server]:
    """Start a server and wait for its first answer."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(process, port, database)
        while process.poll() is None:
            try:
                server.ask("/healthz")
                break
            except OSError:
                server.line = None
                time.sleep(0.005)
        server.started = (time.perf_counter() - begun) * 1000
        yield server
    finally:
        process.terminate()
        process.wait(20)


def orion(folder: Path, database: str) -> AbstractContextManager[Server]:
    """`orion serve`, without a worker beside it."""
    port = free_port()
    settings = {"data": folder, "database_url": database, "watch_every": 0, "log_level": "WARNING"}
    settings |= {"rate_limits": 0, "jobs_beside": 0}
    environment = {f"ORION_{name.upper()}": str(value) for name, value in settings.items()}
    run = ["-c", "from orion.cli import main; main()", "serve", "--port", str(port)]
    return running(run, environment, port, database)


def floor(vendor: int, database: str) -> AbstractContextManager[Server]:
    """bench/floor.py."""
    port = free_port()
    return running(["-m", "bench.floor", database, str(vendor), str(port)], {}, port, database)


def sign_in(server: Server) -> None:
    """Go through the login form."""
    token = _token(server.page("/login"))
    server.ask("/login", {"email": OWNER, "password": PASSWORD, "csrf_token": token})


def _token(page: str) -> str:
    return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


# -- what is asked --------------------------------------------------------------------------------

Ask = Callable[[], object]
HTMX = {"HX_Request": "true", "HX_Request_Type": "partial"}


def span() -> str:
    """A period that nobody has asked for before, so that its figures are not remembered."""
    start = date.today() - timedelta(days=next(_days))
    return f"from={start}&to={start + timedelta(days=30)}"


def questions(
    there: Server, bare: Server, far: Callable[[datetime, int], str], orders: int
) -> dict[str, tuple[Ask, Ask | None]]:
    """Name → asking Orion, and asking the floor for the same; `far` gives a page of the list."""
    at = bare.ask(f"/middle?offset={orders // 2}")
    moment, _, key = at.partition("|")
    deep = far(datetime.fromisoformat(moment).replace(tzinfo=UTC), int(key))
    spoken = f"{HOME}tiles/orders.revenue?period=30d"
    tiles = batches(there.page(HOME))
    token = _token(there.page(f"{HOME}orders/new"))
    after = urlencode({"at": at})

    def dashboard(more: str = "") -> None:
        there.ask(f"{HOME}?{more}" if more else HOME)
        for address in tiles:
            there.ask(re.sub(r"period=[^&]*", more, address) if more else address, **HTMX)

    def write() -> None:
        form = {"platform": "oms", "lines-0-title": "Cup", "lines-0-quantity": "1", "csrf_token": token}
        there.ask(f"{HOME}orders/new", {**form, "lines-0-unit_price": "10.00", "then": "place"})

    def insert() -> None:
        bare.ask("/orders", {"number": f"F-{os.getpid()}-{next(_numbers)}"[-14:]})

    return {
        "tile, remembered": (lambda: there.ask(spoken, **HTMX), lambda: bare.ask(f"/tile?{span()}")),
        "tile, counted anew": (
            lambda: there.ask(f"{HOME}tiles/orders.revenue?{span()}", **HTMX),
            lambda: bare.ask(f"/tile?{span()}"),
        ),
        "dashboard, shell alone": (lambda: there.ask(HOME), None),
        "dashboard and all tiles, remembered": (dashboard, None),
        "dashboard and all tiles, counted anew": (lambda: dashboard(span()), None),
        "list, first page": (lambda: there.ask(f"{HOME}orders"), lambda: bare.ask("/orders")),
        "list, middle": (lambda: there.ask(deep), lambda: bare.ask(f"/orders?{after}")),
        "write an order": (write, insert),
    }


def batches(shell: str) -> list[str]:
    """The addresses with which a dashboard asks for its tiles."""
    found = re.findall(r'(data-batched="[a-z]*" )?(?:data-fills="[^"]*" )?hx-get="([^"]*/tiles[^"]*)"', shell)
    return [unescape(address) for batched, address in found if not batched]


def middle(folder: Path, database: str, at: datetime, key: int) -> str:
    """The address of the orders after one of them, as the list's own links lead there page by page."""
    app = create_app(Settings(data=folder, database_url=database, watch_every=0))
    with app.test_request_context():
        scope = app.extensions["orion"].command_scope(vendor=VENDOR)
        with entered(scope):
            question = asked.read(lists.orders("vendor"), scope, MultiDict())
            cursor = cursors.seal(question.identity, at, key)
    close(app)
    return f"{HOME}orders?after={cursor}"


# -- measuring ------------------------------------------------------------------------------------


@dataclass
class Row:
    """Medians of one question: milliseconds by the clock and of computing, of Orion and of the floor."""

    name: str
    wall: float
    cpu: float
    floor_wall: float = 0.0
    floor_cpu: float = 0.0

    def __str__(self) -> str:
        aim = f"{AIMS[self.name]:.1f}" if self.name in AIMS else ""
        beside = " |  |  | "
        if self.floor_cpu:
            beside = f"{self.floor_wall:.2f} | {self.floor_cpu:.2f}"
            beside += f" | {self.wall / self.floor_wall:.2f} | {self.cpu / self.floor_cpu:.2f}"
        return f"| {self.name} | {self.wall:.2f} | {self.cpu:.2f} | {beside} | {aim} |"


def measured(
    name: str, pair: tuple[Ask, Ask | None], there: Server, bare: Server, runs: int, each: int
) -> Row:
    """So many short runs of both in turn, each of so many requests."""
    found: list[tuple[float, float, float, float]] = []
    for _run in range(runs + 1):
        mine = timed(pair[0], there, each)
        theirs = timed(pair[1], bare, each) if pair[1] else (0.0, 0.0)
        found.append((*mine, *theirs))
    return Row(name, *(statistics.median(values) for values in zip(*found[1:], strict=True)))


def timed(ask: Ask, server: Server, each: int) -> tuple[float, float]:
    """Milliseconds a request, by the clock (the median) and of computing."""
    before, times = server.computing(), []
    for _request in range(each):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), (server.computing() - before) / each


def starts(folder: Path, vendor: int, database: str, runs: int) -> Row:
    """From starting a process to its first answer."""
    found = []
    for _run in range(runs):
        with orion(folder, database) as there:
            mine = there.started, sum(map(_spent, there.processes))
        with floor(vendor, database) as bare:
            found.append((*mine, bare.started, _spent(bare.process.pid)))
    return Row("cold start", *(statistics.median(values) for values in zip(*found, strict=True)))


def compare(folder: Path, database: str, orders: int, runs: int, each: int) -> None:
    """Print a table for one database."""
    with create_engine(database).connect() as connection:
        named = text("SELECT id FROM tenancy_vendor WHERE code = :code")
        vendor = int(connection.execute(named, {"code": VENDOR}).scalar_one())
        mine = text("SELECT count(*) FROM orders_order WHERE vendor_id = :v")
        share = int(connection.execute(mine, {"v": vendor}).scalar_one())
    kind = make_url(database).get_backend_name()
    print(f"\n{kind}, {orders} orders, {share} of them the vendor's, {runs} × {each} requests")
    print("| | ms | computing | floor ms | computing | ratio | of computing | aim |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    with ExitStack() as stack:
        there, bare = (
            stack.enter_context(orion(folder, database)),
            stack.enter_context(floor(vendor, database)),
        )
        sign_in(there)
        bare.cookies = there.cookies
        far = partial(middle, folder, database)
        for name, pair in questions(there, bare, far, share).items():
            print(measured(name, pair, there, bare, runs, each), flush=True)
        print(Row("memory", there.memory, there.memory, bare.memory, bare.memory), flush=True)
    print(starts(folder, vendor, database, runs), flush=True)


def main() -> None:
    """Print a table for each number of orders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, action="append", help="number of orders; may be repeated")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--each", type=int, default=20, help="requests of a run")
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL on this machine; with one --orders"
    )
    parser.add_argument("--keep", type=Path, help="a folder to make data in, or that has them from before")
    options = parser.parse_args()
    for orders in options.orders or [10_000, 200_000]:
        with tempfile.TemporaryDirectory(prefix="orion-bench-") as made:
            folder = (options.keep or Path(made)) / str(orders)
            settings = Settings(data=folder, database_url=options.database_url)
            if not folder.exists():
                folder.mkdir(parents=True)
                close(portal(folder, orders, options.database_url))
            compare(folder, settings.database, orders, options.runs, options.each)


if __name__ == "__main__":
    main()
