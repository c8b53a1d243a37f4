"""Gathering what a write changes in the daily figures and in the customers' days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from modules.customers.api import record_activity
from modules.orders.models import Daily
from modules.orders.states import UNCOUNTED
from orion.contracts.data import upsert_add
from orion.contracts.scope import Scope

KEYS = ("vendor_id", "business_date", "platform_id", "currency", "kind", "status")
FIGURES = ("orders", "units", "revenue")
#: What the figures are made of: columns of Order.
FACTS = (*KEYS, "customer_id", "units", "total")


def facts(order: Any) -> dict[str, Any]:
    """The part of an order that the figures are made of."""
    return {name: getattr(order, name) for name in FACTS}


class Deltas:
    """Differences, gathered row by row and written once: last, and in the order of their keys."""

    def __init__(self) -> None:
        self._days: dict[tuple[Any, ...], list[int]] = {}
        self._activity: dict[tuple[int, int, date], int] = {}

    def add(self, order: Mapping[str, Any], sign: int = 1) -> None:
        """Count an order with these facts, or with sign -1 take it back."""
        sums = self._days.setdefault(tuple(order[key] for key in KEYS), [0, 0, 0])
        for i, figure in enumerate((1, order["units"], order["total"])):
            sums[i] += sign * figure
        if order["customer_id"] is not None:
            key = (order["customer_id"], order["platform_id"], order["business_date"])
            self._activity[key] = self._activity.get(key, 0) + sign * _purchases(order)

    def write(self, scope: Scope) -> None:
        """Add the differences to what is stored."""
        rows = [
            {**dict(zip(KEYS, key, strict=True)), **dict(zip(FIGURES, sums, strict=True))}
            for key, sums in self._days.items()
            if any(sums)
        ]
        upsert_add(scope, Daily, rows, keys=KEYS, add=FIGURES)
        record_activity(
            scope,
            [
                {"customer_id": customer, "platform_id": platform, "business_date": on, "times": times}
                for (customer, platform, on), times in self._activity.items()
            ],
        )


def _purchases(order: Mapping[str, Any]) -> int:
    """A refund is no purchase, and neither is a sale that is no trade; both are still activity."""
    return int(order["kind"] == "sale" and order["status"] not in UNCOUNTED)
