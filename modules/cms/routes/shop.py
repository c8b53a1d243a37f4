"""Public pages, and the files that stand in them, for everybody."""

from flask import Response
from flask.typing import ResponseReturnValue

from modules.cms import library, media_views, queries
from modules.cms.clock import now
from modules.cms.forms import direction
from modules.cms.pictures import html_of
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/pages/<slug>", public=True, feature="cms_shop")
def page(scope: Scope, slug: str) -> ResponseReturnValue:
    """A page that is public now."""
    found = queries.public_page(scope, slug, now())
    return render(
        "cms/shop.html",
        page=found,
        text=html_of(scope, found.body, "cms_shop.file", found.html),
        direction=direction(found.language),
        vendor=scope.vendor,
        others=queries.others(scope, found, now()),
    )


@pages.page("/media/<public_id>", public=True, feature="cms_media")
def file(scope: Scope, public_id: str) -> Response:
    """A file that stands in a public page."""
    return media_views.send(scope, library.public(scope, public_id, now()), public=True)
