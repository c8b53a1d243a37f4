"""What the tenant wall costs: the same statements with it and without, in turn. See bench/README.md."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from bench.pages import portal
from modules.customers.models import Customer
from modules.orders.models import Line, Order
from orion.contracts.scope import Scope
from orion.data.database import db, entered
from orion.data.rules import criteria
from orion.data.tables import wall_of
from orion.data.wall import _named
from orion.testing.apps import close

#: Milliseconds by the clock, and of computing, here and in a server on this machine.
Cost = tuple[float, float]
#: Statements before the count: the first begin transactions, compile, and are prepared.
WARM = 20
#: What a person's page asks, as its queries build it. Without the wall the vendor's condition is written out.
STATEMENTS: Mapping[str, Callable[[], Any]] = {
    "one order by its id": lambda: select(Order).where(Order.public_id == "x"),
    "a page of orders": lambda: select(Order).order_by(Order.placed_at.desc(), Order.id.desc()).limit(50),
    "a page of customers": lambda: select(Customer).order_by(Customer.name_norm, Customer.id).limit(50),
    "orders and their lines": lambda: (
        select(Order.number, func.sum(Line.quantity))
        .join(Line, Line.order_id == Order.id)
        .where(Order.number == "x")
        .group_by(Order.number)
    ),
    "how many orders": lambda: select(func.count()).select_from(Order).where(Order.status == "placed"),
}


def main() -> None:
    """Print a line for each statement and kind of scope."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = portal(Path(folder), options.orders, options.database_url)
        with app.app_context():
            titles = "".join(f"{title:>11}" for title in ("without ms", "with ms", "more ms", "more CPU"))
            print(f"{'statement':<28}{'scope':<20}{titles}")
            for scope in _scopes(app):
                for name, statement in STATEMENTS.items():
                    _report(name, statement, scope, options.runs)
                _report_frames(scope, options.runs)
        close(app)


def _scopes(app: Flask) -> list[Scope]:
    command_scope = app.extensions["orion"].command_scope
    return [command_scope(vendor="WIZAMART"), command_scope(platform="oms"), command_scope()]


def _report(name: str, statement: Callable[[], Any], scope: Scope, runs: int) -> None:
    """Both kinds in turn, statement by statement: what else the machine does meets both alike."""
    bare, walled = [], []
    plain = _plain_engine()
    rules = _rules(statement(), scope)
    with Session(plain) as without, entered(scope) as with_:
        servers = _server(without), _server(with_)
        for _ in range(runs + WARM):
            bare.append(_time(without, lambda: statement().where(*rules), servers[0]))
            walled.append(_time(with_, statement, servers[1]))
    plain.dispose()
    _line(name, scope, bare[WARM:], walled[WARM:])


def _line(name: str, scope: Scope, bare: list[Cost], walled: list[Cost]) -> None:
    (without, cpu), (with_, more_cpu) = (map(statistics.median, zip(*c, strict=True)) for c in (bare, walled))
    figures = (without, with_, with_ - without, more_cpu - cpu)
    print(f"{name:<28}{scope.kind:<20}" + "".join(f"{figure:>11.3f}" for figure in figures))


def _time(session: Session, statement: Callable[[], Any], server: Path | None) -> Cost:
    """What it costs from making a statement to having its rows."""
    session.expunge_all()
    began, cpu = time.perf_counter(), _cpu(server)
    session.execute(statement()).all()
    ended = time.perf_counter()
    return (ended - began) * 1000, _cpu(server) - cpu


def _server(session: Session) -> Path | None:
    """Where the system counts what a connection's process of PostgreSQL computes, if that is here."""
    if session.connection().dialect.name != "postgresql":
        return None
    number = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
    file = Path(f"/proc/{number}/schedstat")
    return file if file.exists() else None


def _cpu(server: Path | None) -> float:
    """Milliseconds that this thread and the server have computed so far: other work doesn't count."""
    computed = int(server.read_text().split()[0]) if server else 0
    return (time.thread_time_ns() + computed) / 1e6


def _report_frames(scope: Scope, runs: int) -> None:
    """A transaction with one small statement: what begins it says the scope."""
    bare, walled = [], []
    plain = _plain_engine()
    one = select(1)
    for _ in range(runs):
        began, cpu = time.perf_counter(), _cpu(None)
        with Session(plain) as session:
            session.execute(one)
        between, more_cpu = time.perf_counter(), _cpu(None)
        with entered(scope) as session:
            session.execute(one)
        bare.append(((between - began) * 1000, more_cpu - cpu))
        walled.append(((time.perf_counter() - between) * 1000, _cpu(None) - more_cpu))
    plain.dispose()
    _line("a transaction of nothing", scope, bare, walled)


def _plain_engine() -> Engine:
    """The same database without any of Orion's listeners, as the user of its URL."""
    return create_engine(db.engines[None].url)


def _rules(statement: Any, scope: Scope) -> list[Any]:
    """The conditions that the wall adds, written by hand: without them another question would be asked."""
    tables = {mapper.local_table for mapper in _named(statement)}
    rules = [criteria(wall, table.c, scope) for table in tables if (wall := wall_of(table)) is not None]
    return [rule for rule in rules if rule is not None]


if __name__ == "__main__":
    main()
