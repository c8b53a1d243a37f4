"""The catalog's figures; each counts what the product list shows behind its link."""

from sqlalchemy import ColumnElement, func, select

from modules.catalog import queries
from modules.catalog.models import Product
from orion.contracts.metrics import MetricContext, MetricValue
from orion.contracts.scope import Scope


def products(scope: Scope, context: MetricContext) -> MetricValue:
    """Products that are not archived."""
    return _number(context, queries.current())


def active(scope: Scope, context: MetricContext) -> MetricValue:
    """Products that may be sold."""
    return _number(context, Product.status == "active")


def drafts(scope: Scope, context: MetricContext) -> MetricValue:
    """Products that somebody is still working on."""
    return _number(context, Product.status == "draft")


def incomplete(scope: Scope, context: MetricContext) -> MetricValue:
    """Products, archived ones aside, that lack a price or an image."""
    return _number(context, queries.current(), queries.incomplete())


def _number(context: MetricContext, *conditions: ColumnElement[bool]) -> MetricValue:
    return MetricValue(context.session.scalar(select(func.count()).select_from(Product).where(*conditions)))
