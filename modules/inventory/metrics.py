"""The figures of stock, each what the stock list says behind its link."""

from sqlalchemy import ColumnElement, func, select

from modules.catalog.api import Product
from modules.inventory import queries
from modules.inventory.models import Item
from orion.contracts.metrics import MetricContext, MetricValue, Part
from orion.contracts.money import Money
from orion.contracts.scope import Scope


def on_hand(scope: Scope, context: MetricContext) -> MetricValue:
    """All pieces that lie anywhere."""
    return MetricValue(int(context.session.scalar(select(func.coalesce(func.sum(Item.on_hand), 0))) or 0))


def low_stock(scope: Scope, context: MetricContext) -> MetricValue:
    """Variants of which there is less than somebody wants to be told of."""
    return _number(context, queries.low())


def out_of_stock(scope: Scope, context: MetricContext) -> MetricValue:
    """Variants of which nothing can be sold."""
    return _number(context, queries.out())


def stock_value(scope: Scope, context: MetricContext) -> MetricValue:
    """What the pieces on hand have cost."""
    sums = queries.items(scope).with_only_columns(
        Product.currency, func.sum(queries.VALUE), maintain_column_froms=True
    )
    rows = context.session.execute(sums.group_by(Product.currency).order_by(Product.currency)).all()
    found = [Money(int(minor), currency) for currency, minor in rows]
    if len(found) > 1:
        parts = [
            Part(key=one.currency, label=one.currency, value=one.amount, currency=one.currency)
            for one in found
        ]
        return MetricValue(None, currency="mixed", parts=parts)
    value = found[0] if found else Money(0, scope.currency)
    return MetricValue(value.amount, currency=value.currency)


def _number(context: MetricContext, condition: ColumnElement[bool]) -> MetricValue:
    return MetricValue(context.session.scalar(select(func.count()).select_from(Item).where(condition)))
