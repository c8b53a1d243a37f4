"""The figures of imports, each what a list shows behind its link."""

from sqlalchemy import ColumnElement, func, select

from modules.marketplace import queries
from modules.marketplace.models import Staged
from modules.marketplace.words import JOB_STATES
from orion.contracts.jobs import Job
from orion.contracts.metrics import MetricContext, MetricValue, Part
from orion.contracts.scope import Scope


def import_jobs(scope: Scope, context: MetricContext) -> MetricValue:
    """Jobs by their state."""
    asked = select(Job.state, func.count()).where(Job.module_code == "marketplace").group_by(Job.state)
    found = {state: int(number) for state, number in context.session.execute(asked)}
    parts = [
        Part(key=state, value=found[state], label=label, query=(("state", state),))
        for state, (label, _tone) in JOB_STATES.items()
        if state in found
    ]
    return MetricValue(sum(found.values()), parts=parts)


def staging(scope: Scope, context: MetricContext) -> MetricValue:
    """Products that wait to be reviewed or published."""
    return _number(context, queries.publishable())


def rejected_rows(scope: Scope, context: MetricContext) -> MetricValue:
    """Rows of files that can't be taken as they are."""
    return _number(context, Staged.state == "rejected")


def _number(context: MetricContext, condition: ColumnElement[bool]) -> MetricValue:
    asked = select(func.count()).select_from(Staged).where(condition, queries.waiting())
    return MetricValue(context.session.scalar(asked))
