"""Saved views of a list: its question under a name, for one person at one place.

Only the list that a page is about has them: the one that is asked what the page's address asks. A view that
names what the list doesn't know any more is left out with a warning, and stays until its person deletes it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from flask import has_request_context, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from orion.contracts.errors import Invalid
from orion.contracts.scope import Scope
from orion.desk import kept
from orion.desk.kept import Thing
from orion.desk.urls import desk_url
from orion.web.listing import asked as questions
from orion.web.listing.asked import KEPT, Asked, address, bare
from orion.web.listing.filters import Parameters

if TYPE_CHECKING:
    from orion.web.listing.page import ListPage

log = logging.getLogger("orion.lists")
#: Views of which it was said in this process that they no longer fit.
_said: set[str] = set()


def sort_of(list_id: str) -> str:
    """Under what the views of a list are kept."""
    return f"view/{list_id}"


def views(page: "ListPage", scope: Scope, args: Parameters | Mapping[str, str]) -> list[Thing] | None:
    """This person's views of the list; None where the list isn't what the page is about."""
    if not has_request_context() or args is not request.args or scope.user_id is None:
        return None
    return [one for one in kept.things(scope, sort_of(page.id)) if _fits(page, scope, one)]


def question(page: "ListPage", scope: Scope, args: Parameters, views: Sequence[Thing] | None) -> Asked:
    """What is asked: of a bare address, the view that its person chose. Raises Invalid as `read` does."""
    chosen = next((one for one in views or () if one.chosen), None)
    if chosen is None:
        return questions.read(page, scope, args)
    names: Any = args
    if any(args.get(name) for name in names if name not in KEPT):
        return replace(questions.read(page, scope, args), own=True)
    state = [(name, args.get(name)) for name in KEPT if args.get(name)]
    try:
        mine: Any = MultiDict([*_pairs(chosen.value), *state])
        return replace(questions.read(page, scope, mine), own=True)
    except Invalid as error:
        _warn(chosen, error)
        return questions.read(page, scope, args)


def described(page: "ListPage", scope: Scope, asked: Asked, views: Sequence[Thing]) -> dict[str, Any] | None:
    """The views as tabs, and what can be done with the question: nothing where there is nothing to show."""
    now = address(page, replace(asked, kept=(), own=False)).removeprefix("?")
    active = next((one for one in views if sorted(_pairs(one.value)) == sorted(_pairs(now))), None)
    if not views and not now:
        return None
    back = {"back": request.path + "?" + urlencode(asked.kept) if asked.kept else request.path}
    whole = {"label": _("All"), "url": bare(asked), "active": not now}
    tabs = [
        {
            "label": one.name,
            "url": f"?{urlencode([*asked.kept, *_pairs(one.value)])}",
            "active": one is active,
        }
        for one in views
    ]
    save = now and not active
    return {
        "tabs": [whole, *tabs] if views else [],
        "save_url": desk_url(scope, "new_view", list=page.id, query=now, **back) if save else None,
        "edit_url": desk_url(scope, "view", public_id=active.public_id, **back) if active else None,
    }


def _fits(page: "ListPage", scope: Scope, one: Thing) -> bool:
    """Whether the list knows what a view names, as far as that can be told without asking the database."""
    try:
        state: Any = MultiDict(_pairs(one.value))
        questions.refuse_unknown(page, state)
        for narrowing in page.filters:
            if not callable(getattr(narrowing, "options", None)):
                narrowing.read(scope, state)
    except Invalid as error:
        _warn(one, error)
        return False
    return True


def _warn(one: Thing, error: Invalid) -> None:
    if one.public_id not in _said:
        _said.add(one.public_id)
        log.warning("a saved view is ignored", extra={"view": one.what, "reason": error.message})


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parse_qsl(query) if name not in (*KEPT, "view")]
