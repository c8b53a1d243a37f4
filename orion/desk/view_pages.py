"""Pages on which saved views of lists are named, changed and deleted."""

import re

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.contracts.errors import NotFound
from orion.contracts.forms import FlagField, Form, TextField, Undo, done, form_page
from orion.contracts.scope import Scope
from orion.desk import kept
from orion.desk.models import Kept
from orion.desk.urls import asking, desk_url, way_back
from orion.web.listing.saved import sort_of
from orion.web.undo import engine_undoes

_LIST = re.compile(r"[a-z][a-z0-9_.]{0,79}")
LONGEST = 60


class ViewForm(Form):
    """A view's name, and whether the list opens with it."""

    name = TextField(_l("Name"), most=LONGEST, required=True, hint=_l("Only you see it."))
    chosen = FlagField(_l("Open the list with this view"))


def new_view(scope: Scope) -> ResponseReturnValue:
    """Keep the question of a list (`list`, `query`) under a name."""
    list_id, query, back = request.args.get("list", ""), request.args.get("query", ""), way_back(scope)
    if not _LIST.fullmatch(list_id) or not query or not query.isprintable():
        raise NotFound()
    form = ViewForm()
    if form.sent():
        with form.attempt():
            given = form.given()
            kept.keep(scope, sort_of(list_id), query, **given)
            return done(_("“%(name)s” is saved.", name=given["name"]), asking(back, query))
    return form_page(form, title=_("Save this view"), back=asking(back, query), submit=_("Save view"))


def view(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Rename a view, open the list with it or not, or delete it."""
    mine, back = _view(scope, public_id), way_back(scope)
    form, here = ViewForm(obj=mine), asking(back, mine.value)
    if form.sent():
        with form.attempt():
            given = form.given()
            kept.rename(scope, mine, given["name"])
            kept.choose(scope, mine, given["chosen"])
            return done(_("Saved."), here)
    delete = desk_url(scope, "delete_view", public_id=public_id, back=back)
    return form_page(form, "desk/view.html", title=mine.name, back=here, delete_url=delete)


def delete_view(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Delete a view; that can be undone."""
    mine, back = _view(scope, public_id), way_back(scope)
    message = _("“%(name)s” is deleted.", name=mine.name)
    return done(message, back, Undo("orion.keep_again", things=kept.drop(scope, mine.what, public_id)))


@engine_undoes
def keep_again(scope: Scope, things: list[dict[str, str]]) -> None:
    """Keep again what was dropped."""
    for thing in things:
        kept.keep(scope, **thing)  # type: ignore[arg-type]


def _view(scope: Scope, public_id: str) -> Kept:
    mine = kept.one(scope, public_id)
    if not mine.what.startswith(sort_of("")):
        raise NotFound()
    return mine
