"""Invoices: written once, numbered without gaps by vendor and year, and unchanged ever after."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from modules.customers.api import Customer, Vendor
from modules.orders.changing import lines_of, locked
from modules.orders.models import Invoice, Line, Order
from modules.orders.numbers import next_number
from modules.orders.states import UNCOUNTED
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.naming import called, names
from orion.contracts.scope import Scope


def invoice(scope: Scope, public_id: str, *, now: datetime) -> Invoice:
    """The invoice of a sale, or credit note of a refund: the one there is, or a new one.

    Raises NotFound, and Invalid for a draft and for a sale that was cancelled.
    """
    order = locked(public_id)
    there = session().scalar(
        select(Invoice).where(Invoice.vendor_id == order.vendor_id, Invoice.order_id == order.id)
    )
    if there is not None:
        return there
    if order.status in UNCOUNTED:
        raise Invalid(_("Order %(number)s is no sale: it gets no invoice.", number=order.number))
    on = now.astimezone(ZoneInfo(scope.zone)).date()
    new = Invoice(
        vendor_id=order.vendor_id,
        platform_id=order.platform_id,
        order_id=order.id,
        year=on.year,
        number=next_number(scope, order.vendor_id, "invoice", on.year),
        issued_on=on,
        content=_content(scope, order),
    )
    session().add(new)
    session().flush()
    return new


def _content(scope: Scope, order: Order) -> dict[str, Any]:
    """What the paper says: seller, buyer and lines, amounts in minor units. A line is called what the vendor
    called it, and besides what it is called in the customer's language today (`said`, `language`)."""
    vendor = session().scalars(select(Vendor).where(Vendor.id == order.vendor_id)).one()
    lines = lines_of([order])[order.id]
    spoken = _language(order)
    known = names(scope, {line.sku for line in lines if line.sku}, spoken) if spoken else {}
    return {
        "seller": seller(vendor),
        "buyer": {"name": order.customer_name, "address": order.ship_to, "country": order.country},
        "order": order.number,
        "origin": order.origin_number,
        "placed_on": order.business_date.isoformat(),
        "currency": order.currency,
        "lines": [_line(line, *called(known, line.sku, line.title)) for line in lines],
        "total": order.total,
        "tax": sum(line.tax or 0 for line in lines),
        "tax_known": all(line.tax is not None for line in lines),
    }


def seller(vendor: Vendor) -> dict[str, str]:
    """Who sells, as papers say it: name, street, postcode, city, country, tax_number."""
    return {
        "name": vendor.name,
        "street": vendor.street,
        "postcode": vendor.postcode,
        "city": vendor.city,
        "country": vendor.country,
        "tax_number": vendor.tax_number,
    }


def _language(order: Order) -> str:
    """The language of the customer, where that is known."""
    mine = select(Customer.locale).where(Customer.id == order.customer_id)
    return (session().scalar(mine) or "") if order.customer_id is not None else ""


def _line(line: Line, said: str, language: str) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "title": line.title,
        **({"said": said, "language": language} if language else {}),
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total": line.total,
        "tax": line.tax,
        "rate": _rate(line),
    }


def _rate(line: Line) -> str:
    """The tax in percent of what it is on, to a tenth; "" where it is unknown."""
    if line.tax is None or line.total == line.tax:
        return ""
    return str((Decimal(line.tax) * 100 / (line.total - line.tax)).quantize(Decimal("0.1")))
