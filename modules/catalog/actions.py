"""What the product list can do to many products at once; all of it can be undone."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from modules.catalog import services
from modules.catalog.forms import CategoryForm
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Outcome
from orion.contracts.scope import Scope


def said(status: str, number: int) -> str:
    """What has been done to so many products."""
    if status == "archived":
        return ngettext("%(num)s product archived.", "%(num)s products archived.", number)
    if status == "active":
        return ngettext("%(num)s product is active now.", "%(num)s products are active now.", number)
    return ngettext("%(num)s product is a draft now.", "%(num)s products are drafts now.", number)


def to_status(scope: Scope, keys: Sequence[int], status: str) -> Outcome:
    """Give products (row ids) a status."""
    before = services.set_status(scope, keys, status, now=datetime.now(UTC))
    return Outcome(said(status, len(before)), Undo("catalog.statuses", before=list(before.items())))


def _to(status: str) -> Callable[[Scope, Sequence[int]], Outcome]:
    return lambda scope, keys: to_status(scope, keys, status)


def _categorise(scope: Scope, keys: Sequence[int], category: str) -> Outcome:
    new = services.categorise(scope, keys, category, now=datetime.now(UTC))
    text = ngettext(
        "%(num)s product added to the category.", "%(num)s products added to the category.", len(new)
    )
    return Outcome(text, Undo("catalog.uncategorise", ids=new, category=category))


ACTIONS = (
    Action(name="activate", label=_l("Activate"), permission="catalog.edit", run=_to("active")),
    Action(name="draft", label=_l("Make drafts"), permission="catalog.edit", run=_to("draft")),
    Action(name="archive", label=_l("Archive"), permission="catalog.edit", run=_to("archived")),
    Action(
        name="categorise",
        label=_l("Add to a category"),
        permission="catalog.edit",
        run=_categorise,
        form=CategoryForm,
    ),
)
