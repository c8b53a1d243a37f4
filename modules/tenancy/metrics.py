"""Tenancy's figures: vendors, people and domains."""

from sqlalchemy import func, or_, select

from modules.tenancy import queries
from modules.tenancy.models import Membership, Vendor, VendorDomain
from orion.contracts.metrics import MetricContext, MetricValue
from orion.contracts.scope import Scope
from orion.contracts.series import fold


def vendors(scope: Scope, context: MetricContext) -> MetricValue:
    """All vendors, whatever their state."""
    return MetricValue(context.session.scalar(select(func.count()).select_from(Vendor)))


def active_vendors(scope: Scope, context: MetricContext) -> MetricValue:
    """Vendors that may trade now."""
    statement = queries.in_state(select(func.count()).select_from(Vendor), "active")
    return MetricValue(context.session.scalar(statement))


def new_vendors(scope: Scope, context: MetricContext) -> MetricValue:
    """Vendors whose first day lies in the period; of yesterday, those until the same time of day."""
    period = context.period
    statement = (
        select(Vendor.created_on, func.count())
        .where(Vendor.created_on.between(period.previous_start, period.end))
        .group_by(Vendor.created_on)
    )
    if period.previous_until is not None:
        until = Vendor.created_at < period.previous_until
        statement = statement.where(or_(Vendor.created_on >= period.start, until))
    return fold(((row[0], row[1]) for row in context.session.execute(statement)), period)


def users(scope: Scope, context: MetricContext) -> MetricValue:
    """People with any membership here, each counted once."""
    return MetricValue(context.session.scalar(select(func.count(Membership.user_id.distinct()))))


def team_members(scope: Scope, context: MetricContext) -> MetricValue:
    """Memberships: a person who works in two places counts in both."""
    return MetricValue(context.session.scalar(select(func.count()).select_from(Membership)))


def domains(scope: Scope, context: MetricContext) -> MetricValue:
    """Host names that vendors have noted, verified or not."""
    return MetricValue(context.session.scalar(select(func.count()).select_from(VendorDomain)))
