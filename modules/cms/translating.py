"""Writing pages in other languages than their own: each save keeps a version."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.cms import queries
from modules.cms.models import Media, Page, Translation, Use, Version
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.markdown import LONGEST, media_in, read
from orion.contracts.scope import Scope
from orion.contracts.texts import own_language, translated_into


def targets(scope: Scope, page: Page) -> list[str]:
    """The languages that a page can be translated into: those of the vendor, without its own."""
    others = translated_into(scope)
    return [tag for tag in (own_language(scope), *others) if tag != page.language] if others else []


def translate(
    scope: Scope,
    page: Page,
    language: str,
    title: str,
    body: str,
    *,
    of: int | None = None,
    now: datetime,
) -> dict[str, Any] | None:
    """Save a page in a language, as a translation of what it says now, or of its version `of`. Without title
    and text there is none.

    Gives what was there before, as `put_back` takes it; None where nothing was. Raises NotFound for a
    language that the page isn't translated into, and Invalid.
    """
    if language not in targets(scope, page):
        raise NotFound()
    _check(title, body)
    row = queries.translation(scope, page, language)
    before = {"title": row.title, "body": row.body, "of": row.of} if row else None
    if not title and not body:
        if row is not None:
            session().delete(row)
    else:
        row = row or Translation(vendor_id=page.vendor_id, page_id=page.id, language=language)
        says_other = before is None or (before["title"], before["body"]) != (title, body)
        row.title, row.body, row.html = title, body, read(body)
        row.of = page.text_number if of is None else of
        session().add(row)
        if says_other:
            _keep(scope, page, row, now)
    session().flush()
    note_files(scope, page, now)
    return before


def put_back(
    scope: Scope, page: Page, language: str, before: dict[str, Any] | None, *, now: datetime
) -> None:
    """Undo a save. Raises NotFound."""
    was = before or {"title": "", "body": "", "of": None}
    translate(scope, page, language, was["title"], was["body"], of=was["of"], now=now)


def note_files(scope: Scope, page: Page, now: datetime) -> None:
    """Note which files a page uses, in whichever language, or is public with until it says something else."""
    bodies = [page.body, *(one.body for one in queries.translations(scope, page))]
    bodies += [one.body for one in queries.old_texts(scope, page, now)]
    named = {public_id for body in bodies for public_id in media_in(body)}
    wanted = set(session().scalars(select(Media.id).where(Media.public_id.in_(named))))
    for use in session().scalars(select(Use).where(Use.page_id == page.id)).all():
        if use.media_id in wanted:
            wanted.remove(use.media_id)
        else:
            session().delete(use)
    session().add_all(Use(page_id=page.id, media_id=id_) for id_ in sorted(wanted))


def _check(title: str, body: str) -> None:
    if body and not title:
        raise Invalid(errors={"title": [_("Fill in “%(field)s”.", field=_("Title"))]})
    if len(body.encode()) > LONGEST:
        raise Invalid(errors={"body": [_("This text is larger than %(num)s KB.", num=LONGEST // 1024)]})


def _keep(scope: Scope, page: Page, row: Translation, now: datetime) -> None:
    page.number, page.updated_at = page.number + 1, now
    said = {"title": row.title, "slug": page.slug, "language": row.language, "body": row.body}
    kept = {"saved_at": now, "saved_by": scope.user_id, "is_translation": True}
    session().add(Version(page_id=page.id, number=page.number, **said, **kept))
