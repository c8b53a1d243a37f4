"""Light, dark or as the device says: a person's choice, kept in a cookie so that no page flashes."""

from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from orion.contracts.pages import engine_page
from orion.contracts.scope import Scope
from orion.identity.cookies import cookie_name, read_cookie

THEMES = ("auto", "light", "dark")
KIND = "theme"
YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Serve POST /account/theme and give the templates `theme_url`."""
    app.add_url_rule("/account/theme", "theme", choose, methods=["POST"])
    app.jinja_env.globals["theme_url"] = lambda: url_for("theme")


@engine_page(public=True)
def choose(_scope: Scope) -> ResponseReturnValue:
    """Remember `theme` and go back to `next`, a page of this site."""
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        abort(422)
    response = redirect(inside(request.form.get("next", "")), 303)
    # The page's script sets it too.
    name = cookie_name(KIND, request)
    response.set_cookie(name, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return response


def chosen() -> str | None:
    """What the browser of this request was told."""
    return read_cookie(request, KIND)


def inside(target: str) -> str:
    """`target` if it is a path of this site, else the front page."""
    parts = urlsplit(target.replace("\\", "/"))
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if inside else "/"
