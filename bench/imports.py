"""Staging and publishing beside a floor that reads the same rows with csv and writes them with executemany.

    python -m bench.imports [--rows 20000] [--db sqlite|postgresql]

Prints processor time of this process (and wall time, which counts the database server too) for each step. The
file is generated: products of two variants, in the columns of a Shopify export.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, text

from modules.marketplace import services
from orion.app import create_app
from orion.contracts.data import entered, session
from orion.contracts.tabular import Mapping
from orion.jobs.running import run_due
from orion.seeding import seed
from orion.testing import close, lease_migrated, settings_in
from orion.testing.databases import Databases

HEADER = (
    *(
        "Handle",
        "Title",
        "Body (HTML)",
        "Vendor",
        "Type",
        "Tags",
        "Published",
        "Option1 Name",
        "Option1 Value",
    ),
    *("Variant SKU", "Variant Grams", "Variant Price", "Variant Compare At Price", "Image Src", "Status"),
)


def write(path: Path, rows: int) -> None:
    """A file of so many rows, two of them a product."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for number in range(rows // 2):
            handle, price = f"thing-{number:07}", f"{number % 900 + 9}.95"
            first = (
                f"Thing {number}",
                "<p>Plain and <b>useful</b>.</p>",
                "Maker",
                "Goods",
                "new, useful",
                "true",
            )
            out.writerow(
                (
                    handle,
                    *first,
                    "Size",
                    "S",
                    f"T{number}-S",
                    200,
                    price,
                    "",
                    f"https://x.example/{number}.jpg",
                    "active",
                )
            )
            out.writerow((handle, *("",) * 6, "", "L", f"T{number}-L", 300, price, "", "", ""))


def floor(path: Path, url: str) -> None:
    """The same rows, read and written by the shortest way that there is."""
    engine = create_engine(url)
    columns = ", ".join(f"c{n} TEXT" for n in range(len(HEADER)))
    names = ", ".join(f":c{n}" for n in range(len(HEADER)))
    with engine.begin() as connection, path.open(newline="") as file:
        connection.execute(text(f"CREATE TABLE bench_floor (id INTEGER, {columns})"))
        rows = csv.reader(file)
        next(rows)
        part = []
        for number, row in enumerate(rows):
            part.append({"id": number, **{f"c{n}": cell for n, cell in enumerate(row)}})
            if len(part) == 1000:
                connection.execute(text(f"INSERT INTO bench_floor VALUES (:id, {names})"), part)
                part = []
        if part:
            connection.execute(text(f"INSERT INTO bench_floor VALUES (:id, {names})"), part)
    engine.dispose()


@contextmanager
def timed(what: str, number: int, unit: str) -> Iterator[list[float]]:
    """Print what a step takes; the list gets its processor time."""
    took: list[float] = []
    computing, clock = time.process_time(), time.monotonic()
    yield took
    computing, clock = time.process_time() - computing, time.monotonic() - clock
    took.append(computing)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = f"{number / computing:9.0f} {unit}/s computing, {number / clock:.0f} by the clock"
    print(f"{what:<12}{computing:8.2f} s computing {clock:8.2f} s clock {rate}, peak {peak:.0f} MB")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="Imports, measured.")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--db", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--stage-only", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orion-bench-") as folder:
        databases = Databases(asked.db, Path(folder), Path(folder))
        try:
            settings = settings_in(Path(folder))
            url, path = lease_migrated(databases, settings), Path(folder, "products.csv")
            write(path, asked.rows)
            app = create_app(replace(settings, database_url=url))
            seed(app, size="small", demo=True)
            with timed("floor", asked.rows, "rows") as base:
                floor(path, url)
            with timed("staging", asked.rows, "rows") as staging:
                found = bring(app, path)
            print(f"staging costs {staging[0] / base[0]:.1f} times the floor")
            if not asked.stage_only:
                with timed("publishing", asked.rows, "variants"):
                    publish(app, found)
                with timed("again", asked.rows, "rows"):
                    bring(app, path)
            close(app)
        finally:
            databases.close()


def bring(app: Flask, path: Path) -> int:
    """Stage a file; the import's id."""
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
    run_due(app)
    return id_


def publish(app: Flask, id_: int) -> None:
    """Publish all that was staged."""
    with app.app_context():
        scope = app.extensions["orion"].command_scope(vendor="WIZAMART", platform="oms")
        with entered(scope, write=True):
            services.publish(scope, services.by_id(id_), now=datetime.now(UTC))
            session().commit()
    run_due(app)


if __name__ == "__main__":
    main()
