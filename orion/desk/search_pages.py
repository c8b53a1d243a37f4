"""The page of the search, and the page of the keys. Both are also parts of a dialog."""

from flask import g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.desk import keys as declared
from orion.desk.searching import search as find
from orion.desk.urls import desk_url
from orion.web.errors import FRAGMENT

#: `part` of the address → the template that answers it.
PARTS = {"dialog": "desk/_palette.html", "found": "desk/_found.html"}


def search(scope: Scope) -> ResponseReturnValue:
    """What is found for `q`: a page, the dialog, or what the dialog's field asks for."""
    text, part = request.args.get("q", ""), request.args.get("part", "")
    groups = find(scope, text)
    number = sum(len(group.hits) for group in groups)
    said = ngettext("%(num)s result", "%(num)s results", number) if number else _("Nothing matches")
    template = PARTS.get(part, "desk/search.html")
    asks = desk_url(scope, "search", part="found")
    # Each module has had a statement: the bell, which may need another, says no number here.
    g.silent_bell = True
    answer = make_response(render(template, groups=groups, text=text, said=said, asks=asks))
    if part in PARTS:
        answer.headers[FRAGMENT] = "found"
    return answer


def keys(scope: Scope) -> ResponseReturnValue:
    """All keys with what they do, the menu's letters among them; and whether those without Ctrl do it."""
    if request.method == "POST":
        answer = make_response(redirect(desk_url(scope, "keys"), 303))
        declared.switch(answer, on=request.form.get("single") == "on")
        return answer
    part = request.args.get("part") == "dialog"
    answer = make_response(
        render(
            "desk/_keys.html" if part else "desk/keys.html",
            keys=(declared.PALETTE, *declared.KEYS),
            are_on=declared.are_on(),
            switch_url=desk_url(scope, "keys"),
        )
    )
    if part:
        answer.headers[FRAGMENT] = "keys"
    return answer
