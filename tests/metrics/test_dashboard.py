"""Dashboards and tiles as a browser, htmx and a program get them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from orion.data import bookkeeping
from orion.metrics import tiles
from orion.testing import House, minimal_manifest
from orion.web import shell

from .stage import PATIENT

# What the pages make of a result has nothing to do with the database; the tests that ask it say so.
pytestmark = pytest.mark.only_on("sqlite")
on_both = pytest.mark.only_on("sqlite", "postgresql")

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept": "text/html"}
JSON = {"Accept": "application/json"}
PERMISSIONS = """
    permissions:
      - {id: shop.view, label_key: shop.permissions.view, label: View, description: See, category: shop}
      - {id: shop.secret, label_key: shop.permissions.secret, label: Secret, description: See, category: shop}
    features:
      shop_extra: {description: More, default: false}
    metrics:
"""
METRICS = {
    "sales": "period: true, kind: money, filter: {kind: sale}, "
    "links: {vendor: '/vendor/{vendor_code}/sales'}",
    "bad": "kind: count, period: true",
    "heavy": "kind: count, cost: slow",
    "extra": "kind: count, feature: shop_extra",
    "hidden": "kind: count, permission: shop.secret",
    "central": "kind: count, frontends: [admin]",
}
CODE = """
from decimal import Decimal
from orion.contracts.metrics import MetricValue, Part

asked = []

def sales(scope, context):
    asked.append("sales")
    return MetricValue(Decimal("1234.50"), previous=Decimal("1000.00"), currency="EUR", spark=(1, 3, 2))

def bad(scope, context):
    asked.append("bad")
    raise ValueError("secret detail")

def heavy(scope, context):
    return MetricValue(7)

def extra(scope, context):
    return MetricValue(8)

def hidden(scope, context):
    return MetricValue(9)

def central(scope, context):
    return MetricValue(10)
"""
PAGE = """
from orion.contracts.pages import Pages

pages = Pages(__name__)

@pages.page("/sales", permission="shop.view")
def sales(scope):
    return "the sales"
"""


def manifest(metrics: dict[str, str]) -> str:
    lines = [
        f"  - {{query: shop.{name}, label_key: shop.metrics.{name}, label: {name.title()}, "
        f"{keys}{'' if 'permission' in keys else ', permission: shop.view'}"
        f"{'' if 'frontends' in keys else ', frontends: [vendor]'}, order: {10 * place}}}"
        for place, (name, keys) in enumerate(metrics.items())
    ]
    return minimal_manifest("shop") + re.sub("(?m)^    ", "", PERMISSIONS) + "\n".join(lines) + "\n"


@pytest.fixture
def shop(house: House, keeper: Callable[..., FlaskClient]) -> FlaskClient:
    """The keeper, signed in where the module `shop` has its metrics; shop.secret is nobody's."""
    keeps = (house.root / house.package / "keeper" / "api.py").read_text()
    limited = keeps.replace(
        "return self._at(place, every_permission)",
        'return self._at(place, every_permission - {"shop.secret"})',
    )
    assert limited != keeps
    house.module("keeper", api=limited)
    house.module("shop", manifest(METRICS), metrics=CODE, routes_vendor=PAGE)
    app = house.app(**PATIENT)
    assert app.extensions["orion"].registry.on == ("keeper", "shop"), app.extensions["orion"].registry.states
    return keeper(app)


def asked(house: House) -> list[str]:
    """The metrics that were run."""
    import importlib

    return importlib.import_module(f"{house.package}.shop.metrics").asked  # type: ignore[no-any-return]


# -- the page -------------------------------------------------------------------------------------


def test_the_dashboard_computes_no_metric(shop: FlaskClient, house: House) -> None:
    page = shop.get("/vendor/ACME/")
    assert page.status_code == 200
    assert 'id="tile-shop-sales"' in page.text
    assert asked(house) == []


def test_the_dashboard_shows_the_tiles_of_this_person_and_frontend(shop: FlaskClient) -> None:
    found = re.findall(r'id="tile-shop-(\w+)"', shop.get("/vendor/ACME/").text)
    assert found == ["sales", "bad", "heavy"]
    assert re.findall(r'id="tile-shop-(\w+)"', shop.get("/admin/").text) == ["central"]


def test_cheap_tiles_come_in_one_batch_and_slow_ones_alone(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/").text
    assert 'hx-get="/vendor/ACME/tiles?ids=shop.sales,shop.bad&amp;period=30d"' in page.replace("%2C", ",")
    assert re.search(r'id="tile-shop-heavy-body" +hx-get="[^"]*tiles/shop.heavy[^"]*" hx-trigger="load', page)


def test_cheap_tiles_far_down_come_in_one_batch_of_their_own_when_they_are_seen(
    shop: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "ABOVE", 1)
    page = shop.get("/vendor/ACME/").text.replace("%2C", ",")
    asked_at = re.findall(r'hx-get="/vendor/ACME/tiles\?ids=([^&"]*)[^"]*" hx-trigger="(\w+)', page)
    assert asked_at == [("shop.sales", "load"), ("shop.bad", "revealed")]
    assert re.search(
        r'id="tile-shop-heavy-body" +hx-get="[^"]*tiles/shop.heavy[^"]*" hx-trigger="revealed', page
    )


def test_a_tile_s_title_links_to_its_rows_in_the_same_period(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/?from=2026-11-01&to=2026-11-07&platform=south").text
    link = re.search(r'href="(/vendor/ACME/sales[^"]*)"', page)
    assert link
    assert link[1] == "/vendor/ACME/sales?kind=sale&amp;from=2026-11-01&amp;to=2026-11-07&amp;platform=south"


def test_the_period_goes_with_every_link_of_the_page(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/?period=7d&platform=south").text
    for url in re.findall(r'hx-get="([^"]*)"', page):
        assert "period=7d" in url
        assert "platform=south" in url
    assert 'href="/vendor/ACME/?period=90d&amp;platform=south"' in page


def test_what_an_address_asks_is_no_rule_for_making_addresses(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/?_method=1&_external=1&_scheme=javascript&platform=south")
    assert page.status_code == 200
    assert "javascript:" not in page.text


def test_a_language_that_the_address_names_goes_with_every_tile(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/?lang=en-XA").text
    asked = re.findall(r'hx-get="([^"]*/tiles[^"]*)"', page)
    assert asked
    assert [address for address in asked if "lang=en-XA" not in address] == []


@on_both
def test_inline_shows_the_figures_without_a_script(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/?inline=1")
    assert page.status_code == 200
    assert "€1,234.50" in page.text
    assert "Shop could not work this out." in page.text
    assert 'class="tile-loader"' not in page.text


def test_a_dashboard_of_nothing_says_so(house: House, keeper: Callable[..., FlaskClient]) -> None:
    page = keeper(house.app(**PATIENT)).get("/vendor/ACME/")
    assert page.status_code == 200
    assert "tile-loader" not in page.text


# -- one tile -------------------------------------------------------------------------------------


def test_a_tile_is_a_fragment_for_htmx(shop: FlaskClient) -> None:
    tile = shop.get("/vendor/ACME/tiles/shop.sales", headers=HTMX)
    assert tile.status_code == 200
    assert "<html" not in tile.text
    assert "€1,234.50" in tile.text
    assert "more than the 30 days before" in tile.text
    assert "23%" in tile.text
    assert "X-Orion-Tile" not in tile.headers


def test_a_fragment_makes_no_menu_and_a_page_makes_one(
    shop: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, menu = [], shell.menu
    monkeypatch.setattr(shell, "menu", lambda *given: made.append(1) or menu(*given))
    shop.get("/vendor/ACME/tiles/shop.sales", headers=HTMX)
    assert made == []
    shop.get("/vendor/ACME/tiles/shop.sales")
    assert made == [1]


def test_a_tile_is_a_page_for_a_browser(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/tiles/shop.sales")
    assert page.status_code == 200
    assert "<html" in page.text
    assert "€1,234.50" in page.text


def test_a_tile_is_json_for_a_program(shop: FlaskClient) -> None:
    found = shop.get("/vendor/ACME/tiles/shop.sales?period=7d", headers=JSON).json
    assert found is not None
    assert (found["value"], found["currency"], found["period"]) == ("1234.50", "EUR", "7d")


def test_a_failing_tile_is_an_answer_with_a_message_and_a_retry(shop: FlaskClient) -> None:
    tile = shop.get("/vendor/ACME/tiles/shop.bad", headers=HTMX)
    assert tile.status_code == 200
    assert tile.headers["X-Orion-Tile"] == "failed"
    assert "Shop could not work this out." in tile.text
    assert "Since " in tile.text
    assert "data-retry" in tile.text
    assert "secret detail" not in tile.text


def test_an_unknown_or_switched_off_tile_is_not_found(shop: FlaskClient) -> None:
    for query in ("shop.forged", "shop", "orders.revenue", "shop.central", "shop.extra", "%00"):
        assert shop.get(f"/vendor/ACME/tiles/{query}", headers=HTMX).status_code == 404
        assert shop.get(f"/vendor/ACME/tiles/{query}").status_code == 404


def test_a_tile_without_the_permission_is_forbidden(shop: FlaskClient) -> None:
    assert shop.get("/vendor/ACME/tiles/shop.hidden", headers=HTMX).status_code == 403


def test_a_stranger_s_tile_sends_the_page_to_the_login(shop: FlaskClient) -> None:
    stranger = shop.application.test_client()
    answer = stranger.get("/vendor/ACME/tiles/shop.sales", headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")
    assert stranger.get("/vendor/ACME/tiles/shop.sales").status_code == 302


def test_another_vendor_s_dashboard_is_not_found(shop: FlaskClient) -> None:
    for path in ("", "tiles?ids=shop.sales", "tiles/shop.sales"):
        assert shop.get(f"/vendor/OTHER/{path}").status_code == 404


# -- the batch ------------------------------------------------------------------------------------


@on_both
def test_a_batch_has_one_partial_a_tile_and_failures_stay_in_theirs(shop: FlaskClient) -> None:
    batch = shop.get("/vendor/ACME/tiles?ids=shop.sales,shop.bad", headers=HTMX)
    assert batch.status_code == 200
    assert re.findall(r'hx-target="#([^"]*)"', batch.text) == ["tile-shop-sales-body", "tile-shop-bad-body"]
    assert "€1,234.50" in batch.text
    assert "Shop could not work this out." in batch.text


def test_a_batch_says_of_what_is_gone_that_it_is_and_nothing_of_what_is_no_id(shop: FlaskClient) -> None:
    ids = "shop.forged,shop.hidden,shop.sales,<script>"
    batch = shop.get("/vendor/ACME/tiles", query_string={"ids": ids}, headers=HTMX)
    assert batch.status_code == 200
    bodies = re.findall(r'hx-target="#([^"]*)"[^>]*>(.*?)</hx-partial>', batch.text, re.DOTALL)
    assert [name for name, _body in bodies] == [
        "tile-shop-sales-body",
        "tile-shop-forged-body",
        "tile-shop-hidden-body",
    ]
    forged, hidden = (body.strip() for _name, body in bodies[1:])
    assert forged == hidden and "is no longer shown here" in hidden
    assert "script" not in batch.text


def test_a_batch_is_json_for_a_program(shop: FlaskClient) -> None:
    found = shop.get("/vendor/ACME/tiles", headers=JSON).json
    assert found is not None
    assert [tile["query"] for tile in found["tiles"]] == ["shop.sales", "shop.bad", "shop.heavy"]


def test_a_batch_without_a_script_is_a_page(shop: FlaskClient) -> None:
    page = shop.get("/vendor/ACME/tiles?ids=shop.sales")
    assert page.status_code == 200
    assert "<html" in page.text
    assert "€1,234.50" in page.text


def test_what_a_batch_did_not_begin_asks_for_itself(house: House, keeper: Callable[..., FlaskClient]) -> None:
    house.module("shop", manifest({"sales": "kind: money"}), metrics=_only("sales"))
    client = keeper(house.app(**PATIENT | {"batch_deadline": 0.0}))
    batch = client.get("/vendor/ACME/tiles?ids=shop.sales", headers=HTMX)
    assert batch.status_code == 200
    assert 'hx-get="/vendor/ACME/tiles/shop.sales?period=30d" hx-trigger="load delay:1s"' in batch.text


def test_a_batch_of_too_many_is_refused(shop: FlaskClient) -> None:
    ids = ",".join(f"shop.x{number}" for number in range(101))
    assert shop.get(f"/vendor/ACME/tiles?ids={ids}", headers=HTMX).status_code == 422


@on_both
def test_all_metrics_raising_at_once_leave_a_dashboard(
    house: House, keeper: Callable[..., FlaskClient]
) -> None:
    names = [f"m{number}" for number in range(12)]
    code = "\n".join(f"def {name}(scope, context):\n    raise RuntimeError\n" for name in names)
    house.module("shop", manifest(dict.fromkeys(names, "kind: count")), metrics=code)
    client = keeper(house.app(**PATIENT))
    for _ in range(5):
        assert client.get("/vendor/ACME/").status_code == 200
        batch = client.get("/vendor/ACME/tiles", headers=HTMX)
        assert batch.status_code == 200
        assert batch.text.count("<hx-partial") == 12
        assert batch.text.count("data-retry") == 12
    assert client.get("/vendor/ACME/?inline=1").status_code == 200


# -- what is wrong --------------------------------------------------------------------------------


def test_a_period_that_is_none_is_refused_everywhere(shop: FlaskClient) -> None:
    for path in ("", "tiles", "tiles/shop.sales"):
        for query in ("period=forever", "from=2026-11-01", "from=2026-11-02&to=2026-11-01", "from=x&to=y"):
            assert shop.get(f"/vendor/ACME/{path}?{query}").status_code == 422


def test_a_forged_platform_is_not_found(shop: FlaskClient) -> None:
    for path in ("", "tiles", "tiles/shop.sales"):
        assert shop.get(f"/vendor/ACME/{path}?platform=forged").status_code == 404


@on_both
def test_a_quarantined_module_keeps_its_tile_with_a_message(
    house: House, keeper: Callable[..., FlaskClient]
) -> None:
    house.module("shop", manifest({"sales": "kind: money"}), metrics=_only("sales"))
    client = keeper(house.app(**PATIENT))
    assert "€1,234.50" in client.get("/vendor/ACME/tiles/shop.sales", headers=HTMX).text
    bookkeeping.flush(client.application)
    house.module("shop", manifest({"sales": "kind: money"}), metrics=_only("sales"), models="1 / 0")
    import sys

    for name in [name for name in sys.modules if name.startswith(house.package)]:
        del sys.modules[name]
    client = keeper(house.app(**PATIENT))
    assert 'id="tile-shop-sales"' in client.get("/vendor/ACME/").text
    tile = client.get("/vendor/ACME/tiles/shop.sales", headers=HTMX)
    assert tile.status_code == 200
    assert tile.headers["X-Orion-Tile"] == "failed"
    assert "Shop is out of order" in tile.text


@on_both
def test_a_failing_tile_shows_the_last_good_value_with_its_age(
    house: House, keeper: Callable[..., FlaskClient]
) -> None:
    house.module("shop", manifest({"sales": "kind: money"}), metrics=_only("sales"))
    app = house.app(**PATIENT)
    client = keeper(app)
    client.get("/vendor/ACME/tiles/shop.sales", headers=HTMX)
    bookkeeping.flush(app)
    import importlib

    module: Any = importlib.import_module(f"{house.package}.shop.metrics")
    module.sales.__code__ = (lambda scope, context: 1 / 0).__code__
    machine = app.extensions["orion_metrics"]
    from datetime import timedelta

    real = machine.clock
    machine.clock = lambda: real() + timedelta(minutes=5)
    machine.cache._cache.clear()
    tile = client.get("/vendor/ACME/tiles/shop.sales", headers=HTMX).text
    assert "€1,234.50" in tile
    assert "Last known figure, from 5 minutes ago." in tile


@on_both
def test_a_tile_costs_one_statement_beside_the_visit_s(shop: FlaskClient, count_sql: Any) -> None:
    shop.get("/vendor/ACME/")
    app = shop.application
    bookkeeping.flush(app)
    with count_sql(app) as page:
        shop.get("/vendor/ACME/")
        bookkeeping.flush(app)
    with count_sql(app) as tile:
        shop.get("/vendor/ACME/tiles/shop.heavy", headers=HTMX)
        read = [statement for statement in tile if statement.startswith("SELECT")]
    assert len(page) <= 4
    assert len(read) <= 1


def _only(name: str) -> str:
    """The code of one metric."""
    start = CODE.index(f"def {name}(")
    end = CODE.find("\ndef ", start + 1)
    return (
        "from decimal import Decimal\nfrom orion.contracts.metrics import MetricValue\nasked = []\n\n"
        + CODE[start:end]
    )
