"""Pages and files for people who run platforms: they look, and change nothing."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from modules.cms import library, lists, media_lists, media_views, views
from orion.contracts.lists import render_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/pages", permission="cms.view")
def page_list(scope: Scope) -> ResponseReturnValue:
    """All pages of the scope."""
    return render_list("list.html", lists.PAGES["admin"].run(scope, request.args))


@pages.page("/pages/<public_id>", permission="cms.view")
def page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One page."""
    return views.one(scope, public_id, "admin")


@pages.page("/media", permission="cms.view", feature="cms_media")
def media_list(scope: Scope) -> ResponseReturnValue:
    """All files of the scope."""
    return render_list("list.html", media_lists.MEDIA["admin"].run(scope, request.args))


@pages.page("/media/<public_id>", permission="cms.view", feature="cms_media")
def media_file(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One file."""
    return media_views.one(scope, public_id, "admin")


@pages.page("/media/<public_id>/file", permission="cms.view", feature="cms_media")
def file(scope: Scope, public_id: str) -> Response:
    """A file's content."""
    return media_views.send(scope, library.one(scope, public_id))
