"""Reads of pages: lists, one page with what belongs to it, and what is public."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from modules.cms.models import Media, Page, PagePlatform, Translation, Version
from modules.tenancy.api import Platform, Vendor
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.people import User
from orion.contracts.scope import Scope

STATES = ("draft", "scheduled", "published", "archived")
#: A list of versions shows at most so many; older ones are kept all the same.
MOST_VERSIONS = 200


def pages(scope: Scope) -> Select[Page]:
    """All pages of the scope that were not deleted."""
    return select(Page).where(Page.deleted_at.is_(None))


def pages_and_vendors(scope: Scope) -> Select[Page, Vendor]:
    """The same, each with its vendor."""
    return pages(scope).add_columns(Vendor).join(Vendor, Vendor.id == Page.vendor_id)  # type: ignore[return-value]


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """Condition on Page: it is in one of STATES at a moment."""
    if state == "archived":
        return Page.archived_at.is_not(None)
    when = {
        "draft": Page.published_from.is_(None),
        "scheduled": Page.published_from > now,
        "published": Page.published_from <= now,
    }[state]
    return and_(Page.archived_at.is_(None), when)


def of_vendor(code: str) -> ColumnElement[bool]:
    """Condition on Page: it belongs to the vendor with this code."""
    return Page.vendor_id == select(Vendor.id).where(Vendor.code == code).scalar_subquery()


def shown_somewhere() -> ColumnElement[bool]:
    """Condition on Page: it is to be shown on a platform of the scope."""
    return (
        select(PagePlatform.id)
        .where(PagePlatform.vendor_id == Page.vendor_id, PagePlatform.page_id == Page.id)
        .correlate(Page)
        .exists()
    )


def page(scope: Scope, public_id: str) -> Page:
    """One page. Raises NotFound."""
    return _one(pages(scope).where(Page.public_id == public_id))


def public_page(scope: Scope, slug: str, now: datetime) -> Page:
    """The page that anybody may read at an address; `old_texts` says what they read where it is to change.
    Raises NotFound."""
    here = case((_is_old(now), _old(Version.slug)), else_=Page.slug)
    meant = or_(Page.slug == slug, _is_old(now))
    return _one(public_pages(scope, now).where(meant, here == slug).order_by(_is_old(now)))


def public_pages(scope: Scope, now: datetime) -> Select[Page]:
    """All pages that anybody may read at a moment, as they are or as they were."""
    return pages(scope).where(or_(in_state("published", now), _is_old(now)), shown_somewhere())


def _is_old(now: datetime) -> ColumnElement[bool]:
    """Condition on Page: an old version of it is public until a moment that lies ahead."""
    return and_(in_state("scheduled", now), Page.shown_number.is_not(None))


def _old(column: Any, language: str | None = None) -> ColumnElement[Any]:
    """A column of the version of Page that is public until then, or of its translation into a language."""
    versions = select(column).where(
        Version.vendor_id == Page.vendor_id,
        Version.page_id == Page.id,
        Version.number <= Page.shown_number,
        Version.is_translation.is_(language is not None),
    )
    if language is not None:
        versions = versions.where(Version.language == language)
    return versions.order_by(Version.number.desc()).limit(1).correlate(Page).scalar_subquery()


def old_texts(scope: Scope, page: Page, now: datetime) -> Sequence[Version]:
    """What is public of a page until a moment that lies ahead, its own language first; nothing where what the
    page says itself is."""
    number = page.old_number(now)
    if number is None:
        return []
    latest = select(func.max(Version.number)).where(Version.page_id == page.id, Version.number <= number)
    latest = latest.group_by(
        Version.is_translation, case((Version.is_translation, Version.language), else_="")
    )
    found = select(Version).where(Version.page_id == page.id, Version.number.in_(latest))
    found = found.order_by(Version.is_translation, Version.language)
    there = translated(scope, page)
    return [one for one in session().scalars(found) if not one.is_translation or one.language in there]


def others(
    scope: Scope, than: Page, language: str, now: datetime, most: int = 8
) -> Sequence[tuple[str, str]]:
    """More public pages that can be read in a language: (slug, title there)."""
    there = and_(
        Translation.vendor_id == Page.vendor_id,
        Translation.page_id == Page.id,
        Translation.language == language,
    )
    own, old = Page.language == language, _is_old(now)
    asked = public_pages(scope, now).outerjoin(Translation, there)
    asked = asked.where(or_(own, Translation.id.is_not(None)), Page.id != than.id)
    title = case(
        (and_(old, own), _old(Version.title)),
        (old, _old(Version.title, language)),
        (own, Page.title),
        else_=Translation.title,
    )
    slug = case((old, _old(Version.slug)), else_=Page.slug)
    titles = asked.with_only_columns(slug, title).order_by(Page.title_norm, Page.id).limit(most)
    return [(slug, said) for slug, said in session().execute(titles) if said]


# -- translations ---------------------------------------------------------------------------------


def untranslated(language: str) -> ColumnElement[bool]:
    """Condition on Page: it is not there in a language."""
    there = select(Translation.page_id).where(Translation.language == language)
    return and_(Page.language != language, Page.id.not_in(there))


def outdated(language: str) -> ColumnElement[bool]:
    """Condition on Page: it has changed since it was translated into a language."""
    old = select(Translation.id).where(
        Translation.vendor_id == Page.vendor_id,
        Translation.page_id == Page.id,
        Translation.language == language,
        Translation.of < Page.text_number,
    )
    return old.correlate(Page).exists()


def translated(scope: Scope, page: Page) -> dict[str, int]:
    """The languages that a page is translated into → the version that each is a translation of."""
    mine = select(Translation.language, Translation.of).where(Translation.page_id == page.id)
    found = session().execute(mine.order_by(Translation.language))
    return {language: of for language, of in found if language != page.language}


def translations(scope: Scope, page: Page) -> Sequence[Translation]:
    """All translations of a page."""
    return session().scalars(select(Translation).where(Translation.page_id == page.id)).all()


def said_in(scope: Scope, page: Page, language: str) -> Page | Translation:
    """What a page says in a language, or in its own where it isn't translated into that."""
    return (translation(scope, page, language) if language != page.language else None) or page


def translation(scope: Scope, page: Page, language: str) -> Translation | None:
    """A page in another language, if it is there."""
    mine = select(Translation).where(Translation.page_id == page.id, Translation.language == language)
    return session().scalar(mine)


def vendor(scope: Scope, owned: Page | Media) -> Vendor:
    """The vendor of a page or file."""
    return session().scalars(select(Vendor).where(Vendor.id == owned.vendor_id)).one()


def vendors(scope: Scope, most: int) -> Sequence[Vendor]:
    """The vendors of the scope by name."""
    return session().scalars(select(Vendor).order_by(Vendor.name_norm).limit(most)).all()


def platforms(scope: Scope) -> Sequence[Platform]:
    """The platforms of the scope by name."""
    return session().scalars(select(Platform).order_by(Platform.name_norm)).all()


def platforms_of(scope: Scope, page: Page) -> Sequence[Platform]:
    """Those of them that a page is to be shown on."""
    there = select(PagePlatform.platform_id).where(PagePlatform.page_id == page.id)
    return (
        session().scalars(select(Platform).where(Platform.id.in_(there)).order_by(Platform.name_norm)).all()
    )


def versions(scope: Scope, page: Page) -> Sequence[tuple[Version, str | None]]:
    """A page's versions, the latest first, each with the name of whoever saved it."""
    statement = (
        select(Version, User.name)
        .outerjoin(User, User.id == Version.saved_by)
        .where(Version.page_id == page.id)
        .order_by(Version.number.desc())
        .limit(MOST_VERSIONS)
    )
    return [(row.Version, row.name) for row in session().execute(statement)]


def version(scope: Scope, page: Page, number: int) -> Version:
    """One version of a page. Raises NotFound."""
    found = session().scalar(select(Version).where(Version.page_id == page.id, Version.number == number))
    if found is None:
        raise NotFound()
    return found


def latest(scope: Scope, page: Page, like: Version) -> int:
    """The number of the latest version of the page, or of the translation, that a version is of."""
    numbers = select(func.max(Version.number)).where(Version.page_id == page.id)
    same = numbers.where(Version.is_translation == like.is_translation)
    same = same.where(Version.language == like.language) if like.is_translation else same
    return session().scalars(same).one() or 0


def text_before(scope: Scope, page: Page, number: int) -> int:
    """The number of the page's own version that was the latest when a version was saved."""
    own = select(func.max(Version.number)).where(Version.page_id == page.id, Version.number <= number)
    return session().scalars(own.where(Version.is_translation.is_(False))).one() or 0


def is_taken(scope: Scope, slug: str, but: Page | None = None) -> bool:
    """Whether another page of the vendor has this address."""
    statement = select(Page.id).where(Page.slug == slug, Page.deleted_at.is_(None))
    statement = statement.where(Page.id != but.id) if but is not None else statement
    return session().scalar(statement.limit(1)) is not None


def with_ids(scope: Scope, public_ids: Sequence[str]) -> Sequence[Page]:
    """Pages by their public ids, the deleted ones too."""
    return session().scalars(select(Page).where(Page.public_id.in_(public_ids)).order_by(Page.id)).all()


def _one(statement: Select[Page]) -> Page:
    found = session().scalar(statement)
    if found is None:
        raise NotFound()
    return found
