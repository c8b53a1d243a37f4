"""Documents to take, and a vendor on a platform to take them for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from modules.customers.api import Platform
from modules.orders.documents import Document, DocumentLine, Taken
from modules.orders.models import Order
from modules.orders.services import take
from orion.contracts.data import entered, session
from orion.contracts.metrics import MetricContext, MetricValue
from orion.contracts.periods import Period, custom
from orion.contracts.scope import Scope
from orion.settings import Settings

DAY = date(2024, 5, 14)
NOW = datetime(2024, 5, 20, 12, tzinfo=UTC)


def document(number: str = "A-1", **changes: Any) -> Document:
    """A sale of three units for 25.00, long before anything in the demo."""
    facts: dict[str, Any] = {
        "number": number,
        "kind": "sale",
        "placed_at": datetime(2024, 5, 14, 10, 30, tzinfo=UTC),
        "business_date": DAY,
        "currency": "EUR",
        "lines": (
            DocumentLine("P-1", "Kettle", 1, 1500, "15.00"),
            DocumentLine("P-2", "Cup", 2, 1000, "5.00"),
        ),
        "customer": "C-1",
        "customer_name": "Ida Lumen",
        "country": "LU",
    }
    return Document(**{**facts, **changes})


def refund(number: str = "R-1", **changes: Any) -> Document:
    """A refund of one cup."""
    facts = {"kind": "refund", "lines": (DocumentLine("P-2", "Cup", -1, -500, "5.00"),)}
    return document(number, **{**facts, **changes})


@dataclass
class Shop:
    """A vendor on one platform of the demo, whose writes are committed."""

    app: Flask
    scope: Scope

    def take(self, *documents: Document) -> Taken:
        """Take documents in one transaction."""
        with self.app.app_context(), entered(self.scope, write=True) as writing:
            taken = take(self.scope, documents, now=NOW)
            writing.commit()
        return taken

    def change(self, service: Callable[..., Any], number: str, *arguments: Any, **options: Any) -> None:
        """Call a service with the public id of an order, and commit."""
        with self.app.test_request_context(), entered(self.scope, write=True) as writing:
            public_id = writing.scalar(select(Order.public_id).where(Order.number == number))
            service(self.scope, public_id, *arguments, now=NOW + timedelta(hours=1), **options)
            writing.commit()

    def rows(self, statement: Any, scope: Scope | None = None) -> list[Any]:
        """What a statement finds, in the shop's scope or another."""
        with self.app.app_context(), entered(scope or self.scope) as reading:
            return list(reading.execute(statement).all())

    def ask(
        self, metric: Callable[..., MetricValue], period: Period | None = None, now: datetime = NOW
    ) -> MetricValue:
        """A metric's answer for the month of the documents here, or another period."""
        period = period or custom(DAY.replace(day=1), DAY.replace(day=31), self.scope.zone)
        with self.app.test_request_context(), entered(self.scope):
            return metric(self.scope, MetricContext(self.scope, period, session(), now))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Patient ones: here figures must be right, and elsewhere in time."""
    return replace(settings, metric_statement_deadline=20, metric_deadline=25, batch_deadline=60)


@pytest.fixture
def open_shop(demo: Flask) -> Callable[..., Shop]:
    """`open_shop(vendor, platform)` → a shop of the demo."""

    def opened(vendor: str = "WIZAMART", platform: str = "oms") -> Shop:
        with demo.app_context():
            scope = demo.extensions["orion"].command_scope(vendor=vendor)
            with entered(scope) as reading:
                ids = reading.scalars(select(Platform.id).where(Platform.code == platform)).all()
        return Shop(demo, replace(scope, platforms=frozenset(ids)))

    return opened


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """WIZAMART on the platform oms."""
    return open_shop()


def totals(rows: Iterable[Any]) -> dict[str, int]:
    """(key, number) rows as a mapping."""
    return {key: int(number) for key, number in rows}
