"""Products by revenue. Ranks don't add up: they are read from the lines, by an index that covers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from modules.orders.models import Line, Order
from modules.orders.states import UNCOUNTED
from orion.contracts.metrics import MetricContext, MetricValue, Part
from orion.contracts.money import Money
from orion.contracts.periods import Period

#: So many are named, and the rest is one more. Several currencies share these places, each with its rest.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a vendor's in one currency; `sku` None stands for all others. Minor units."""

    vendor_id: int | None
    sku: str | None
    title: str
    currency: str
    revenue: int


def products(context: MetricContext) -> list[Product]:
    """The first of each currency and, last of each, what all others make together."""
    rows = _read(context)
    wholes = {currency: int(whole) for _vendor, _sku, _title, currency, _amount, whole, _place in rows}
    named = max(1, (NAMED + 1) // max(1, len(wholes)) - 1)
    found = [
        Product(vendor_id, sku, title or sku or "–", currency, int(amount))
        for vendor_id, sku, title, currency, amount, _whole, place in rows
        if place <= named
    ]
    for currency, whole in sorted(wholes.items()):
        rest = whole - sum(product.revenue for product in found if product.currency == currency)
        if rest:
            found.append(Product(None, None, "", currency, rest))
    return sorted(found, key=lambda product: product.currency)


def as_value(ranked: Sequence[Product], fallback: str) -> MetricValue:
    """The ranking as a metric's table; its value is the revenue of all products."""
    parts = [
        Part(
            key=f"{product.vendor_id}:{product.sku}" if product.vendor_id else f"others:{product.currency}",
            label=product.title if product.vendor_id else _("All other products"),
            value=Money(product.revenue, product.currency).amount,
            currency=product.currency,
        )
        for product in ranked
    ]
    currencies = sorted({product.currency for product in ranked}) or [fallback]
    if len(currencies) > 1:
        return MetricValue(None, currency="mixed", parts=parts)
    return MetricValue(sum((part.value for part in parts), Decimal(0)), currency=currencies[0], parts=parts)


def _read(context: MetricContext) -> Sequence[tuple[int, str, str, str, int, int, int]]:
    return context.session.execute(statement(context.period)).all()  # type: ignore[return-value]


def statement(period: Period) -> Select[tuple[int, str, str, str, int, int, int]]:
    """(vendor id, sku, latest title, currency, revenue, revenue of all in it, place there), best first."""
    summed = _summed(period)
    place = func.row_number().over(
        partition_by=summed.c.currency, order_by=(summed.c.amount.desc(), summed.c.sku)
    )
    whole = func.sum(summed.c.amount).over(partition_by=summed.c.currency)
    ranked = select(summed, place.label("place"), whole.label("whole")).subquery("ranked")
    named = aliased(Line)
    title = (
        select(named.title)
        .where(named.vendor_id == ranked.c.vendor_id, named.sku == ranked.c.sku)
        .order_by(named.business_date.desc(), named.id.desc())
        .limit(1)
        .correlate(ranked)
        .scalar_subquery()
    )
    c = ranked.c
    return (
        select(c.vendor_id, c.sku, title.label("title"), c.currency, c.amount, c.whole, c.place)
        .where(c.place <= NAMED)
        .order_by(c.currency, c.place)
    )


def _summed(period: Period):  # type: ignore[no-untyped-def]
    """Revenue by product; the few orders that are no trade are looked up, and not every line's order."""
    uncounted = select(Order.id).where(
        Order.status.in_(UNCOUNTED), Order.business_date.between(period.start, period.end)
    )
    return (
        select(Line.vendor_id, Line.sku, Line.currency, func.sum(Line.total).label("amount"))
        .where(Line.business_date.between(period.start, period.end), Line.order_id.not_in(uncounted))
        .group_by(Line.vendor_id, Line.sku, Line.currency)
        .subquery("summed")
    )
