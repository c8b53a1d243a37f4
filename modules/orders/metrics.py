"""The figures of orders. All but the products are read from the daily figures; each is one statement."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from modules.orders import folding, queries, ranking
from modules.orders.models import Daily
from modules.orders.states import TO_FULFIL
from orion.contracts.metrics import MetricContext, MetricValue, Part
from orion.contracts.scope import Scope
from orion.contracts.series import by_day as each_day
from orion.contracts.series import fold


def count(scope: Scope, context: MetricContext) -> MetricValue:
    """Sales: no drafts, and none that was cancelled."""
    return fold(_documents(context, "sale"), context.period)


def refunds(scope: Scope, context: MetricContext) -> MetricValue:
    """Refunds."""
    return fold(_documents(context, "refund"), context.period)


def revenue(scope: Scope, context: MetricContext) -> MetricValue:
    """What sales brought, less what refunds took back."""
    return folding.by_currency(_figures(context), context.period, scope.currency, folding.revenue)


def average_value(scope: Scope, context: MetricContext) -> MetricValue:
    """What a sale brought on average."""
    return folding.by_currency(_figures(context, "sale"), context.period, scope.currency, folding.average)


def to_fulfil(scope: Scope, context: MetricContext) -> MetricValue:
    """Sales that somebody has to do something about, whatever their date."""
    statement = select(func.sum(Daily.orders)).where(Daily.kind == "sale", Daily.status.in_(TO_FULFIL))
    return MetricValue(int(context.session.scalar(statement) or 0))


def by_day(scope: Scope, context: MetricContext) -> MetricValue:
    """Sales day by day: no drafts, and none that was cancelled."""
    documents, period = _documents(context, "sale"), context.period
    folded = fold(documents, period)
    parts = [
        Part(key=on.isoformat(), value=number, at=on.isoformat(), query=_only(on))
        for on, number in each_day(documents, period.start, period.end).items()
    ]
    return MetricValue(folded.value, folded.previous, parts=parts)


def top_products(scope: Scope, context: MetricContext) -> MetricValue:
    """The products with the highest revenue, and what all others make together."""
    return ranking.as_value(ranking.products(context), scope.currency)


def _figures(context: MetricContext, kind: str | None = None) -> Sequence[folding.Figure]:
    """What the period and the one before it add up to, by day and currency."""
    rows = context.session.execute(queries.figures(context.period, kind))
    return [(on, currency, int(number), int(amount)) for on, currency, number, amount in rows]


def _documents(context: MetricContext, kind: str) -> list[tuple[date, int]]:
    return [(on, number) for on, _currency, number, _amount in _figures(context, kind)]


def _only(on: date) -> tuple[tuple[str, str], ...]:
    return (("from", on.isoformat()), ("to", on.isoformat()))
