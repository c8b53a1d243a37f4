"""The page on which somebody arranges the tiles of a dashboard."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from orion.contracts.errors import NotFound
from orion.contracts.forms import Form, Undo, done
from orion.contracts.pages import SAFE_METHODS, render
from orion.contracts.scope import Scope
from orion.desk import kept, tiles
from orion.desk.urls import desk_url, frontend_of
from orion.web.labels import label

STEPS = {"up": -1, "down": 1}


def arrange(scope: Scope) -> ResponseReturnValue:
    """Every tile of the dashboard, with what moves, hides and shows it."""
    all_tiles = g.registry.tiles(scope, frontend_of(scope))
    arranged = tiles.layout(scope)
    if request.method not in SAFE_METHODS and Form().sent():
        return _change(scope, arranged)
    rows = [
        {
            "id": tile.query,
            "title": label(tile.label_key, tile.label),
            "hidden": tile.query in arranged.hidden,
        }
        for tile in arranged.sorted(all_tiles)
    ]
    home = url_for(f"dashboard.{frontend_of(scope)}")
    return render("desk/arrange.html", rows=rows, home=home, own=bool(kept.things(scope, tiles.WHAT)))


def _change(scope: Scope, arranged: tiles.Layout) -> ResponseReturnValue:
    did, _colon, name = request.form.get("do", "").partition(":")
    if did == "reset":
        return done(_("The usual order is back."), desk_url(scope, "arrange"), _undo(scope))
    all_tiles = g.registry.tiles(scope, frontend_of(scope))
    if name not in {tile.query for tile in all_tiles}:
        raise NotFound()
    if did in STEPS:
        tiles.save(scope, arranged.moved(all_tiles, name, STEPS[did]))
    elif did in ("hide", "show"):
        tiles.save(scope, arranged.hiding(name, did == "hide"))
    # The page comes back with the focus where it was.
    return redirect(desk_url(scope, "arrange", at=request.form["do"]), 303)


def _undo(scope: Scope) -> Undo | None:
    things = tiles.reset(scope)
    return Undo("orion.keep_again", things=things) if things else None
