"""What the pages about files are made of."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.cms import library, media_lists, queries
from modules.cms.clock import now
from modules.cms.forms import MediaForm, ReplaceForm, UploadForm
from modules.cms.models import Media
from modules.cms.pictures import address
from modules.cms.uploads import WIDTHS, taken
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.formats import size
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.lists import answer_list
from orion.contracts.media import MIMETYPE, send_media
from orion.contracts.pages import render
from orion.contracts.scope import Scope

#: Files that one upload may bring.
MOST_AT_ONCE = 20
#: Of how many that were refused the next page says why.
MOST_SAID = 5


def listed(scope: Scope) -> ResponseReturnValue:
    """The library, with how much room is left."""
    used, quota = size(sum(media_lists.folders(scope).values())), size(library.QUOTA)
    return answer_list(
        media_lists.MEDIA["vendor"],
        scope,
        "cms/media.html",
        intro=_("%(used)s of %(quota)s are used.", used=used, quota=quota),
        may_upload=scope.allows("cms.media"),
    )


def one(scope: Scope, public_id: str, frontend: str) -> ResponseReturnValue:
    """A file with what is known of it."""
    file, everywhere = library.one(scope, public_id), frontend == "admin"
    return render(
        "cms/file.html",
        file=file,
        shape=media_lists.shape(file),
        source=address(".file", file),
        pages=library.used_in(scope, file),
        vendor=queries.vendor(scope, file) if everywhere else None,
        may_edit=scope.allows("cms.media") and not everywhere,
        back=url_for(".media_list"),
    )


def upload(scope: Scope) -> ResponseReturnValue:
    """Bring files: those that are right are kept, and of the others it is said why not."""
    form = UploadForm()
    if form.sent():
        sent = [one for one in form.uploads.data if getattr(one, "filename", "")]
        kept, refused = _kept(scope, form, sent[:MOST_AT_ONCE])
        if kept:
            _say(refused)
            said = ngettext("One file is in the library.", "%(num)s files are in the library.", len(kept))
            return done(said, url_for(".media_list"))
        form.refuse({"uploads": refused or [_("Choose a file.")]})
    return form_page(
        form,
        "cms/upload.html",
        title=_("Upload files"),
        submit=_("Upload"),
        back=url_for(".media_list"),
        trail=[(_("Media"), url_for(".media_list"))],
        folders=media_lists.folders(scope),
    )


def _say(refused: list[str]) -> None:
    """Say of a few files why they were not taken, and how many more there are: messages live in a cookie."""
    for sentence in refused[:MOST_SAID]:
        flash(sentence, "error")
    more = len(refused) - MOST_SAID
    if more > 0:
        flash(ngettext("One more was not taken.", "%(num)s more were not taken.", more), "error")


def _kept(scope: Scope, form: UploadForm, sent: list[Any]) -> tuple[list[Media], list[str]]:
    """The files that were taken, and for each other one its name and what is wrong with it."""
    kept, refused = [], []
    for one in sent:
        try:
            with session().begin_nested():
                kept.append(library.add(scope, taken(one, one.filename), folder=form.folder.data, now=now()))
        except Invalid as error:
            refused.append(_("%(name)s: %(reason)s", name=one.filename[-80:], reason=error.message))
    return kept, refused


def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Name a file, describe it, move it."""
    file = library.one(scope, public_id)
    form = MediaForm(obj=file)
    if file.kind == "document":
        del form.alt
    if form.sent():
        with form.attempt():
            library.describe(scope, file, **{"alt": "", **form.given()})
            return done(_("Saved."), url_for(".media_file", public_id=public_id))
    return form_page(
        form,
        "cms/media_form.html",
        title=file.name,
        back=url_for(".media_file", public_id=public_id),
        trail=_trail(file),
        folders=media_lists.folders(scope),
        submit=_("Save"),
    )


def replace(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Give a file another content."""
    file = library.one(scope, public_id)
    form = ReplaceForm(obj=file)
    if form.sent():
        with form.attempt():
            sent = form.upload.data
            if not getattr(sent, "filename", ""):
                raise Invalid(errors={"upload": [_("Choose a file.")]})
            library.replace(scope, file, taken(sent, sent.filename))
            return done(_("Replaced."), url_for(".media_file", public_id=public_id))
    return form_page(
        form,
        title=_("Replace “%(name)s”", name=file.name),
        intro=_("Pages that use it show the new file at once. The old one is gone then."),
        submit=_("Replace"),
        back=url_for(".media_file", public_id=public_id),
        trail=_trail(file),
    )


def delete(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Delete a file that no page uses."""
    file = library.one(scope, public_id)
    try:
        library.delete(scope, [file], now=now())
    except Invalid as error:
        flash(error.message, "error")
        return redirect(url_for(".media_file", public_id=public_id), 303)
    return done(_("Deleted."), url_for(".media_list"), Undo("cms.files", ids=[public_id]))


def send(scope: Scope, file: Media, *, public: bool = False) -> Response:
    """A file's content: a picture in the width that is asked for, a document to be saved."""
    if file.kind == "document":
        name, mimetype, download = f"{file.key}.pdf", "application/pdf", f"{file.name}.pdf"
    else:
        width = next((w for w in WIDTHS if str(w) == request.args.get("w")), WIDTHS[-1])
        name, mimetype, download = f"{file.key}-{width}.webp", MIMETYPE, ""
    response = send_media(scope, "cms", file.vendor_id, name, mimetype, download=download, public=public)
    if request.args.get("v") != file.key:
        # An address without the content's own mark answers another content one day.
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _trail(file: Media) -> list[tuple[str, str]]:
    there = url_for(".media_file", public_id=file.public_id)
    return [(_("Media"), url_for(".media_list")), (file.name, there)]
