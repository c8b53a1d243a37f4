"""Bulk actions: what a list page can do to the rows that somebody has checked, or to all that match."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Integer

from orion.contracts.errors import Conflict, Forbidden, Invalid
from orion.contracts.pages import SAFE_METHODS, render
from orion.contracts.scope import Scope
from orion.data.database import session
from orion.web.formats import number
from orion.web.forms.answers import done
from orion.web.forms.base import Form
from orion.web.listing import asked as questions
from orion.web.listing import reading
from orion.web.listing.export import KINDS, export_list
from orion.web.listing.render import render_list
from orion.web.undo import Undo

if TYPE_CHECKING:
    from orion.web.listing.page import ListPage

#: More rows than these are not changed at once.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did, in a sentence, and what takes it back."""

    message: object
    undo: Undo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that a list does to many rows: `run(scope, keys)` gives an Outcome.

    `keys` are the list's keys of the rows that are there, in order. With a `form` the action asks for
    more first, and `run` gets the form's values as keyword arguments; `confirm` is a sentence of
    warning on a page of its own. `kind`: danger, for what is not to be done by mistake.
    """

    name: str
    label: object
    permission: str
    run: Callable[..., Outcome]
    form: type[Form] | None = None
    confirm: object = ""
    kind: str = ""


def answer_list(
    page: "ListPage", scope: Scope, template: str = "list.html", **context: Any
) -> ResponseReturnValue:
    """Answer a list's page: the list, the list as a file, and with a POST what one of its actions did."""
    kind = request.args.get("export", "")
    if kind in KINDS:
        return export_list(page, scope, kind)
    if request.method in SAFE_METHODS:
        return render_list(template, page.run(scope, request.args), **context)
    try:
        return _act(page, scope)
    except (Invalid, Conflict) as error:
        session().rollback()
        listing = page.run(scope, request.args)
        return render(template, error.status, listing=listing, problems=[error.message], **context)


def _act(page: "ListPage", scope: Scope) -> ResponseReturnValue:
    action = next((one for one in page.actions if one.name == request.form.get("action")), None)
    if action is None:
        raise Invalid(_("This list can't do that."))
    if not scope.allows(action.permission):
        raise Forbidden()
    keys = _keys(page, scope)
    values: dict[str, Any] = {}
    if action.form is not None or action.confirm:
        going = bool(request.form.get("go"))
        form = (action.form or Form)() if going else (action.form or Form)(formdata=None)
        if not going or not form.sent():
            return _ask(page, action, form, keys)
        values = form.given()
    outcome = action.run(scope, keys, **values)
    return done(outcome.message, request.full_path.rstrip("?"), outcome.undo)


def _keys(page: "ListPage", scope: Scope) -> Sequence[Any]:
    """The keys of the rows that are meant, as far as they are there for this scope."""
    question = questions.read(page, scope, request.args)  # type: ignore[arg-type]
    statement = reading.keys_of(page, scope, question)
    if request.form.get("all") != "yes":
        picked = _picked(page)
        if not picked:
            raise Invalid(_("Check the entries that you mean first."))
        statement = statement.where(page.picked_by.in_(picked))
    keys = session().scalars(statement.order_by(page.key).limit(MOST + 1)).all()
    if len(keys) > MOST:
        raise Invalid(_("More than %(number)s entries can't be changed at once.", number=number(MOST)))
    if not keys:
        raise Invalid(_("None of these entries is there any more."))
    return keys


def _picked(page: "ListPage") -> list[Any]:
    texts = list(dict.fromkeys(request.form.getlist("row")))[:MOST]
    if isinstance(page.picked_by.type, Integer):
        return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    return [text for text in texts if "\0" not in text]


def _ask(page: "ListPage", action: Action, form: Form, keys: Sequence[Any]) -> ResponseReturnValue:
    return render(
        "bulk.html",
        form.answer_status,
        form=form,
        action=action,
        title=page.title,
        count_text=ngettext("%(number)s entry", "%(number)s entries", len(keys), number=number(len(keys))),
        rows=[] if request.form.get("all") == "yes" else request.form.getlist("row")[:MOST],
        url=request.full_path.rstrip("?"),
    )
