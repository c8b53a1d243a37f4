"""Fragments for the pages of other modules."""

from typing import Any

from modules.customers import queries
from modules.customers.lists import label
from orion.contracts.scope import Scope


def newest(scope: Scope, vendor_id: int, vendor_code: str) -> tuple[str, dict[str, Any]]:
    """The customers who came to a vendor last, on the vendor's page."""
    found = [(customer, label(customer)) for customer in queries.latest(scope, vendor_id)]
    profiles = scope.has("customers.customer_profiles")
    return "customers/_newest.html", {"customers": found, "vendor_code": vendor_code, "profiles": profiles}
