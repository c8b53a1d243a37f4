"""Dashboards and their tiles. The dashboard itself computes no metric: its tiles ask for themselves."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask, current_app, g, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from orion.contracts.errors import Forbidden, Invalid, NotFound
from orion.contracts.pages import engine_page, render
from orion.contracts.periods import Period
from orion.contracts.scope import Scope
from orion.desk.tiles import layout
from orion.desk.urls import desk_url
from orion.desk.whole import whole
from orion.metrics import discovery, words
from orion.metrics.aggregator import StatsAggregatorService
from orion.metrics.asked import period_arguments, period_asked, period_view
from orion.metrics.results import Result, to_json
from orion.metrics.tiles import TileView, dom_id, filled, slot

#: One batch asks for so many tiles at most.
MOST = 100
#: `?inline=1` waits so many times longer than a batch: nothing is asked again by itself there.
PATIENCE = 2
#: States of a tile that is not on this person's dashboard, or not any more.
GONE = frozenset({"off", "forbidden"})
#: What can be a metric's id, `<module>.<name>`: nothing else is repeated in an answer.
QUERY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def register(app: Flask) -> None:
    """Register the pages of both frontends: `dashboard.<frontend>`, `…_tiles` and `…_tile`."""
    for frontend, prefix in (("admin", "/admin"), ("vendor", "/vendor/<vendor_code>")):
        for path, name, view in (
            ("/", "", _dashboard),
            ("/tiles", "_tiles", _tiles),
            ("/tiles/<query>", "_tile", _tile),
        ):
            app.add_url_rule(prefix + path, f"dashboard.{frontend}{name}", _page(frontend, view))


def _page(frontend: str, view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    def page(scope: Scope, **arguments: str) -> ResponseReturnValue:
        return view(scope, frontend, _period(scope), **arguments)

    return engine_page(frontend)(page)


def _dashboard(scope: Scope, frontend: str, period: Period) -> ResponseReturnValue:
    """The page: a slot for each tile, and with `?inline=1` the figures too."""
    inline = request.args.get("inline") == "1"
    tiles = [_slot(scope, frontend, period, m, i) for i, m in enumerate(_metrics(scope, frontend))]
    if inline:
        ids, seconds = [tile.id for tile in tiles], PATIENCE * _machine().batch_deadline
        results = {r.query: r for r in _service().many(scope, frontend, ids, period, seconds)}
        tiles = [_filled(tile, results[tile.id]) for tile in tiles]
    return _render_dashboard(scope, frontend, period, tiles, inline)


def _tiles(scope: Scope, frontend: str, period: Period) -> ResponseReturnValue:
    """Several tiles, each its own partial whatever becomes of it; all of them without `ids`."""
    ids = list(dict.fromkeys(filter(None, request.args.get("ids", "").split(","))))
    if len(ids) > MOST:
        raise Invalid(_("Too many tiles were asked for at once."))
    service = _service()
    results = service.many(scope, frontend, ids, period) if ids else service.all(scope, frontend, period)
    if _wants_json():
        return jsonify({"tiles": [to_json(result) for result in results]})
    tiles = [_tile_of(scope, frontend, r, period) for r in results if r.state not in GONE]
    if not _wants_fragment():
        return _render_dashboard(scope, frontend, period, tiles, inline=True)
    # What was switched off, or taken from this person, while the page was open has its place there still.
    gone = [dom_id(r.query) for r in results if r.state in GONE and QUERY.fullmatch(r.query)]
    return render("_batch.html", tiles=tiles, gone=gone)


def _tile(scope: Scope, frontend: str, period: Period, query: str) -> ResponseReturnValue:
    """One tile: a fragment for htmx, a page for a browser, JSON for programs."""
    result = _service().one(scope, frontend, query, period)
    if result.state == "off":
        raise NotFound()
    if result.state == "forbidden":
        raise Forbidden(_("Your role does not show this figure."))
    response = make_response(_tile_body(scope, frontend, result, period))
    if result.state == "failed":
        response.headers["X-Orion-Tile"] = "failed"
    return response


def _tile_body(scope: Scope, frontend: str, result: Result, period: Period) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(to_json(result))
    tile = _tile_of(scope, frontend, result, period)
    return render("_tile.html" if _wants_fragment() else "tile.html", tile=tile, title=tile.title)


def _render_dashboard(
    scope: Scope, frontend: str, period: Period, tiles: list[TileView], inline: bool
) -> ResponseReturnValue:
    below = [tile.id for tile in tiles if tile.below and not tile.slow]
    above = [tile.id for tile in tiles if not tile.below and not tile.slow]
    keep: dict[str, Any] = _language() | ({"inline": "1"} if inline else {})
    return render(
        "dashboard.html",
        title=_("Dashboard"),
        tiles=tiles,
        inline=inline,
        period=period_view(period, lambda key: url_for(f"dashboard.{frontend}", period=key, **keep)),
        batch_url=_batch_url(frontend, period, above),
        below_url=None if inline else _batch_url(frontend, period, below),
        first_below=next(iter(below), None),
        arrange_url=desk_url(scope, "arrange") if tiles or _known(scope, frontend) else None,
    )


# -- pieces ---------------------------------------------------------------------------------------


def _machine() -> Any:
    return current_app.extensions["orion_metrics"]


def _service() -> StatsAggregatorService:
    return StatsAggregatorService(current_app._get_current_object(), g.registry)  # type: ignore[attr-defined]


def _period(scope: Scope) -> Period:
    return period_asked(scope, request.args, _machine().now())


def _metrics(scope: Scope, frontend: str) -> Any:
    return layout(scope).shown(_known(scope, frontend))


def _known(scope: Scope, frontend: str) -> Any:
    """The hidden ones too."""
    return discovery.tiles(g.registry, scope, frontend)


def _url(frontend: str, what: str, period: Period, **arguments: str) -> str:
    values: dict[str, Any] = arguments | period_arguments(period) | _language()
    return url_for(f"dashboard.{frontend}{what}", **values)


def _language() -> dict[str, str]:
    """A language that the address itself names: its tiles speak it too."""
    lang = request.args.get("lang")
    return {"lang": lang} if lang else {}


def _batch_url(frontend: str, period: Period, ids: list[str]) -> str | None:
    return _url(frontend, "_tiles", period, ids=",".join(ids)) if ids else None


def _slot(scope: Scope, frontend: str, period: Period, metric: Any, place: int = 0) -> TileView:
    tile = slot(metric, scope, frontend, period, _url(frontend, "_tile", period, query=metric.query), place)
    if not _may_follow(scope, metric.links.get(frontend)):
        return replace(tile, href=None)
    return replace(tile, href=whole(scope, tile.href))


def _may_follow(scope: Scope, route: str | None) -> bool:
    """Whether the page behind a tile's link is on and open to this person: one gate for all three."""
    spec = g.registry.page_behind(route) if route else None
    return spec is not None and g.registry.allowed(scope, spec)


def _filled(tile: TileView, result: Result) -> TileView:
    assert result.metric is not None
    module = result.metric.module
    name = words.module_name(module, g.registry.manifests[module].name)
    return filled(tile, result, name, _machine().now())


def _tile_of(scope: Scope, frontend: str, result: Result, period: Period) -> TileView:
    return _filled(_slot(scope, frontend, period, result.metric), result)


def _wants_fragment() -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
