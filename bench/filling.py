"""More trade than the seeds make in a while: copies of it, made by the database. See bench/README.md."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection, Table, func, select, text

from modules.customers.models import Activity, Address, Customer, CustomerPlatform, Word
from modules.inventory.models import Item, Reservation
from modules.orders.models import Event, Line, Order
from modules.orders.rollups import rebuild, verify
from orion.contracts.data import analyse
from orion.contracts.scope import system_scope
from orion.data.database import db, entered
from orion.data.revisions import owned

#: So many orders are made as the portal makes them; more are copies of these.
MADE = 10_000
#: What is copied, in an order in which foreign keys hold, with the columns that name copied rows, and those
#: that must not be the same twice. `n` counts the copies.
COPIED: Mapping[type, tuple[Mapping[str, type], Mapping[str, str]]] = {
    Customer: ({}, {"reference": "reference || '-' || n", "reference_norm": "reference_norm || '-' || n"}),
    Word: ({"customer_id": Customer}, {}),
    Address: ({"customer_id": Customer}, {}),
    CustomerPlatform: ({"customer_id": Customer}, {}),
    Activity: ({"customer_id": Customer}, {}),
    Order: (
        {"customer_id": Customer},
        {"number": "number || '-' || n", "number_norm": "number_norm || '-' || n"},
    ),
    Line: ({"order_id": Order}, {}),
    Event: ({"order_id": Order}, {}),
    Reservation: ({}, {"order_key": "substr(order_key, 1, 9) || (10000 + n)"}),
}
PUBLIC_ID = "substr(public_id, 1, 9) || (10000 + n)"


def fill(app: Flask, copies: int) -> None:
    """So many copies of every customer and order; the books are then made anew and held against them.

    Copies stand at the moments of their originals. Raises ValueError where the books don't agree.
    """
    with app.app_context():
        with owned(db.engines["write"]) as connection, connection.begin():
            strides = {model: _highest(connection, model.__table__) for model in COPIED}  # type: ignore[attr-defined]
            for model in COPIED:
                _copy(connection, model, strides, copies)
            connection.execute(text(AVAILABLE))
        scope = system_scope("verify_rollups")
        with entered(scope, write=True) as writing:
            rebuild(scope)
            writing.commit()
        analyse()
        with owned(db.engines["write"]) as connection:
            wrong = [name for name, ask in CHECKS.items() if connection.scalar(text(ask))]
        with entered(scope):
            wrong += verify(scope)
    if wrong:
        raise ValueError(f"the books don't agree: {wrong[:5]}")


def _highest(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.max(table.c.id))) or 0)


def _copy(connection: Connection, model: type, strides: Mapping[type, int], copies: int) -> None:
    table: Table = model.__table__  # type: ignore[attr-defined]
    keys, own = COPIED[model]
    if "public_id" in table.c:
        own = {**own, "public_id": PUBLIC_ID}
    values = {**own, **{key: f"{key} + n * {strides[there]}" for key, there in {**keys, "id": model}.items()}}
    columns = [column.name for column in table.c]
    with _at_once(connection, table):
        connection.execute(
            text(
                "WITH RECURSIVE copies(n) AS"
                f" (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {copies})"
                f" INSERT INTO {table.name} ({', '.join(columns)})"
                f" SELECT {', '.join(values.get(name, name) for name in columns)}"
                f" FROM copies CROSS JOIN {table.name} ORDER BY copies.n, {table.name}.id"
            )
        )


@contextmanager
def _at_once(connection: Connection, table: Table) -> Iterator[None]:
    """On PostgreSQL indexes are made when all rows are there, and keys of other tables are not looked up."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    indexes = connection.execute(text(INDEXES), {"table": table.name}).all()
    for name, _made in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _name, made in indexes:
        connection.execute(text(made))
    sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
    connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table.name}))"))


#: Names of a table's indexes that belong to no constraint, and the statements that make them.
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = :table AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


#: What copies of orders were promised is promised too.
AVAILABLE = f"""
    UPDATE {Item.__tablename__} AS item SET available = on_hand - (
        SELECT coalesce(sum(quantity), 0) FROM {Reservation.__tablename__} AS promised
        WHERE promised.vendor_id = item.vendor_id AND promised.variant_id = item.variant_id)
"""
#: Name → how many rows don't agree.
CHECKS = {
    "orders and their lines": """
        SELECT count(*) FROM orders_order LEFT JOIN (
            SELECT order_id, sum(total) AS total, sum(quantity) AS units FROM orders_line GROUP BY order_id
        ) AS lines ON lines.order_id = orders_order.id
        WHERE (coalesce(lines.total, 0), coalesce(lines.units, 0)) <> (orders_order.total, orders_order.units)
    """,
    "customers' days": """
        SELECT count(*) FROM (
            SELECT customer_id, business_date, platform_id, count(*) AS times FROM orders_order
            WHERE kind = 'sale' AND status NOT IN ('draft', 'cancelled') AND customer_id IS NOT NULL
            GROUP BY customer_id, business_date, platform_id
        ) AS bought FULL JOIN customers_activity AS days USING (customer_id, business_date, platform_id)
        WHERE coalesce(bought.times, 0) <> coalesce(days.times, 0)
    """,
}
