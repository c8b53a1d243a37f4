"""The product picker that other modules' pages show."""

import json
from html import unescape
from typing import Any

import pytest
from flask import render_template

from modules.catalog import listings
from modules.catalog.panels import picker
from modules.catalog.tests.conftest import NOW, Market

pytestmark = pytest.mark.only_on("sqlite")


def offered(market: Market, q: str, vendor: str = "SHOP", **options: Any) -> list[dict[str, Any]]:
    """What the picker's buttons say."""
    with market.at(vendor) as scope:
        template, context = picker(scope, q, **{"currency": "EUR", **options})
        page = render_template(template, **context)
    return [json.loads(unescape(part.partition('"')[0])) for part in page.split('name="pick" value="')[1:]]


def test_a_product_is_found_by_a_part_of_its_name_or_its_sku(market: Market) -> None:
    market.product('Apron "Sage"', sku="AP-1")
    button = {"sku": "AP-1", "title": 'Apron "Sage"', "unit_price": 4200}
    assert offered(market, "sag") == offered(market, "ap-") == [button]
    assert offered(market, "cup") == offered(market, "") == []


def test_a_product_has_the_price_of_the_orders_platform(market: Market) -> None:
    product = market.product(sku="AP-1")
    [variant] = market.variants(product)
    wanted = {"east": listings.WantedOffer(True, {variant.public_id: 4700})}
    market.run(listings.offer, product.public_id, wanted, now=NOW)
    prices = [offered(market, "apron", platform=code)[0]["unit_price"] for code in ("east", "west")]
    assert prices == [4700, 4200]


def test_a_price_in_another_currency_is_not_taken_for_the_orders(market: Market) -> None:
    market.product(sku="AP-1")
    assert offered(market, "apron", currency="USD")[0]["unit_price"] is None


def test_another_vendors_products_and_archived_ones_are_not_offered(market: Market) -> None:
    market.product(vendor="RIVAL", sku="AP-2")
    market.product(status="archived", sku="AP-3")
    assert offered(market, "apron") == []
