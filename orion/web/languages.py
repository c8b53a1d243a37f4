"""/account/language: the language that somebody reads in, signed in or not."""

from flask import Flask, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from orion.contracts.pages import SAFE_METHODS, engine_page, render
from orion.contracts.scope import Scope
from orion.data.database import session
from orion.i18n import COOKIE, language_tag, offered, pseudo
from orion.identity.cookies import set_cookie
from orion.identity.visit import current_visit
from orion.web.forms.lists import languages
from orion.web.here import this_page
from orion.web.theme import YEAR, inside

#: What the pseudo-languages call themselves.
NAMES = {"en_XA": "[Åççéñţš]", "ar_XB": "[Ŕîĝĥţ ţö ļéƒţ]"}


def init_app(app: Flask) -> None:
    """Serve the page, and give the templates `language_url`."""
    app.add_url_rule("/account/language", "language", choose, methods=["GET", "POST"])
    app.jinja_env.globals["language_url"] = lambda: url_for("language", next=_here())


@engine_page(public=True)
def choose(_scope: Scope) -> ResponseReturnValue:
    """Offer the languages that there are; remember `lang`, and go back to `next`, a page of this site."""
    there = offered(current_app.extensions["orion_catalogs"])
    back = inside(request.values.get("next", ""))
    if request.method in SAFE_METHODS:
        named = languages([name for name in there if name not in NAMES])
        named += [(name, NAMES[name]) for name in there if name in NAMES]
        shown = [(name, name.replace("_", "-"), text) for name, text in named]
        return render("account/language.html", languages=shown, here=language_tag(), back=back)
    wanted = request.form.get("lang", "")
    if wanted not in there:
        abort(422)
    visit = current_visit()
    if visit is not None and wanted not in pseudo.LOCALES:
        visit.user.locale = wanted
        session().add(visit.user)
    response = make_response(redirect(back, 303))
    set_cookie(request, response, COOKIE, wanted, YEAR)
    return response


def _here() -> str:
    """This page, which another language would show alike: without the one that it was asked for in."""
    if request.method not in SAFE_METHODS or request.endpoint in (None, "language"):
        return inside(request.values.get("next", ""))
    return this_page(without=("lang",))
