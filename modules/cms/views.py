"""What the pages about pages are made of."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.cms import library, publishing, queries, services, translations
from modules.cms.clock import now
from modules.cms.forms import PageForm, PublishForm
from modules.cms.lists import STATES
from modules.cms.models import Page, Version
from modules.cms.pictures import address, html_of
from orion.contracts.errors import NotFound
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.contracts.texts import language_name, own_language

#: Pictures that the editor offers.
OFFERED = 24


def one(scope: Scope, public_id: str, frontend: str) -> ResponseReturnValue:
    """A page as it reads, with its state."""
    page, moment = queries.page(scope, public_id), now()
    state = page.state(moment)
    everywhere, platforms = frontend == "admin", queries.platforms_of(scope, page)
    return render(
        "cms/page.html",
        page=page,
        text=html_of(scope, page.body, f"cms_{frontend}.file", page.html),
        state=(state, *STATES[state]),
        old=page.old_number(moment),
        language=language_name(page.language),
        tongues=translations.tongues_of(scope, page) if not everywhere and scope.allows("cms.edit") else [],
        platforms=platforms,
        vendor=queries.vendor(scope, page) if everywhere else None,
        back=url_for(f"cms_{frontend}.page_list"),
        shop=_shop_url(scope, page, moment) if platforms and not everywhere else "",
        may=set() if everywhere else {one for one in ("edit", "publish") if scope.allows(f"cms.{one}")},
        versions=scope.has("cms.cms_versions") and not everywhere,
    )


def _shop_url(scope: Scope, page: Page, moment: datetime) -> str:
    there = scope.has("cms.cms_shop") and scope.vendor is not None and not scope.is_shut
    if not there or (page.state(moment) != "published" and page.old_number(moment) is None):
        return ""
    said = next(iter(queries.old_texts(scope, page, moment)), page)
    return url_for("cms_shop.page", slug=said.slug)


def editor(scope: Scope, form: PageForm, page: Page | None) -> ResponseReturnValue:
    """The form of a page; with what it will look like, where that was asked for."""
    pictures = library.newest(scope, OFFERED) if scope.has("cms.cms_media") else ()
    asked = request.form.get("show") == "preview"
    return form_page(
        form,
        "cms/edit.html",
        title=page.title if page else _("New page"),
        back=url_for(".page", public_id=page.public_id) if page else url_for(".page_list"),
        trail=[(_("Pages"), url_for(".page_list"))],
        public=page is not None and page.state(now()) == "published",
        later=page.published_from if page is not None and page.old_number(now()) else None,
        tongues=translations.tongues_of(scope, page) if page is not None else [],
        preview=html_of(scope, form.body.data or "", "cms_vendor.file") if asked else None,
        pictures=[(file, address("cms_vendor.file", file, 320)) for file in pictures if file.width],
    )


def new(scope: Scope) -> ResponseReturnValue:
    """Write a page."""
    form = PageForm(data={"language": own_language(scope)})
    if request.form.get("show") != "preview" and form.sent():
        with form.attempt():
            page = services.create(scope, **_text(form), now=now())
            return done(_("Saved as a draft."), url_for(".page", public_id=page.public_id))
    return editor(scope, form, None)


def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Change a page; with `translation`, in another language than its own."""
    page = queries.page(scope, public_id)
    if language := request.args.get("translation", ""):
        return translations.translate(scope, page, language)
    form = PageForm(obj=page)
    if request.form.get("show") != "preview" and form.sent():
        with form.attempt():
            changed = services.edit(scope, page, **_text(form), now=now())
            return done(
                _("Saved.") if changed else _("Nothing has changed."), url_for(".page", public_id=public_id)
            )
    return editor(scope, form, page)


def _text(form: PageForm) -> dict[str, Any]:
    return {name: getattr(form, name).data for name in ("title", "slug", "language", "body")}


def publish(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make a page public, now or later, and say where."""
    page = queries.page(scope, public_id)
    form = _publish_form(scope, page)
    if form.sent():
        with form.attempt():
            at = _moment(scope, form)
            before = publishing.publish(scope, [page], at=at, now=now())
            if "shown_on" in form:
                publishing.place(scope, page, [int(value) for value in form.shown_on.data])
            said = _("It will be published at that moment.") if at else _("Published.")
            said = _("Until then it stays public as it is.") if page.old_number(now()) else said
            return done(said, _way_back(page), Undo("cms.publication", pages=before))
    title = _("Publish “%(title)s”", title=page.title)
    return form_page(form, title=title, submit=_("Publish"), back=_way_back(page), trail=_trail(page))


def _publish_form(scope: Scope, page: Page) -> PublishForm:
    here = scope.for_changes().platforms
    shown_on = [str(p.id) for p in queries.platforms_of(scope, page) if p.id in here]
    form = PublishForm(obj=page, data={"shown_on": shown_on})
    if not scope.has("cms.cms_scheduling"):
        del form.on, form.time
    elif page.state(now()) == "published" or page.old_number(now()) is not None:
        form.on.description = _(
            "The page stays public as it is until then; what is saved meanwhile shows from then on. "
            "Left empty, all that is saved shows at once."
        )
    if scope.platform is not None:
        del form.shown_on
        return form
    offered = [(str(p.id), p.name) for p in queries.platforms(scope) if p.id in here]
    form.shown_on.groups, form.shown_on.required = [("", offered)], bool(offered)
    return form


def _moment(scope: Scope, form: PublishForm) -> datetime | None:
    if "on" not in form or form.on.data is None:
        return None
    return publishing.moment_of(form.on.data, form.time.data or time(), scope.zone)


def _way_back(page: Page) -> str:
    return url_for(".page", public_id=page.public_id)


def _trail(page: Page) -> list[tuple[str, str]]:
    return [(_("Pages"), url_for(".page_list")), (page.title, _way_back(page))]


def act(scope: Scope, public_id: str, action: str) -> ResponseReturnValue:
    """Do at once what can be taken back: unpublish, archive, unarchive or delete a page."""
    page = queries.page(scope, public_id)
    name, said, run = {
        "unpublish": ("publication", _("It is a draft again."), publishing.unpublish),
        "archive": ("shelf", _("Archived."), lambda *given: publishing.archive(*given, now=now())),
        "unarchive": ("shelf", _("It is a draft again."), publishing.unarchive),
        "delete": ("shelf", _("Deleted."), lambda *given: publishing.delete(*given, now=now())),
    }[action]
    before = run(scope, [page])
    there = url_for(".page_list") if action == "delete" else _way_back(page)
    return done(said, there, Undo(f"cms.{name}", pages=before))


def versions(scope: Scope, public_id: str) -> ResponseReturnValue:
    """All versions of a page, and what has changed between two of them."""
    page = queries.page(scope, public_id)
    found = queries.versions(scope, page)
    old, new = (_number(name) for name in ("old", "new"))
    compared = translations.compared(scope, page, old, new or page.number) if old else None
    return render(
        "cms/versions.html",
        page=page,
        versions=found,
        language_name=language_name,
        latest=_latest([version for version, _who in found]),
        compared=compared,
        old=old or page.number - 1,
        new=new or page.number,
        may_edit=scope.allows("cms.edit"),
        trail=_trail(page),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _latest(versions: Sequence[Version]) -> set[int]:
    """The numbers of the latest version of the page and of each of its translations."""
    found: dict[str, int] = {}
    for version in versions:
        found.setdefault(version.language if version.is_translation else "", version.number)
    return set(found.values())


def restore(scope: Scope, public_id: str, number: int) -> ResponseReturnValue:
    """Make an earlier version the latest."""
    page = queries.page(scope, public_id)
    latest = queries.latest(scope, page, queries.version(scope, page, number))
    if number == latest:
        raise NotFound()
    services.restore(scope, page, number, now=now())
    said = _("Version %(num)s is the latest again.", num=number)
    return done(said, _way_back(page), Undo("cms.version", page=public_id, number=latest))
