"""What becomes of pages: published now or at a moment, taken back, archived, deleted and brought back."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from modules.cms import queries
from modules.cms.models import Page, PagePlatform
from modules.cms.translating import note_files
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid
from orion.contracts.scope import Scope

#: How long what was deleted can still be brought back.
KEPT = timedelta(days=30)
_MOMENTS = ("published_from", "archived_at", "deleted_at")


#: How pages were before something became of them, as JSON: what takes it back.
Before = list[dict[str, Any]]


def publish(scope: Scope, pages: Iterable[Page], *, at: datetime | None = None, now: datetime) -> Before:
    """Make pages public now, or from a moment on that lies ahead; archived ones come back by it.

    Pages that are public already stay so since when they were, or until the moment as they are now: what is
    saved meanwhile is public from then on. Raises Invalid for a moment that has passed.
    """
    if at is not None and at <= now:
        raise Invalid(errors={"on": [_("This moment has passed. Leave it empty to publish now.")]})
    found = list(pages)
    kept = _kept(found)
    for page in found:
        was, old = page.state(now), page.old_number(now)
        page.shown_number = None if at is None else page.number if was == "published" else old
        if at is not None or was != "published":
            page.published_from = at or now
        page.archived_at = None
        if old is not None:
            note_files(scope, page, now)
    return kept


def unpublish(scope: Scope, pages: Iterable[Page]) -> Before:
    """Make pages drafts again."""
    return _set(pages, published_from=None, shown_number=None)


def archive(scope: Scope, pages: Iterable[Page], *, now: datetime) -> Before:
    """Put pages away: they are public no more, and not in the way."""
    return _set((page for page in pages if page.archived_at is None), archived_at=now)


def unarchive(scope: Scope, pages: Iterable[Page]) -> Before:
    """Take pages out of the archive, as drafts: nothing becomes public by it."""
    return _set(pages, archived_at=None, published_from=None, shown_number=None)


def delete(scope: Scope, pages: Iterable[Page], *, now: datetime) -> Before:
    """Delete pages. They can be brought back for a while; those whose while is over go for good."""
    kept = _set(pages, deleted_at=now)
    over = select(Page).where(Page.deleted_at < now - KEPT).limit(100)
    for page in session().scalars(over).all():
        session().delete(page)
    return kept


def bring_back(scope: Scope, before: Before) -> None:
    """Make pages what they were. Raises Conflict where an address has gone to another page meanwhile."""
    moments = {one["id"]: one for one in before}
    for page in queries.with_ids(scope, list(moments)):
        if page.deleted_at is not None and queries.is_taken(scope, page.slug, page):
            raise Conflict(_("Another page has the address “%(slug)s” by now.", slug=page.slug))
        for name in _MOMENTS:
            text = moments[page.public_id][name]
            setattr(page, name, datetime.fromisoformat(text) if text else None)
        page.shown_number = moments[page.public_id].get("shown_number")


def place(scope: Scope, page: Page, platform_ids: Iterable[int]) -> None:
    """Show a page on these platforms of the scope, and on no other of it."""
    wanted = set(platform_ids)
    for row in session().scalars(select(PagePlatform).where(PagePlatform.page_id == page.id)).all():
        if row.platform_id in wanted:
            wanted.remove(row.platform_id)
        else:
            session().delete(row)
    session().add_all(PagePlatform(page_id=page.id, platform_id=id_) for id_ in sorted(wanted))


def moment_of(on: date, at: time, zone: str) -> datetime:
    """A local date and time of a zone as a moment; of two such moments (clocks go back) the first.

    Raises Invalid for a time that the day leaves out (clocks go forward).
    """
    local = datetime.combine(on, at, ZoneInfo(zone))
    moment = local.astimezone(ZoneInfo("UTC"))
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(errors={"time": [_("The clocks go forward on that day: this time does not exist.")]})
    return moment


def _set(pages: Iterable[Page], **wanted: datetime | None) -> Before:
    found = list(pages)
    kept = _kept(found)
    for page in found:
        for name, value in wanted.items():
            setattr(page, name, value)
    return kept


def _kept(pages: Iterable[Page]) -> Before:
    return [
        {
            "id": page.public_id,
            "shown_number": page.shown_number,
            **{name: _text(getattr(page, name)) for name in _MOMENTS},
        }
        for page in pages
    ]


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
