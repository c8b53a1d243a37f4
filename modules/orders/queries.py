"""Reads: the lists, one order's page, and the figures of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from modules.customers.api import Customer, Platform, Vendor, sold_on
from modules.orders.models import Daily, Event, Invoice, Line, Order, Shipment, ShipmentLine
from modules.orders.states import TO_FULFIL, UNCOUNTED
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.people import User
from orion.contracts.periods import Period
from orion.contracts.scope import Scope

#: What a status filter may ask for beyond the states themselves.
NOT_CANCELLED, OPEN = "not-cancelled", "to-fulfil"
#: Values in one IN list.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """A document with its vendor, platform, invoice and customer, as far as the scope sees them."""

    order: Order
    vendor: Vendor | None
    platform: Platform | None
    invoice: Invoice | None
    customer: Customer | None


def orders(scope: Scope) -> Select[tuple[Order]]:
    """All documents of the scope."""
    return select(Order)


def currencies(scope: Scope) -> Sequence[str]:
    """The currencies that the vendors of the scope trade in."""
    return session().scalars(select(Vendor.currency).distinct().order_by(Vendor.currency)).all()


def orders_and_places(scope: Scope) -> Select[tuple[Order, Vendor, Platform]]:
    """All documents of the scope with vendor and platform; a vendor that has left may be None."""
    return (
        select(Order, Vendor, Platform)
        .outerjoin(Vendor, Vendor.id == Order.vendor_id)
        .outerjoin(Platform, Platform.id == Order.platform_id)
    )


# -- conditions that documents and daily figures share ----------------------------------------


def has_status(rows: type[Order] | type[Daily], value: str) -> ColumnElement[bool]:
    """Condition for a state, or for one of the filter's own values."""
    if value == NOT_CANCELLED:
        return rows.status.not_in(UNCOUNTED)
    return rows.status.in_(TO_FULFIL) if value == OPEN else rows.status == value


def placed_between(start: date | None, end: date | None) -> list[ColumnElement[bool]]:
    """Conditions on the business date of documents.

    Those on the moment follow from them, as no zone is a day ahead or behind: they let the index
    of the list's usual order find the days.
    """
    found: list[ColumnElement[bool]] = []
    if start:
        found += [Order.business_date >= start, Order.placed_at >= _midnight(start - timedelta(days=1))]
    if end:
        found += [Order.business_date <= end, Order.placed_at < _midnight(end + timedelta(days=2))]
    return found


def totals(
    start: date | None, end: date | None, kind: str | None, status: str | None, currency: str | None
) -> Select[Any]:
    """(currency, sum of the totals) of all documents that the filters find, read from the daily figures."""
    statement = select(Daily.currency, func.sum(Daily.revenue)).group_by(Daily.currency)
    if start:
        statement = statement.where(Daily.business_date >= start)
    if end:
        statement = statement.where(Daily.business_date <= end)
    if kind:
        statement = statement.where(Daily.kind == kind)
    if status:
        statement = statement.where(has_status(Daily, status))
    if currency:
        statement = statement.where(Daily.currency == currency)
    return statement.having(func.sum(Daily.orders) > 0).order_by(Daily.currency)


def figures(period: Period, kind: str | None = None) -> Select[tuple[date, str, int, int]]:
    """(business date, currency, documents, revenue in minor units) of a period and the one before it.

    Sales that are no trade are left out. Of the day before `today` only the documents until the same time
    count, which their daily figures can't tell: those two days are read from the documents.
    """
    if period.previous_until is not None:
        return _until_now(period, kind)
    statement = (
        select(Daily.business_date, Daily.currency, func.sum(Daily.orders), func.sum(Daily.revenue))
        .where(Daily.business_date.between(period.previous_start, period.end), Daily.status.not_in(UNCOUNTED))
        .group_by(Daily.business_date, Daily.currency)
        .having(func.sum(Daily.orders) > 0)
    )
    return statement.where(Daily.kind == kind) if kind else statement


def _until_now(period: Period, kind: str | None) -> Select[tuple[date, str, int, int]]:
    before = and_(Order.business_date == period.previous_start, Order.placed_at < period.previous_until)
    statement = (
        select(Order.business_date, Order.currency, func.count(), func.sum(Order.total))
        .where(
            *placed_between(period.previous_start, period.end),
            or_(Order.business_date >= period.start, before),
            Order.status.not_in(UNCOUNTED),
        )
        .group_by(Order.business_date, Order.currency)
    )
    return statement.where(Order.kind == kind) if kind else statement


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


# -- one order --------------------------------------------------------------------------------


def order(scope: Scope, public_id: str) -> Order:
    """One document. Raises NotFound."""
    found = session().scalar(select(Order).where(Order.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def whole(scope: Scope, public_id: str) -> Whole:
    """One document with whatever there is once of it. Raises NotFound."""
    statement = (
        orders_and_places(scope)
        .add_columns(Invoice, Customer)
        .outerjoin(Invoice, and_(Invoice.vendor_id == Order.vendor_id, Invoice.order_id == Order.id))
        .outerjoin(Customer, and_(Customer.vendor_id == Order.vendor_id, Customer.id == Order.customer_id))
    )
    found = session().execute(statement.where(Order.public_id == public_id)).first()
    if found is None:
        raise NotFound()
    return Whole(*found)


def lines(scope: Scope, order: Order) -> Sequence[Line]:
    """The lines of a document in their order."""
    statement = select(Line).where(Line.vendor_id == order.vendor_id, Line.order_id == order.id)
    return session().scalars(statement.order_by(Line.position)).all()


def events(scope: Scope, order: Order) -> Sequence[tuple[Event, str | None]]:
    """What happened to a document after it was placed, the latest first, each with who did it."""
    statement = (
        select(Event, User.name)
        .outerjoin(User, User.id == Event.user_id)
        .where(Event.vendor_id == order.vendor_id, Event.order_id == order.id)
    )
    rows = session().execute(statement.order_by(Event.at.desc(), Event.id.desc()))
    return [(event, name) for event, name in rows]


def related(scope: Scope, order: Order) -> Sequence[Order]:
    """The refunds of a sale, or the sale that a refund takes back."""
    if order.kind == "refund":
        if not order.origin_number:
            return ()
        other = Order.number == order.origin_number
    else:
        # The second condition is what its index is made for.
        other = and_(Order.origin_number == order.number, Order.origin_number != "", Order.kind == "refund")
    statement = select(Order).where(
        Order.vendor_id == order.vendor_id, Order.platform_id == order.platform_id, other
    )
    return session().scalars(statement.order_by(Order.placed_at, Order.id).limit(50)).all()


def latest_of(scope: Scope, customer_id: int, limit: int = 10) -> Sequence[Order]:
    """The latest documents of a customer."""
    statement = select(Order).where(Order.customer_id == customer_id)
    return session().scalars(statement.order_by(Order.placed_at.desc(), Order.id.desc()).limit(limit)).all()


def shipments(scope: Scope, order: Order) -> Sequence[tuple[Shipment, Sequence[ShipmentLine]]]:
    """What has left of an order, parcel by parcel."""
    mine = (Shipment.vendor_id == order.vendor_id, Shipment.order_id == order.id)
    statement = (
        select(Shipment, ShipmentLine)
        .join(
            ShipmentLine,
            and_(ShipmentLine.vendor_id == Shipment.vendor_id, ShipmentLine.shipment_id == Shipment.id),
        )
        .where(*mine)
        .order_by(Shipment.position, ShipmentLine.position)
    )
    found: dict[Shipment, list[ShipmentLine]] = {}
    for shipment, line in session().execute(statement):
        found.setdefault(shipment, []).append(line)
    return list(found.items())


# -- for forms --------------------------------------------------------------------------------


def public_ids(scope: Scope, ids: Sequence[int]) -> list[str]:
    """The public ids of documents with these row ids, in the order of the rows."""
    found: list[str] = []
    for start in range(0, len(ids), CHUNK):
        part = select(Order.public_id).where(Order.id.in_(ids[start : start + CHUNK])).order_by(Order.id)
        found += session().scalars(part)
    return found


def platforms(scope: Scope) -> Sequence[tuple[str, str, int]]:
    """(code, name, row id) of the platforms of the scope, by name."""
    return _by_name(select(Platform.code, Platform.name, Platform.id))


def selling_on(scope: Scope) -> Sequence[tuple[str, str, int]]:
    """Those on which the scope's vendor sells now."""
    return _by_name(select(Platform.code, Platform.name, Platform.id).where(sold_on()))


def _by_name(statement: Select[tuple[str, str, int]]) -> Sequence[tuple[str, str, int]]:
    return [
        (code, name, id_) for code, name, id_ in session().execute(statement.order_by(Platform.name_norm))
    ]


def customer(scope: Scope, public_id: str) -> Customer:
    """One customer. Raises NotFound."""
    found = session().scalar(select(Customer).where(Customer.public_id == public_id))
    if found is None:
        raise NotFound()
    return found
