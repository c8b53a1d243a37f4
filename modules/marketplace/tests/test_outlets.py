"""Product feeds: who has the address reads what shows on the platform, and nobody else anything."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.catalog.api import Product, Vendor, translate
from modules.marketplace.routes.shop import FEED
from modules.marketplace.tests.conftest import SHOPIFY, Market
from orion.contracts.data import session
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns
HOME = "/vendor/SHOP/imports/feeds"
LINK = "https://shop.example/p/{handle}"
G = "{http://base.google.com/ns/1.0}"
Opened = Callable[[], str]


@pytest.fixture
def opened(market: Market, owner: FlaskClient) -> Opened:
    """Opens the feed of the vendor's platform; its path. Each time the one before is void."""

    def open_() -> str:
        token = csrf_token(owner.get(f"{HOME}/east").text)
        page = owner.post(f"{HOME}/east", data={"csrf_token": token, "link": LINK}).text
        return page.partition('class="secret"><a href="http://localhost')[2].partition('"')[0]

    return open_


def _items(answer: object) -> list[dict[str, str]]:
    channel = ET.fromstring(answer.data)[0]  # type: ignore[attr-defined]
    return [{one.tag.removeprefix(G): one.text or "" for one in item} for item in channel.findall("item")]


def test_a_feed_tells_what_shows_on_its_platform(market: Market, opened: Opened) -> None:
    market.publish(market.bring(SHOPIFY.replace("Clay pot", "Clay & <pot>"), show_on="east"))
    market.publish(market.bring("SKU,Title,Price,Status\nX,Elsewhere,1.00,active\n"))
    answer = market.app.test_client().get(opened())
    assert answer.mimetype == "application/xml" and answer.is_streamed
    assert "no-store" in answer.headers["Cache-Control"]
    small, medium, pot = _items(answer)
    assert (small["id"], small["price"], small["sale_price"]) == ("LS-S", "79.00 EUR", "59.00 EUR")
    assert (medium["title"], medium["item_group_id"]) == ("Linen shirt – M", "linen-shirt")
    assert small["gtin"] == "4000000000013" and "gtin" not in medium
    assert (pot["title"], pot["link"]) == ("Clay & <pot>", "https://shop.example/p/clay-pot")
    assert pot["availability"] == "in_stock" and "sale_price" not in pot


def test_a_feed_leaves_out_a_number_whose_check_digit_is_wrong(market: Market, opened: Opened) -> None:
    goods = "R,Right,1.00,active,4006381333931\nW,Wrong,1.00,active,4006381333932\n"
    market.publish(market.bring(f"SKU,Title,Price,Status,Barcode\n{goods}", show_on="east"))
    right, wrong = _items(market.app.test_client().get(opened()))
    assert (right["gtin"], right.get("identifier_exists")) == ("4006381333931", None)
    assert ("gtin" in wrong, wrong["identifier_exists"]) == (False, "no")


def test_an_address_that_is_new_voids_the_one_before_and_closing_voids_it_too(
    market: Market, owner: FlaskClient, opened: Opened
) -> None:
    stranger, first = market.app.test_client(), opened()
    second = opened()
    unknown = second.rpartition("/")[0] + "/nobody-knows-this.xml"
    of_rival = second.replace("/SHOP/", "/RIVAL/")
    answers = [stranger.get(address) for address in (first, unknown, of_rival)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert stranger.get(second).status_code == 200
    token = csrf_token(owner.get(HOME).text)
    assert owner.post(f"{HOME}/east/close", data={"csrf_token": token}).status_code == 303
    assert stranger.get(second).status_code == 404


def test_the_address_of_a_product_must_say_where_its_name_stands(owner: FlaskClient) -> None:
    token = csrf_token(owner.get(f"{HOME}/east").text)
    for wrong in ("https://shop.example/p", "javascript:{handle}", "shop/{handle}"):
        assert owner.post(f"{HOME}/east", data={"csrf_token": token, "link": wrong}).status_code == 422
    assert owner.get(f"{HOME}/west").status_code == 404


def test_a_feed_is_asked_for_only_so_often(market: Market, opened: Opened) -> None:
    stranger, wrong = market.app.test_client(), opened().rpartition("/")[0] + "/guess.xml"
    answers = [stranger.get(wrong).status_code for _ in range(FEED.times + 1)]
    assert answers[0] == 404 and answers[-1] == 429


def test_a_feed_speaks_another_language_as_far_as_products_do(market: Market, opened: Opened) -> None:
    market.publish(market.bring(SHOPIFY, show_on="east"))
    with market.at(write=True) as scope:
        session().scalars(select(Vendor)).one().languages = ["fr"]
        shirt = session().scalars(select(Product).where(Product.handle == "linen-shirt")).one()
        spoken = replace(scope, vendor=replace(scope.vendor, languages=("fr",)))  # type: ignore[type-var]
        said = {"title": "Chemise en lin", "value:M": "Moyen", "description": "En *lin*."}
        translate(spoken, shirt.public_id, "fr", said, now=datetime.now(UTC))
    address, stranger = opened(), market.app.test_client()
    small, medium, pot = _items(stranger.get(f"{address}?lang=fr-CH"))
    assert (small["title"], medium["title"]) == ("Chemise en lin – S", "Chemise en lin – Moyen")
    assert small["description"] == "En lin." and pot["title"] == "Clay pot"
    assert b"<language>fr</language>" in stranger.get(f"{address}?lang=fr").data
    assert _items(stranger.get(f"{address}?lang=it"))[0]["title"] == "Linen shirt – S"
