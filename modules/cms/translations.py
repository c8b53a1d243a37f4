"""The page on which a page is translated, and which languages there are."""

from types import SimpleNamespace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from modules.cms import difference, queries, translating
from modules.cms.clock import now
from modules.cms.forms import TranslationForm
from modules.cms.models import Page, Translation
from modules.cms.pictures import html_of
from orion.contracts.errors import NotFound
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.scope import Scope
from orion.contracts.texts import Tongue, tongues


def tongues_of(scope: Scope, page: Page, chosen: str = "") -> list[Tongue]:
    """The languages of a page, its own first; nothing where it has no other."""
    others = translating.targets(scope, page)
    if not others:
        return []
    lacking = {tag: (0, int(of < page.text_number)) for tag, of in queries.translated(scope, page).items()}
    return tongues(page.language, others, lacking, chosen, lambda tag: _at(page, tag))


def translate(scope: Scope, page: Page, language: str) -> ResponseReturnValue:
    """A page in another language. Raises NotFound for one that it isn't translated into."""
    if language not in translating.targets(scope, page):
        raise NotFound()
    row = queries.translation(scope, page, language)
    form = TranslationForm(obj=_filled(page, row))
    asked = request.form.get("show") == "preview"
    if not asked and form.sent():
        with form.attempt():
            said = (form.title.data or "", form.body.data or "")
            before = translating.translate(scope, page, language, *said, now=now())
            undo = Undo("cms.translation", page=page.public_id, language=language, before=before)
            return done(_("Translation saved."), _at(page, language), undo)
    return form_page(
        form,
        "cms/translation.html",
        page=page,
        of=Tongue(page.language),
        into=Tongue(language),
        state="" if row and row.of >= page.text_number else "outdated" if row else "missing",
        tongues=tongues_of(scope, page, language),
        public=page.state(now()) == "published",
        later=page.published_from if page.old_number(now()) else None,
        preview=html_of(scope, form.body.data or "", "cms_vendor.file") if asked else None,
        compared=_since(scope, page, row),
        back=url_for(".page", public_id=page.public_id),
        trail=[(_("Pages"), url_for(".page_list")), (page.title, url_for(".page", public_id=page.public_id))],
    )


def compared(scope: Scope, page: Page, old: int, new: int) -> dict[str, Any]:
    """What has changed between two versions of a page. Raises NotFound."""
    before, after = queries.version(scope, page, old), queries.version(scope, page, new)
    names = {"title": _("Title"), "slug": pgettext("web", "Address"), "language": _("Language")}
    facts = [
        (label, getattr(before, name), getattr(after, name))
        for name, label in names.items()
        if getattr(before, name) != getattr(after, name)
    ]
    return {"facts": facts, "lines": difference.compare(before.body, after.body), "old": old, "new": new}


def _since(scope: Scope, page: Page, row: Translation | None) -> dict[str, Any] | None:
    """What has changed in a page since it was translated, where that is known."""
    if row is None or not 0 < row.of < page.text_number:
        return None
    return compared(scope, page, row.of, page.text_number)


def _filled(page: Page, row: Translation | None) -> SimpleNamespace:
    """What the form holds. Its version changes with the translation and with the text that it is of."""
    version = (row.version if row else 0) * 1_000_000 + page.text_number
    return SimpleNamespace(title=row.title if row else "", body=row.body if row else "", version=version)


def _at(page: Page, language: str) -> str:
    return url_for("cms_vendor.edit_page", public_id=page.public_id, translation=language or None)
