"""Public pages, and the files that stand in them, for everybody."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from modules.cms import library, media_views, queries
from modules.cms.clock import now
from modules.cms.pictures import html_of
from orion.contracts.locales import wishes
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope
from orion.contracts.texts import Tongue, nearest

pages = Pages(__name__)


@pages.page("/pages/<slug>", public=True, feature="cms_shop")
def page(scope: Scope, slug: str) -> ResponseReturnValue:
    """A page that is public now, in the language that the reader wishes for most, of those that it is in."""
    found = queries.public_page(scope, slug, now())
    old = {one.language: one for one in queries.old_texts(scope, found, now())}
    there = list(old) or [found.language, *queries.translated(scope, found)]
    language = next((tag for wish in wishes() if (tag := nearest(wish, there))), there[0])
    said = old[language] if old else queries.said_in(scope, found, language)
    return render(
        "cms/shop.html",
        page=said,
        text=html_of(scope, said.body, "cms_shop.file", getattr(said, "html", None)),
        language=Tongue(language),
        languages=[Tongue(tag, url_for("cms_shop.page", slug=slug, lang=tag)) for tag in there],
        vendor=scope.vendor,
        others=queries.others(scope, found, language, now()),
    )


@pages.page("/media/<public_id>", public=True, feature="cms_media")
def file(scope: Scope, public_id: str) -> Response:
    """A file that stands in a public page."""
    return media_views.send(scope, library.public(scope, public_id, now()), public=True)
