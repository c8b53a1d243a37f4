"""Pages and files for a vendor's team."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.cms import library, lists, media_views, queries, services, views
from modules.cms.clock import now
from modules.cms.pictures import html_of
from orion.contracts.forms import done
from orion.contracts.limits import Limit, limited
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope

pages = Pages(__name__)
#: Reading a long text costs something, and a preview is asked for while somebody types.
PREVIEW = Limit("cms.preview", 120, 60)
GET_AND_POST = ("GET", "POST")


@pages.page("/pages", permission="cms.view", methods=GET_AND_POST)
def page_list(scope: Scope) -> ResponseReturnValue:
    """All pages."""
    return answer_list(lists.PAGES["vendor"], scope, "cms/pages.html", may_edit=scope.allows("cms.edit"))


@pages.page("/pages/new", permission="cms.edit", methods=GET_AND_POST)
def new_page(scope: Scope) -> ResponseReturnValue:
    """Write a page."""
    return views.new(scope)


@pages.page("/pages/preview", permission="cms.edit", methods=("POST",))
@limited(PREVIEW)
def preview(scope: Scope) -> ResponseReturnValue:
    """What a text looks like, while it is written."""
    text = html_of(scope, request.form.get("body", ""), "cms_vendor.file")
    return render("cms/_preview.html", text=text)


@pages.page("/pages/<public_id>", permission="cms.view")
def page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One page."""
    return views.one(scope, public_id, "vendor")


@pages.page("/pages/<public_id>/edit", permission="cms.edit", methods=GET_AND_POST)
def edit_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Change a page."""
    return views.edit(scope, public_id)


@pages.page("/pages/<public_id>/publish", permission="cms.publish", methods=GET_AND_POST)
def publish_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make a page public, now or later."""
    return views.publish(scope, public_id)


@pages.page("/pages/<public_id>/unpublish", permission="cms.publish", methods=("POST",))
def unpublish_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make a page a draft again."""
    return views.act(scope, public_id, "unpublish")


@pages.page("/pages/<public_id>/duplicate", permission="cms.edit", methods=("POST",))
def duplicate_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make a draft like a page."""
    copy = services.duplicate(scope, queries.page(scope, public_id), now=now())
    return done(_("This is the copy."), url_for(".page", public_id=copy.public_id))


@pages.page("/pages/<public_id>/archive", permission="cms.edit", methods=("POST",))
def archive_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Put a page away."""
    return views.act(scope, public_id, "archive")


@pages.page("/pages/<public_id>/unarchive", permission="cms.edit", methods=("POST",))
def unarchive_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take a page out of the archive."""
    return views.act(scope, public_id, "unarchive")


@pages.page("/pages/<public_id>/delete", permission="cms.edit", methods=("POST",))
def delete_page(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Delete a page."""
    return views.act(scope, public_id, "delete")


@pages.page("/pages/<public_id>/versions", permission="cms.view", feature="cms_versions")
def versions(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A page's versions, and what has changed between two of them."""
    return views.versions(scope, public_id)


@pages.page(
    "/pages/<public_id>/versions/<int:number>/restore",
    permission="cms.edit",
    feature="cms_versions",
    methods=("POST",),
)
def restore_version(scope: Scope, public_id: str, number: int) -> ResponseReturnValue:
    """Make an earlier version the latest."""
    return views.restore(scope, public_id, number)


# -- media ----------------------------------------------------------------------------------------


@pages.page("/media", permission="cms.view", feature="cms_media", methods=GET_AND_POST)
def media_list(scope: Scope) -> ResponseReturnValue:
    """All files."""
    return media_views.listed(scope)


@pages.page("/media/upload", permission="cms.media", feature="cms_media", methods=GET_AND_POST)
def upload(scope: Scope) -> ResponseReturnValue:
    """Bring files."""
    return media_views.upload(scope)


@pages.page("/media/<public_id>", permission="cms.view", feature="cms_media")
def media_file(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One file."""
    return media_views.one(scope, public_id, "vendor")


@pages.page("/media/<public_id>/file", permission="cms.view", feature="cms_media")
def file(scope: Scope, public_id: str) -> Response:
    """A file's content."""
    return media_views.send(scope, library.one(scope, public_id))


@pages.page("/media/<public_id>/edit", permission="cms.media", feature="cms_media", methods=GET_AND_POST)
def edit_media(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Name a file, describe it, move it."""
    return media_views.edit(scope, public_id)


@pages.page("/media/<public_id>/replace", permission="cms.media", feature="cms_media", methods=GET_AND_POST)
def replace_media(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Give a file another content."""
    return media_views.replace(scope, public_id)


@pages.page("/media/<public_id>/delete", permission="cms.media", feature="cms_media", methods=("POST",))
def delete_media(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Delete a file."""
    return media_views.delete(scope, public_id)
