"""Customers as a table, written so that an import reads it back exactly."""

from collections.abc import Iterator, Sequence
from typing import Any

from modules.customers.models import Customer
from orion.contracts.lists import Sheet, entity

COLUMNS = ("Orion ID", "Customer number", "Name", "Email", "Phone", "Country", "Customer since")


def sheet(everywhere: bool) -> Sheet:
    """The sheet of the list of customers, which names the vendor where there are several."""
    return Sheet(
        (*(("Vendor",) if everywhere else ()), *COLUMNS), lambda scope, rows: _rows(rows, everywhere)
    )


def _rows(rows: Sequence[Any], everywhere: bool) -> Iterator[Sequence[Any]]:
    for row in rows:
        one = entity(row, Customer)
        vendor = (row.Vendor.code,) if everywhere else ()
        yield (
            *vendor,
            one.public_id,
            one.reference,
            one.name,
            one.email,
            one.phone,
            one.country,
            one.joined_on,
        )
