"""The list of pages: columns, filters, and what can be done to many at once."""

import re
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext
from sqlalchemy import ColumnElement, Select, select

from modules.cms import publishing, queries
from modules.cms.clock import now
from modules.cms.models import Page, Word
from orion.contracts.data import once, session
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Choice, Column, ListPage, Outcome, Search, entity
from orion.contracts.scope import Scope
from orion.contracts.texts import language_here, language_name, own_language, translated_into

#: State → label, tone.
STATES = {
    "draft": (lazy_pgettext("page", "Draft"), "neutral"),
    "scheduled": (lazy_pgettext("page", "Scheduled"), "info"),
    "published": (lazy_pgettext("page", "Published"), "success"),
    "archived": (lazy_pgettext("page", "Archived"), "warning"),
}
#: More vendors than these are no choice that anybody wants to scroll through.
MOST_VENDORS = 100
CODE = re.compile(r"[A-Z0-9_-]{1,32}")


class States(Choice):
    """A choice that leaves out the archived pages while nobody asks for them."""

    def narrow(self, statement: Select[Any], value: Any, asked: Any) -> Select[Any]:
        if value is None:
            return statement.where(Page.archived_at.is_(None))
        return statement.where(queries.in_state(value, now()))

    def control(self, scope: Scope, value: Any) -> dict[str, Any]:
        shown = super().control(scope, value)
        shown["options"][0]["label"] = _("All but archived")
        return shown


def vendors(scope: Scope) -> Sequence[tuple[str, object]]:
    """The vendors to choose from; none where there are too many."""
    found = once("cms.vendors", lambda: queries.vendors(scope, MOST_VENDORS + 1))
    return [(vendor.code, vendor.name) for vendor in found] if len(found) <= MOST_VENDORS else []


def _translations(scope: Scope) -> Sequence[tuple[str, object]]:
    """`missing-fr` and `outdated-fr` for each language of the vendor, where it has several."""
    others = translated_into(scope)
    said = {"missing": _("not translated"), "outdated": _("out of date")}
    return [
        (f"{what}-{tag}", _("%(language)s: %(state)s", language=language_here(tag), state=state))
        for tag in ((own_language(scope), *others) if others else ())
        for what, state in said.items()
    ]


def _translated(value: str) -> ColumnElement[bool]:
    what, _dash, language = value.partition("-")
    return (queries.untranslated if what == "missing" else queries.outdated)(language)


def _page(row: Any) -> Page:
    return entity(row, Page)


def _label(row: Any) -> object:
    return STATES[_page(row).state(now())][0]


def _tone(row: Any) -> str:
    return STATES[_page(row).state(now())][1]


def _asked_for(keys: Sequence[int]) -> Sequence[Page]:
    return session().scalars(select(Page).where(Page.id.in_(keys)).order_by(Page.id)).all()


def _publish(scope: Scope, keys: Sequence[int]) -> Outcome:
    before = publishing.publish(scope, _asked_for(keys), now=now())
    said = ngettext("One page is published.", "%(num)s pages are published.", len(before))
    return Outcome(said, Undo("cms.publication", pages=before))


def _unpublish(scope: Scope, keys: Sequence[int]) -> Outcome:
    before = publishing.unpublish(scope, _asked_for(keys))
    said = ngettext("One page is a draft again.", "%(num)s pages are drafts again.", len(before))
    return Outcome(said, Undo("cms.publication", pages=before))


def _archive(scope: Scope, keys: Sequence[int]) -> Outcome:
    before = publishing.archive(scope, _asked_for(keys), now=now())
    said = ngettext("One page is archived.", "%(num)s pages are archived.", len(before))
    return Outcome(said, Undo("cms.shelf", pages=before))


def _delete(scope: Scope, keys: Sequence[int]) -> Outcome:
    before = publishing.delete(scope, _asked_for(keys), now=now())
    said = ngettext("One page is deleted.", "%(num)s pages are deleted.", len(before))
    return Outcome(said, Undo("cms.shelf", pages=before))


ACTIONS = (
    Action(name="publish", label=_l("Publish"), permission="cms.publish", run=_publish),
    Action(name="unpublish", label=_l("Back to draft"), permission="cms.publish", run=_unpublish),
    Action(name="archive", label=_l("Archive"), permission="cms.edit", run=_archive),
    Action(name="delete", label=_l("Delete"), permission="cms.edit", run=_delete, kind="danger"),
)
COLUMNS = (
    Column(
        "title",
        _l("Title"),
        sort=Page.title_norm,
        value=lambda r: _page(r).title,
        sub=lambda r: f"{language_name(_page(r).language)} · {_page(r).slug}",
    ),
    Column("state", _l("Status"), kind="badge", value=_label, tone=_tone),
    Column(
        "updated",
        _l("Last saved"),
        kind="lately",
        sort=Page.updated_at,
        value=lambda r: _page(r).updated_at,
    ),
)
VENDOR = Column("vendor", _l("Vendor"), value=lambda r: r.Vendor.name)
BY_STATE = States("state", _l("Status"), options=[(key, label) for key, (label, _tone) in STATES.items()])
BY_TRANSLATION = Choice(
    "translation",
    _l("Translation"),
    options=_translations,
    apply=lambda statement, value: statement.where(_translated(value)),
)
BY_VENDOR = Choice(
    "vendor",
    _l("Vendor"),
    options=vendors,
    apply=lambda statement, code: statement.where(queries.of_vendor(code)),
    accepts=lambda code: bool(CODE.fullmatch(code)),
)


def _list(frontend: str) -> ListPage:
    """The list as a frontend shows it: the administration names the vendor, and only looks."""
    everywhere = frontend == "admin"
    return ListPage(
        id=f"cms.pages.{frontend}",
        title=_l("Pages"),
        statement=queries.pages_and_vendors if everywhere else queries.pages,
        counted=queries.pages,
        key=Page.id,
        pick=Page.public_id,
        columns=[*COLUMNS[:1], *((VENDOR,) if everywhere else ()), *COLUMNS[1:]],
        filters=[BY_VENDOR, BY_STATE] if everywhere else [BY_STATE, BY_TRANSLATION],
        search=Search(
            _l("Search by title or address"), columns=[Page.title_norm, Page.slug], words=(Page.id, Word)
        ),
        default_sort="-updated",
        row_url=lambda r: url_for(f"cms_{frontend}.page", public_id=_page(r).public_id),
        actions=() if everywhere else ACTIONS,
        empty=(_l("No pages yet"), _l("Write about your shop, how you ship, and what you take back.")),
    )


PAGES = {frontend: _list(frontend) for frontend in ("admin", "vendor")}
