"""What the template of a list is given: texts and addresses, nothing to compute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.desk.kept import Thing
from orion.web import formats
from orion.web.listing import cursors, saved
from orion.web.listing.asked import WHOLE, Asked, address, bare
from orion.web.listing.export import KINDS
from orion.web.listing.filters import described
from orion.web.listing.reading import MOST, Found

if TYPE_CHECKING:
    from orion.web.listing.page import Column, ListPage, Total

_AT_THE_END = frozenset({"money", "number", "bytes"})
#: What cells of a kind are of, beside what they say.
_CLASSES = {
    "money": "end num money",
    "number": "end num",
    "bytes": "end num",
    "date": "num muted",
    "moment": "num muted",
    "muted": "muted",
    "file": "muted",
}
#: What is usually wanted downwards first.
_DOWN_FIRST = frozenset({"money", "number", "bytes", "date", "moment"})


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as it is shown; `count` (of all rows, capped) and `sums` are the figures behind the texts.
    `exports` are (words, address) of the files that it can be had as, `in_full` says that they have rows of
    their own."""

    id: str
    title: str
    search: dict[str, str] | None
    filters: list[dict[str, Any]]
    chips: list[dict[str, str]]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    count_text: str
    exact_url: str | None
    totals: list[dict[str, str]]
    pager: dict[str, str | None]
    empty: dict[str, Any] | None
    hidden: list[dict[str, str]]
    reset_url: str | None
    count: int
    sums: Mapping[str, Mapping[str | None, int]]
    bulk: dict[str, Any] | None = None
    exports: Sequence[tuple[str, str]] = ()
    in_full: bool = False
    views: dict[str, Any] | None = None


def build(
    page: "ListPage", scope: Scope, asked: Asked, found: Found, views: Sequence[Thing] | None = None
) -> ListView:
    """Describe what was found. `views` are the person's own of this list, None where it can have none."""
    capped = found.count > MOST and not asked.exact
    chips = _chips(page, scope, asked)
    return ListView(
        id=page.id,
        title=str(page.title),
        search=_search(page, asked),
        filters=described(page.filters, scope, asked.values),
        chips=chips,
        columns=[_heading(page, asked, column) for column in page.columns],
        rows=[_row(page, row, pick) for row, pick in zip(found.rows, found.picks, strict=True)],
        count_text=_count_text(found.count, capped),
        exact_url=address(page, asked, count="exact") if capped else None,
        totals=[text for total in page.totals for text in _total(total, found)],
        pager=_pager(page, asked, found),
        empty=None if found.rows else _empty(page, asked),
        hidden=_hidden(page, asked),
        reset_url=bare(asked) if chips else None,
        count=found.count,
        sums=found.sums,
        bulk=_bulk(page, scope, asked, found),
        exports=_exports(page, scope, asked, found),
        in_full=page.sheet is not None,
        views=None if views is None else saved.described(page, scope, asked, views),
    )


def _search(page: "ListPage", asked: Asked) -> dict[str, str] | None:
    if page.search is None:
        return None
    return {"name": page.search.name, "value": asked.q, "label": str(page.search.label)}


def _chips(page: "ListPage", scope: Scope, asked: Asked) -> list[dict[str, str]]:
    chips = []
    if asked.q:
        text = _("Search: “%(text)s”", text=asked.q)
        chips.append({"label": text, "url": address(page, asked, without="q")})
    for one in page.filters:
        value = asked.get(one.name)
        if value is not None:
            chips.append({"label": one.words(scope, value), "url": address(page, asked, without=one.name)})
    return chips


def _heading(page: "ListPage", asked: Asked, column: "Column") -> dict[str, Any]:
    mine = asked.sort is column
    direction = ("desc" if asked.down else "asc") if mine else None
    down = not asked.down if mine else column.kind in _DOWN_FIRST
    sort = f"-{column.name}" if down else column.name
    return {
        "key": column.name,
        "label": str(column.label),
        "sort_url": address(page, asked, sort=sort) if column.sort is not None else None,
        "direction": direction,
        "align": "end" if column.kind in _AT_THE_END else "start",
        "cell_class": _CLASSES.get(column.kind, ""),
    }


def _bulk(page: "ListPage", scope: Scope, asked: Asked, found: Found) -> dict[str, Any] | None:
    """What can be done to many rows: nothing where this person may do nothing, or there are no rows."""
    may = [action for action in page.actions if scope.allows(action.permission)]
    if not may or not found.rows:
        return None
    whole = not found.more_before and not found.more_after
    number = formats.number(found.count)
    every = ngettext("All %(number)s that match", "All %(number)s that match", found.count, number=number)
    return {
        "actions": [{"name": one.name, "label": str(one.label), "kind": one.kind} for one in may],
        "all_text": None if whole or found.count > MOST else every,
        "url": _here(page, asked),
    }


def _exports(page: "ListPage", scope: Scope, asked: Asked, found: Found) -> list[tuple[str, str]]:
    may = bool(page.export) and scope.allows(page.export) and bool(found.rows)
    return [(str(word), address(page, asked, export=kind)) for kind, word in KINDS.items()] if may else []


def _here(page: "ListPage", asked: Asked) -> str:
    """The address of the part that is shown."""
    if asked.at is None:
        return address(page, asked)
    cursor = cursors.seal(asked.identity, *asked.at)
    return address(page, asked, **{"before" if asked.back else "after": cursor})


def _row(page: "ListPage", row: Any, pick: Any) -> dict[str, Any]:
    return {
        "pick": str(pick),
        "href": page.row_url(row) if page.row_url else None,
        "cells": [_cell(column, row) for column in page.columns],
    }


def _cell(column: "Column", row: Any) -> dict[str, Any]:
    sub = column.sub(row) if column.sub else None
    return {
        "kind": column.kind,
        "text": as_text(column.kind, column.value(row)),
        "tone": column.tone(row) if column.tone else "neutral",
        "sub": str(sub) if sub else None,
        "picture": column.picture(row) if column.picture else None,
    }


def as_text(kind: str, value: Any) -> str:
    """A value as the reader writes it."""
    if value is None:
        return ""
    match kind:
        case "money":
            return value if isinstance(value, str) else formats.money(value)
        case "number":
            return formats.number(value)
        case "bytes":
            return formats.size(value)
        case "date":
            return formats.day(value)
        case "moment":
            return formats.moment(value, "short")
        case "lately":
            return formats.lately(value)
        case "file":
            return formats.breakable(value)
    return str(value)


def _count_text(count: int, capped: bool) -> str:
    if capped:
        return _("%(number)s+ entries", number=formats.number(MOST))
    return ngettext("%(number)s entry", "%(number)s entries", count, number=formats.number(count))


def _total(total: "Total", found: Found) -> list[dict[str, str]]:
    sums = found.sums.get(total.name, {})
    return [
        {
            "label": str(total.label),
            "text": formats.money(Money(amount, currency)) if currency else as_text(total.kind, amount),
        }
        for currency, amount in sorted(sums.items(), key=lambda item: item[0] or "")
    ]


def _pager(page: "ListPage", asked: Asked, found: Found) -> dict[str, str | None]:
    def at(name: str, place: tuple[Any, Any] | None, there: bool) -> str | None:
        return (
            address(page, asked, **{name: cursors.seal(asked.identity, *place)}) if there and place else None
        )

    return {
        "previous_url": at("before", found.first, found.more_before),
        "next_url": at("after", found.last, found.more_after),
    }


def _empty(page: "ListPage", asked: Asked) -> dict[str, Any]:
    if asked.narrowed:
        return {
            "kind": "no_match",
            "title": _("Nothing matches"),
            "text": _("Try another search, or fewer filters."),
            "action": {"label": _("Show all"), "url": bare(asked)},
        }
    title, text = page.empty or (_("Nothing here yet"), "")
    return {"kind": "first", "title": str(title), "text": str(text), "action": None}


def _hidden(page: "ListPage", asked: Asked) -> list[dict[str, str]]:
    state = [*asked.kept, WHOLE] if asked.own else asked.kept
    kept = [{"name": name, "value": value} for name, value in state]
    return [*kept, {"name": "sort", "value": asked.order}] if asked.order != page.default_sort else kept
