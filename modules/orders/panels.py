"""What orders show on other modules' pages."""

from typing import Any

from modules.orders import queries
from modules.orders.states import STATES
from orion.contracts.money import Money
from orion.contracts.scope import Scope


def history(scope: Scope, customer_id: int) -> tuple[str, dict[str, Any]]:
    """The latest orders of a customer."""
    endpoint = f"orders_{'vendor' if scope.vendor else 'admin'}.order"
    orders = queries.latest_of(scope, customer_id)
    rows = [(order, Money(order.total, order.currency), *STATES[order.status]) for order in orders]
    return "orders/_history.html", {"rows": rows, "endpoint": endpoint}
