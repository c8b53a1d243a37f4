"""Reading a part of a list: at most three statements, for its rows, their number and their totals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, null, select

from orion.contracts.scope import Scope
from orion.data.database import session
from orion.web.listing import keyset
from orion.web.listing.asked import Asked

if TYPE_CHECKING:
    from orion.web.listing.page import ListPage

#: Counting stops here unless an exact count is asked for.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """Rows in their order, the (sort value, key) of the first and the last, and what lies beyond them;
    `picks` are what actions know the rows by.

    `count` is that of all rows of the question, MOST + 1 standing for any more; `sums` maps a total's
    name to currency → sum (the currency None for sums that have none).
    """

    rows: list[Any]
    picks: list[Any] = field(default_factory=list)
    first: tuple[Any, Any] | None = None
    last: tuple[Any, Any] | None = None
    more_before: bool = False
    more_after: bool = False
    count: int = 0
    sums: Mapping[str, Mapping[str | None, int]] = field(default_factory=dict)


def read(page: "ListPage", scope: Scope, asked: Asked) -> Found:
    """The rows that are asked for. A part that has become empty is the first part again."""
    statement = narrowed(page, scope, asked)
    found = _rows(page, statement, asked)
    if not found.rows and asked.at is not None:
        found = _rows(page, statement, replace(asked, at=None, back=False))
    whole = not found.more_before and not found.more_after
    counted = narrowed(page, scope, asked, page.counted) if page.counted else statement
    count = len(found.rows) if whole else _count(page, counted, asked.exact)
    return replace(found, count=count, sums=_sums(page, counted, asked) if found.rows else {})


def part(page: "ListPage", scope: Scope, asked: Asked) -> Found:
    """The rows that are asked for, without their number and totals."""
    found = _rows(page, narrowed(page, scope, asked), asked)
    return replace(found, more_after=found.more_after and len(found.rows) == page.per_page)


def narrowed(
    page: "ListPage", scope: Scope, asked: Asked, rows: Callable[[Scope], Select[Any]] | None = None
) -> Select[Any]:
    """All rows of the question, in no order: of the page's own statement, or of other `rows`."""
    statement = (rows or page.statement)(scope)
    if page.search and asked.q:
        statement = page.search.narrow(statement, asked.q)
    for one in page.filters:
        statement = one.narrow(statement, asked.get(one.name), asked)
    return statement


def paged(page: "ListPage", statement: Select[Any], asked: Asked) -> Select[Any]:
    """One row more than a page, from the cursor on; the last columns are sort value, key and pick."""
    sort, key, nullable = asked.sort.sort, page.key, asked.sort.may_be_null
    if asked.at is not None:
        rest = keyset.beyond(sort, key, asked.at, down=asked.down, nullable=nullable, back=asked.back)
        statement = statement.where(rest)
    statement = keyset.ordered(statement, sort, key, down=asked.down, nullable=nullable, back=asked.back)
    labelled = {"list_sort": sort, "list_key": key, "list_pick": page.picked_by}
    statement = statement.add_columns(*(column.label(name) for name, column in labelled.items()))
    return statement.limit(page.per_page + 1)


def keys_of(page: "ListPage", scope: Scope, asked: Asked) -> Select[Any]:
    """The keys of all rows of the question."""
    return _without_rows(narrowed(page, scope, asked), page.key)


def _rows(page: "ListPage", statement: Select[Any], asked: Asked) -> Found:
    alone = len(statement.column_descriptions) == 1
    got = session().execute(paged(page, statement, asked)).all()
    more, got = len(got) > page.per_page, list(got[: page.per_page])
    if asked.back:
        got.reverse()
    if not got:
        return Found([])
    return Found(
        rows=[row[0] if alone else row for row in got],
        picks=[row.list_pick for row in got],
        first=(got[0].list_sort, got[0].list_key),
        last=(got[-1].list_sort, got[-1].list_key),
        more_before=more if asked.back else asked.at is not None,
        more_after=more if not asked.back else True,
    )


def _count(page: "ListPage", statement: Select[Any], exact: bool) -> int:
    keys = _without_rows(statement, page.key)
    if not exact:
        keys = keys.limit(MOST + 1)
    return session().scalar(select(func.count()).select_from(keys.subquery("found"))) or 0


def _sums(page: "ListPage", statement: Select[Any], asked: Asked) -> dict[str, dict[str | None, int]]:
    if not page.totals:
        return {}
    summary = None if asked.exact or page.summary is None else page.summary(asked)
    sums: dict[str, dict[str | None, int]] = {total.name: {} for total in page.totals}
    for currency, *amounts in session().execute(_totalled(page, statement) if summary is None else summary):
        for total, amount in zip(page.totals, amounts, strict=True):
            under = currency if total.currency is not None else None
            sums[total.name][under] = sums[total.name].get(under, 0) + int(amount or 0)
    return sums


def _totalled(page: "ListPage", statement: Select[Any]) -> Select[Any]:
    currency = next((total.currency for total in page.totals if total.currency is not None), None)
    amounts = [func.sum(total.amount) for total in page.totals]
    if currency is None:
        return _without_rows(statement, null(), *amounts)
    return _without_rows(statement, currency, *amounts).group_by(currency).order_by(currency)


def _without_rows(statement: Select[Any], *columns: Any) -> Select[Any]:
    """The same rows, but only what is computed of them."""
    return statement.order_by(None).with_only_columns(*columns, maintain_column_froms=True)
