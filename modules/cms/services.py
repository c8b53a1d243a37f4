"""Writing pages: each save keeps a version. What changes a page's state is in publishing.py."""

import re
from datetime import datetime

from flask_babel import gettext as _

from modules.cms import queries, translating
from modules.cms.models import Page, PagePlatform, Version
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.markdown import LONGEST, read
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Scope

#: Lower-case letters and digits, with single hyphens between them.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 120


def create(scope: Scope, *, title: str, slug: str = "", language: str, body: str, now: datetime) -> Page:
    """A new draft, for all platforms of the scope. Without a slug one is made of the title.

    Raises Invalid for a slug that is taken or isn't one, and for a text that is too long.
    """
    page = Page(
        public_id=public_id(),
        slug=_chosen(scope, slug, None) if slug else _free(scope, slug_of(title)),
        number=1,
        updated_at=now,
        **_text(title, language, body),
    )
    session().add(page)
    session().flush()
    session().add_all(PagePlatform(page_id=page.id, platform_id=p.id) for p in queries.platforms(scope))
    # On one platform a page is there only once it is to be shown there.
    session().flush()
    _keep(scope, page)
    return page


def edit(scope: Scope, page: Page, *, title: str, slug: str, language: str, body: str, now: datetime) -> bool:
    """Save a page anew. False where nothing has changed: then there is no new version. Raises Invalid."""
    wanted = {"slug": _chosen(scope, slug or slug_of(title), page), **_text(title, language, body)}
    if all(getattr(page, name) == value for name, value in wanted.items()):
        return False
    says_other = (page.title, page.body) != (title, body)
    for name, value in wanted.items():
        setattr(page, name, value)
    page.number, page.updated_at = page.number + 1, now
    page.text_number = page.number if says_other else page.text_number
    _keep(scope, page)
    return True


def restore(scope: Scope, page: Page, number: int, *, now: datetime) -> None:
    """Save an earlier version, of the page or of a translation, as the latest. Raises NotFound.

    The page keeps its address where another page has the version's by now.
    """
    old = queries.version(scope, page, number)
    if old.is_translation:
        of = queries.text_before(scope, page, number)
        translating.translate(scope, page, old.language, old.title, old.body, of=of, now=now)
        return
    slug = page.slug if queries.is_taken(scope, old.slug, page) else old.slug
    edit(scope, page, title=old.title, slug=slug, language=old.language, body=old.body, now=now)


def duplicate(scope: Scope, page: Page, *, now: datetime) -> Page:
    """A draft like a page, at an address of its own."""
    title = _("%(title)s (copy)", title=page.title[:140])
    slug = _free(scope, page.slug)
    copy = create(scope, title=title, slug=slug, language=page.language, body=page.body, now=now)
    targets = translating.targets(scope, page)
    for one in (row for row in queries.translations(scope, page) if row.language in targets):
        of = copy.number if one.of == page.text_number else 0
        translating.translate(scope, copy, one.language, one.title, one.body, of=of, now=now)
    return copy


def slug_of(title: str) -> str:
    """An address for a title: `Über uns!` → `uber-uns`; one that can't be guessed where nothing is left.

    >>> slug_of("Shipping & Returns")
    'shipping-returns'
    """
    words = re.findall(r"[a-z0-9]+", normalise(title))
    return "-".join(words)[:80].strip("-") or f"page-{public_id()}"


def _chosen(scope: Scope, slug: str, page: Page | None) -> str:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(errors={"slug": [_("Use lower-case letters, digits and single hyphens.")]})
    if queries.is_taken(scope, slug, page):
        raise Invalid(errors={"slug": [_("Another page has this address.")]})
    return slug


def _free(scope: Scope, slug: str) -> str:
    """The slug, or the first free one with a number behind it."""
    wanted, number = slug, 1
    while queries.is_taken(scope, wanted):
        number += 1
        wanted = f"{slug[: LONGEST_SLUG - 8]}-{number}"
    return wanted


def _text(title: str, language: str, body: str) -> dict[str, str]:
    if len(body.encode()) > LONGEST:
        raise Invalid(errors={"body": [_("This text is larger than %(num)s KB.", num=LONGEST // 1024)]})
    return {"title": title, "language": language, "body": body, "html": read(body)}


def _keep(scope: Scope, page: Page) -> None:
    """A version of what the page says now, and a note of which files it uses."""
    said = {name: getattr(page, name) for name in ("number", "title", "slug", "language", "body")}
    session().add(Version(page_id=page.id, saved_at=page.updated_at, saved_by=scope.user_id, **said))
    translating.note_files(scope, page, page.updated_at)
