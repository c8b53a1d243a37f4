"""Staging and publishing beside a floor that reads the same rows with csv and writes them with executemany.

    python -m bench.imports [--rows 50000] [--database-url postgresql://…]

See bench/README.md. The file is generated: products of two variants, in the columns of a Shopify export.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text

from bench.compare import ROOT, _backends, _spent
from modules.marketplace import services
from orion.app import create_app
from orion.contracts.data import entered, session
from orion.contracts.tabular import Mapping
from orion.data import migrate
from orion.jobs.running import run_due
from orion.jobs.worker import settle_in
from orion.seeding import seed
from orion.settings import Settings
from orion.testing.apps import close

HEADER = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name"),
    *("Option1 Value", "Variant SKU", "Variant Grams", "Variant Price", "Variant Compare At Price"),
    *("Image Src", "Status"),
)
#: Rows of one executemany of the floor.
PART = 1_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of computing, in this process and in the database's, and by the clock; megabytes that the
    process had at the beginning and had at most."""

    own: float
    database: float
    clock: float
    before: float = 0
    peak: float = 0

    @property
    def computing(self) -> float:
        """Seconds of computing in all."""
        return self.own + self.database


def write(path: Path, rows: int) -> None:
    """A file of so many rows, two of them a product; no two products say the same."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for number in range(rows // 2):
            handle, price = f"thing-{number:07}", f"{number % 900 + 9}.95"
            body = f"<p>Plain and <b>useful</b>, {number} times.</p>"
            whole = (f"Thing {number}", body, "Maker", "Goods", "new, useful", "true", "Size")
            image = f"https://x.example/{number}.jpg"
            out.writerow((handle, *whole, "S", f"T{number}-S", 200, price, "", image, "active"))
            out.writerow((handle, *("",) * 7, "L", f"T{number}-L", 300, price, "", "", ""))


def floor(path: Path, url: str) -> Engine:
    """The same rows, read by csv and written with the executemany of SQLAlchemy's Core; what wrote them."""
    engine = create_engine(url)
    names = ", ".join(f":c{n}" for n in range(len(HEADER)))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bench_floor"))
        connection.execute(text(f"CREATE TABLE bench_floor (id INTEGER, {_columns()})"))
        for part in _parts(path):
            rows = [{"id": number, **{f"c{n}": cell for n, cell in enumerate(row)}} for number, row in part]
            connection.execute(text(f"INSERT INTO bench_floor VALUES (:id, {names})"), rows)
    return engine


def bare_floor(path: Path, url: str) -> Engine:
    """The same with the driver's own executemany."""
    engine = create_engine(url)
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bench_floor"))
        connection.execute(text(f"CREATE TABLE bench_floor (id INTEGER, {_columns()})"))
        cursor = connection.connection.cursor()
        insert = f"INSERT INTO bench_floor VALUES ({', '.join([mark] * (len(HEADER) + 1))})"
        for part in _parts(path):
            cursor.executemany(insert, [(number, *row) for number, row in part])
    return engine


def _columns() -> str:
    return ", ".join(f"c{n} TEXT" for n in range(len(HEADER)))


def _parts(path: Path) -> Iterator[list[tuple[int, list[str]]]]:
    with path.open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        part = []
        for number, row in enumerate(rows):
            part.append((number, row))
            if len(part) == PART:
                yield part
                part = []
        if part:
            yield part


def cost(url: str, work: Callable[[], Any]) -> Cost:
    """What some work costs in this process and in the processes of the database, as far as they last."""
    before = _resident("VmRSS")
    database, own, clock = _by_database(url), time.process_time(), time.monotonic()
    kept = work()
    own, clock = time.process_time() - own, time.monotonic() - clock
    took = Cost(own, _by_database(url) - database, clock, before, _resident("VmHWM"))
    del kept
    return took


def _by_database(url: str) -> float:
    """Seconds that the processes which work for a server's database have computed until now."""
    return sum(_spent(pid) for pid in _backends(url)) / 1000


def _resident(what: str) -> float:
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0


# -- what runs in processes of its own ------------------------------------------------------------


def apart(folder: Path, url: str, step: str) -> Cost:
    """The cost of a step in a process that has done nothing else."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.imports", "--step", step, "--data", folder, "--database-url", url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Cost(*json.loads(said.stdout.splitlines()[-1]))


def do(folder: Path, url: str, step: str) -> None:
    """Do a step and print what it cost."""
    path = folder / "products.csv"
    if step == "work":
        app = portal(folder, url)
        with app.app_context():
            app.extensions["orion"].refresh()
        settle_in()
        found = cost(url, lambda: run_due(app))
    else:
        found = cost(url, lambda: (floor if step == "floor" else bare_floor)(path, url))
    print(json.dumps([found.own, found.database, found.clock, found.before, found.peak]))


def portal(folder: Path, url: str) -> Flask:
    """The portal in a folder."""
    return create_app(Settings(data=folder, database_url=url, demo=True, testing=True, watch_every=0))


# -- the measurement ------------------------------------------------------------------------------


def measure(folder: Path, url: str, rows: int, *, stage_only: bool) -> None:
    """Print a table of one database."""
    app, path = portal(folder, url), folder / "products.csv"
    migrate.upgrade(app)
    app.extensions["orion"].refresh()
    seed(app, size="small", demo=True)
    write(path, rows)
    floors = {name: apart(folder, url, name) for name in ("floor", "bare")}
    print(f"\n{make_url(url).get_backend_name()}, {rows} rows", flush=True)
    _say("floor", floors["floor"], rows)
    _say("the driver's floor", floors["bare"], rows)
    found = bring(app, path)
    staging = apart(folder, url, "work")
    times = [staging.computing / floors[name].computing for name in ("floor", "bare")]
    _say("staging", staging, rows, f"{times[0]:.1f} and {times[1]:.1f} times the floors")
    if not stage_only:
        publish(app, found)
        _say("publishing", apart(folder, url, "work"), rows)
        bring(app, path)
        _say("staging again", apart(folder, url, "work"), rows)
    close(app)


def _say(what: str, took: Cost, rows: int, more: str = "") -> None:
    memory = f"{took.before:.0f} to {took.peak:.0f} MB"
    print(
        f"{what:<20}{took.own:8.2f} + {took.database:.2f} s computing {rows / took.computing:9.0f} a second"
        f"{took.clock:8.2f} s clock {rows / took.clock:9.0f} a second  {memory}  {more}",
        flush=True,
    )


def bring(app: Flask, path: Path) -> int:
    """Bring a file, which is to be staged; the import's id."""
    with app.app_context():
        scope = app.extensions["orion"].command_scope(vendor="WIZAMART", platform="oms")
        with entered(scope, write=True), path.open("rb") as file:
            size = path.stat().st_size
            found = services.bring(
                scope, file, path.name, size=size, mapping=Mapping(), now=datetime.now(UTC)
            )
            services.read(scope, found)
            id_ = found.id
            session().commit()
    return id_


def publish(app: Flask, id_: int) -> None:
    """Have all published that was staged."""
    with app.app_context():
        scope = app.extensions["orion"].command_scope(vendor="WIZAMART", platform="oms")
        with entered(scope, write=True):
            services.publish(scope, services.by_id(id_), now=datetime.now(UTC))
            session().commit()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="Imports, measured.")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL on this machine")
    parser.add_argument("--stage-only", action="store_true")
    parser.add_argument("--step", choices=["floor", "bare", "work"], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        do(asked.data, asked.database_url, asked.step)
        return
    with tempfile.TemporaryDirectory(prefix="orion-bench-") as folder:
        url = asked.database_url or f"sqlite:///{folder}/orion.db"
        measure(Path(folder), url, asked.rows, stage_only=asked.stage_only)


if __name__ == "__main__":
    main()
