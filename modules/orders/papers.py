"""Papers: the packing slip and the invoice, as pages for the printer."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from modules.customers.api import country_name
from modules.orders import queries
from modules.orders.invoicing import seller
from orion.contracts.errors import NotFound
from orion.contracts.money import Money
from orion.contracts.pages import render
from orion.contracts.scope import Scope


def packing_slip(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The lines of an order with the units that are not dropped."""
    whole = queries.whole(scope, public_id)
    order, vendor = whole.order, whole.vendor
    lines = [(line, line.quantity - line.dropped) for line in queries.lines(scope, order)]
    return render(
        "orders/packing_slip.html",
        order=order,
        country=country_name(order.country),
        sender=_address(seller(vendor)) if vendor else [],
        platform=whole.platform,
        lines=[(line, units) for line, units in lines if units > 0],
        back=url_for(".order", public_id=public_id),
    )


def invoice(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The invoice as it was written. Raises NotFound where none was."""
    whole = queries.whole(scope, public_id)
    order, found = whole.order, whole.invoice
    if found is None:
        raise NotFound()
    paper = found.content
    return render(
        "orders/invoice.html",
        order=order,
        invoice=found,
        paper=paper,
        placed_on=date.fromisoformat(paper["placed_on"]),
        seller=_address(paper["seller"]),
        tax_number=paper["seller"].get("tax_number", ""),
        country=country_name(paper["buyer"]["country"]),
        lines=[_line(line, paper["currency"]) for line in paper["lines"]],
        total=Money(paper["total"], paper["currency"]),
        tax=Money(paper["tax"], paper["currency"]) if paper["tax_known"] else None,
        back=url_for(".order", public_id=public_id),
    )


def _line(line: dict[str, Any], currency: str) -> dict[str, Any]:
    price = line["unit_price"]
    return {
        **line,
        "rate": Decimal(line["rate"]) if line["rate"] else None,
        "total": Money(line["total"], currency),
        "unit_price": Money.of(Decimal(price), currency) if price else None,
    }


def _address(seller: dict[str, str]) -> list[str]:
    """Who sells and where, line by line; a paper from before sellers had addresses has but the name."""
    parts = [seller["name"], *(seller.get(part, "") for part in ("street", "place"))]
    return [*parts, country_name(seller.get("country", ""))]
