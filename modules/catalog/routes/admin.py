"""Product pages for people who run platforms: they look, and vendors write."""

from flask import Response
from flask.typing import ResponseReturnValue

from modules.catalog.lists import PAGES
from modules.catalog.views import about, send_image
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/products", permission="catalog.view")
def products(scope: Scope) -> ResponseReturnValue:
    """Every product of the scope's vendors."""
    return answer_list(PAGES["admin"], scope)


@pages.page("/products/<public_id>", permission="catalog.view")
def product(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One product."""
    return render("catalog/product.html", **about(scope, public_id, "admin"))


@pages.page("/products/images/<key>/<width>", permission="catalog.view")
def image(scope: Scope, key: str, width: str) -> Response:
    """A picture of a product."""
    return send_image(scope, key, width)
