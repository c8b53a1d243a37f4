"""What stock shows on other modules' pages."""

from typing import Any

from modules.inventory import queries
from modules.inventory.lists import STATES, state
from orion.contracts.scope import Scope


def of_product(scope: Scope, product_id: int) -> tuple[str, dict[str, Any]]:
    """How much there is of each variant of a product."""
    rows = [
        (variant, item, *(STATES[state(item)] if item else ("", "")))
        for variant, item in queries.of_product(scope, product_id)
    ]
    endpoint = f"inventory_{'vendor' if scope.vendor else 'admin'}.variant"
    return "inventory/_product.html", {"rows": rows, "endpoint": endpoint}
