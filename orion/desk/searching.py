"""The search of all modules: of each that is on and open to the person, the first rows of its list."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from orion.contracts.lists import ListPage
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.search import Searched
from orion.data.database import session
from orion.desk.urls import frontend_of, may_open
from orion.web import limits, shell
from orion.web.listing import asked as questions
from orion.web.listing import reading
from orion.web.listing.view import as_text

log = logging.getLogger("orion.search")
#: Rows of a module, modules that are asked (a statement each), and characters before any is.
HITS, MODULES, LEAST = 5, 20, 2


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    label: str
    url: str
    sub: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one sort. `all_url` leads to the list where there is more; `failed` says that it
    couldn't be asked."""

    id: str
    label: str
    hits: list[Hit] = field(default_factory=list)
    all_url: str | None = None
    failed: bool = False


def search(scope: Scope, text: str) -> list[Group]:
    """Menu entries of which a word begins with the text, and rows of every module: a statement a module.

    Raises TooMany for searching on and on.
    """
    text = " ".join("".join(c for c in text if c.isprintable()).split())[:100]
    groups = [Group("menu", _("Go to"), list(_entries(scope, text)))]
    if len(normalise(text)) >= LEAST:
        limits.spend_here(limits.SEARCH, scope)
        groups += [_group(scope, one, text) for one in sources(scope)]
    return [group for group in groups if group.hits or group.failed]


def sources(scope: Scope) -> list[Searched]:
    """The lists that this person may search, in the order of the menu."""
    frontend, modules = frontend_of(scope), current_app.extensions["orion"].modules
    menu = [e.spec.endpoint for _s, entries in g.registry.menu(scope, frontend) for e in entries]
    found = [getattr(modules[code].parts.get("search"), "searched", {}) for code in g.registry.on]
    mine = [one[frontend] for one in found if frontend in one]
    open_ = [one for one in mine if may_open(scope, one.endpoint)]
    return sorted(open_, key=lambda one: menu.index(one.endpoint) if one.endpoint in menu else len(menu))[
        :MODULES
    ]


def _entries(scope: Scope, text: str) -> Iterator[Hit]:
    words = normalise(text).split()
    for section in shell.menu(g.registry, scope, frontend_of(scope)):
        for link in section.items:
            there = normalise(link.label).split()
            if all(any(word.startswith(start) for word in there) for start in words):
                yield Hit(link.label, link.url, section.label, link.icon)


def _group(scope: Scope, one: Searched, text: str) -> Group:
    page = one.list_for(scope)
    id_, title = page.id.replace(".", "-"), str(page.title)
    try:
        rows, more = _rows(page, scope, text)
        question: Any = {_name(page): text}
        all_url = url_for(one.endpoint, **question)
        hits = [_hit(page, row, all_url) for row in rows]
        return Group(id_, title, hits, all_url if more else None)
    except Exception:
        # One module's failure is its own; PostgreSQL answers nothing more in a transaction with a fault.
        log.exception("search failed", extra={"list": page.id})
        session().rollback()
        return Group(id_, title, failed=True)


def _rows(page: ListPage, scope: Scope, text: str) -> tuple[list[Any], bool]:
    """The list's first rows for a search, and whether there are more."""
    arguments: Any = MultiDict({_name(page): text})
    few = replace(page, per_page=HITS)
    found = reading.part(few, scope, questions.read(few, scope, arguments))
    return found.rows, found.more_after


def _name(page: ListPage) -> str:
    assert page.search is not None, f"{page.id} has no search"
    return page.search.name


def _hit(page: ListPage, row: Any, all_url: str) -> Hit:
    """The row as its list names it: by the first column and its second line, or the column after it."""
    first, second = page.columns[:2]
    sub = first.sub(row) if first.sub else as_text(second.kind, second.value(row))
    return Hit(str(first.value(row)), page.row_url(row) if page.row_url else all_url, str(sub or ""))
