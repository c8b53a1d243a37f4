"""Finding customers by what they bought costs no walk through a vendor's days for each of them."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, select

from modules.customers import queries
from modules.customers.models import Customer
from modules.customers.tests.conftest import Market
from orion.contracts.data import session


@pytest.mark.parametrize("vendor", ["SHOP", None])
@pytest.mark.parametrize("start", [date(2026, 11, 1), None])
@pytest.mark.parametrize("end", [date(2026, 11, 23), None])
def test_purchases_are_gathered_once_for_all_customers(
    busy: Market, vendor: str | None, start: date | None, end: date | None
) -> None:
    sent: list[tuple[str, Any]] = []
    with busy.at(vendor):
        connection = session().connection()
        event.listen(
            connection, "before_cursor_execute", lambda _c, _k, sql, given, *_: sent.append((sql, given))
        )
        session().scalar(select(func.count()).select_from(Customer).where(queries.bought_again(start, end)))
        cursor = connection.connection.cursor()
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sent[0][0]}", sent[0][1])
        rows = cursor.fetchall()
    parts = (
        _once_a_row_on_sqlite(rows) if len(rows[0]) > 1 else _once_a_row("\n".join(row[0] for row in rows))
    )
    assert not [part for part in parts if "customers_activity" in part]


def _once_a_row_on_sqlite(rows: list[Any]) -> list[str]:
    """Parts of SQLite's plan that are run for every row: rows of (id, parent, _, text)."""
    within = {row[0] for row in rows if "CORRELATED" in row[3]}
    for row in rows:  # A parent stands before its children.
        if row[1] in within:
            within.add(row[0])
    return [row[3] for row in rows if row[0] in within]


def _once_a_row(plan: str) -> list[str]:
    """Parts of PostgreSQL's plan that are run for every row."""
    parts = re.split(r"\n *(?=(?:SubPlan|InitPlan) )", plan)
    return [p for p in parts if p.startswith("SubPlan") and f"hashed {p.partition(chr(10))[0]}" not in plan]
