"""Customers' figures."""

from sqlalchemy import ColumnElement, and_, case, func, select

from modules.customers.models import Activity, Customer
from modules.customers.queries import in_days
from orion.contracts.metrics import MetricContext, MetricValue
from orion.contracts.scope import Scope
from orion.contracts.series import fold


def total(scope: Scope, context: MetricContext) -> MetricValue:
    """All customers."""
    return MetricValue(context.session.scalar(select(func.count()).select_from(Customer)))


def new(scope: Scope, context: MetricContext) -> MetricValue:
    """Customers whose first day lies in the period."""
    period = context.period
    statement = (
        select(Customer.joined_on, func.count())
        .where(Customer.joined_on.between(period.previous_start, period.end))
        .group_by(Customer.joined_on)
    )
    return fold(((row[0], row[1]) for row in context.session.execute(statement)), period)


def returning(scope: Scope, context: MetricContext) -> MetricValue:
    """Customers who bought in the period and had joined before it began: `queries.bought_again`,
    asked from the days of purchases, which are fewer than the customers."""
    period = context.period
    in_period = and_(Customer.joined_on < period.start, Activity.business_date >= period.start)
    before = and_(Customer.joined_on < period.previous_start, Activity.business_date < period.start)
    statement = (
        select(_people(in_period), _people(before))
        .select_from(Activity)
        .join(Customer, and_(Customer.vendor_id == Activity.vendor_id, Customer.id == Activity.customer_id))
        .where(*in_days(period.previous_start, period.end))
    )
    value, previous = context.session.execute(statement).one()
    return MetricValue(value, previous)


def _people(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, Activity.customer_id)).distinct())
