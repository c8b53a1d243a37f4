"""The order list finds its rows by an index, whoever asks and whatever they ask."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from modules.orders.lists import PAGES
from orion.contracts.data import entered, session

PLACES = {
    "vendor": {"vendor": "WIZAMART"},
    "platform": {"platform": "oms"},
    "every": {},
}


@pytest.mark.parametrize("who", PLACES)
@pytest.mark.parametrize(
    ("query", "column"),
    [
        ({}, "placed_at"),
        ({"from": "2026-02-01", "to": "2026-02-03"}, "placed_at"),
        ({"sort": "number"}, "number_norm"),
        ({"sort": "customer"}, "customer_norm"),
        ({"sort": "-total"}, "total"),
    ],
    ids=["plain", "dates", "number", "customer", "total"],
)
def test_pages_of_the_list_come_from_the_index_of_their_order(
    demo: Flask, who: str, query: dict[str, str], column: str
) -> None:
    plan = _plan(demo, who, query)
    # PostgreSQL may think that few rows are found as well by the index of those who see all.
    assert re.search(rf"ix_orders_order_({who}|every)_{column}\b", plan)
    assert "TEMP B-TREE FOR ORDER BY" not in plan and "Sort" not in plan


def _plan(app: Flask, who: str, query: dict[str, str]) -> str:
    """How the database, knowing its tables, finds the rows of a page."""
    sent: list[tuple[str, Any]] = []
    with app.app_context():
        scope = app.extensions["orion"].command_scope(**PLACES[who])
    frontend = "vendor" if scope.vendor else "admin"
    address = "/vendor/WIZAMART/orders" if scope.vendor else "/admin/orders"
    with app.test_request_context(address), entered(scope):
        connection = session().connection()
        event.listen(
            connection, "before_cursor_execute", lambda _c, _k, sql, given, *_: sent.append((sql, given))
        )
        PAGES[frontend].run(scope, query)
        cursor = connection.connection.cursor()
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            explain = "EXPLAIN"
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")  # What only a small table is worth.
        cursor.execute(f"{explain} {sent[0][0]}", sent[0][1])
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
