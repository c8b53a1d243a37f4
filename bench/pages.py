"""How long pages and tiles take, at several numbers of orders. See bench/README.md."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench.filling import MADE, fill
from orion.app import create_app
from orion.data import migrate
from orion.data.database import db
from orion.metrics.cache import ValueCache, backend
from orion.seeding import seed
from orion.settings import Settings
from orion.testing.apps import PASSWORD, close

OWNER = "owner@orion.example"
HOME = "/vendor/WIZAMART/"


def main() -> None:
    """Print a table for each number of orders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, action="append", help="number of orders; may be repeated")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL; with one --orders only")
    options = parser.parse_args()
    for orders in options.orders or [10_000]:
        with tempfile.TemporaryDirectory() as folder:
            app = portal(Path(folder), orders, options.database_url)
            print(f"\n{orders} orders, {options.runs} runs")
            print(f"{'page':<44}{'statements':>11}{'median ms':>11}{'p95 ms':>9}")
            for name, ask in questions(app):
                report(app, name, ask, options.runs)
            close(app)


def portal(folder: Path, orders: int, url: str) -> Flask:
    """A portal with that many orders; from MADE on, so many times that number."""
    settings = Settings(data=folder, database_url=url, demo=True, testing=True, watch_every=0)
    app = create_app(settings)
    migrate.upgrade(app)
    app.extensions["orion"].refresh()
    seed(app, demo=True, orders=min(orders, MADE))
    if orders > MADE:
        fill(app, orders // MADE - 1)
    return app


def questions(app: Flask) -> list[tuple[str, Callable[[], int]]]:
    """What is measured: a name, and a function that asks once and gives the status."""
    client = signed_in(app)
    with app.app_context():
        scope = app.extensions["orion"].command_scope(vendor="WIZAMART")
    tiles = [metric.query for metric in app.extensions["orion"].registry.tiles(scope, "vendor")]
    paths = [HOME, *(f"{HOME}tiles/{query}" for query in tiles), f"{HOME}orders", second_page(client)]
    paths += [f"{HOME}orders?q=oms-1", f"{HOME}customers"]
    return [(path, lambda path=path: ask(app, client, path)) for path in paths]


def signed_in(app: Flask) -> FlaskClient:
    """A client that went through the login form."""
    client = app.test_client()
    form = client.get("/login").text.partition('name="csrf_token"')[2]
    token = form.partition('value="')[2].partition('"')[0]
    client.post("/login", data={"email": OWNER, "password": PASSWORD, "csrf_token": token})
    return client


def second_page(client: FlaskClient) -> str:
    """Where the orders list's link to the next page leads."""
    link = client.get(f"{HOME}orders").text.partition('rel="next"')[0].rpartition('href="')[2]
    return f"{HOME}orders" + link.partition('"')[0].replace("&amp;", "&")


def ask(app: Flask, client: FlaskClient, path: str) -> int:
    """Ask once, with no figure remembered."""
    machine = app.extensions["orion_metrics"]
    machine.cache = ValueCache(backend(""))
    return client.get(path, headers={"HX-Request": "true"} if "/tiles/" in path else {}).status_code


def report(app: Flask, name: str, ask_once: Callable[[], int], runs: int) -> None:
    """Print one line."""
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    assert ask_once() == 200, name
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    times = sorted(timed(ask_once) for _run in range(runs))
    p95 = times[int(len(times) * 0.95) - 1]
    print(f"{name[:43]:<44}{len(statements):>11}{statistics.median(times):>11.1f}{p95:>9.1f}")


def timed(ask_once: Callable[[], int]) -> float:
    """Milliseconds that one request takes."""
    start = time.perf_counter()
    ask_once()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
