"""Shops: whoever comes is a visitor of one vendor."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.testing import House

SHOP = '''
    """A shop window."""
    from orion.contracts.pages import Pages
    pages = Pages(__name__)


    @pages.page("/window", public=True)
    def window(scope):
        """Who looks in here."""
        return f"{scope.kind} {sorted(scope.vendors)} {scope.user_id} {sorted(scope.permissions)}"


    @pages.page("/sale", public=True, feature="sale")
    def sale(scope):
        """A page that a feature may take away."""
        return "sale"
'''
MANIFEST = """
    schema: 1
    code: window
    name: Window
    description: A module for tests.
    version: "1.0.0"
    requires: [keeper]
    features:
      sale: {description: Sale, default: false}
"""


@pytest.fixture
def shop(house: House) -> Flask:
    house.module("window", MANIFEST, routes_shop=SHOP)
    return house.app()


def test_anybody_may_look_in_without_any_right(shop: Flask) -> None:
    assert shop.test_client().get("/shop/ACME/window").text == "vendor [1] None []"


def test_whoever_works_for_the_shop_is_a_visitor_there_too(
    shop: Flask, keeper: Callable[[Flask], FlaskClient]
) -> None:
    assert keeper(shop).get("/shop/ACME/window").text == "vendor [1] None []"


@pytest.mark.parametrize("address", ["/shop/NOSUCH/window", "/shop/ACME/window?platform=nosuch"])
def test_a_shop_that_is_not_there_is_not_found(shop: Flask, address: str) -> None:
    assert shop.test_client().get(address).status_code == 404


def test_a_page_whose_feature_is_off_is_not_found(shop: Flask) -> None:
    assert shop.test_client().get("/shop/ACME/sale").status_code == 404
