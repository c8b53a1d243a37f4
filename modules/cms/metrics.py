"""The figures of pages and files."""

from sqlalchemy import func

from modules.cms import library, queries
from modules.cms.models import Media, Page
from orion.contracts.metrics import MetricContext, MetricValue
from orion.contracts.scope import Scope


def pages(scope: Scope, context: MetricContext) -> MetricValue:
    """Pages that are not archived."""
    there = queries.pages(scope).where(Page.archived_at.is_(None))
    return MetricValue(context.session.scalar(there.with_only_columns(func.count())))


def drafts(scope: Scope, context: MetricContext) -> MetricValue:
    """Pages that are not, and are not going to be, public."""
    there = queries.pages(scope).where(queries.in_state("draft", context.now))
    return MetricValue(context.session.scalar(there.with_only_columns(func.count())))


def media_files(scope: Scope, context: MetricContext) -> MetricValue:
    """Files in the library."""
    return MetricValue(context.session.scalar(library.media(scope).with_only_columns(func.count())))


def media_size(scope: Scope, context: MetricContext) -> MetricValue:
    """The bytes of all files in the library."""
    total = context.session.scalar(library.media(scope).with_only_columns(func.sum(Media.size)))
    return MetricValue(int(total or 0))
