"""Why a page isn't there, for those who may switch it on."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from orion.contracts.errors import OrionError
from orion.contracts.pages import PageSpec
from orion.contracts.permissions import MANAGE_MODULES, Place
from orion.identity.elsewhere import access_at
from orion.identity.visit import current_visit
from orion.manifest.saying import in_words
from orion.registry import Registry, State


@dataclass(frozen=True, slots=True)
class Missing:
    """What is off, in a sentence, and the page of its module."""

    text: str
    url: str


def note(spec: PageSpec) -> None:
    """Remember that this request's page is off."""
    g.page_off = spec


def missing() -> Missing | None:
    """What is off, if that is why this page isn't there, and this person may manage modules somewhere."""
    spec: PageSpec | None = g.get("page_off")
    if spec is None or spec.module is None or not _may_manage():
        return None
    return Missing(_said(g.registry, spec), url_for("modules.module", code=spec.module))


def _said(registry: Registry, spec: PageSpec) -> str:
    module = spec.module or ""
    if registry.state(module) != State.ON.value:
        return _(
            "The module %(module)s is off: %(reason)s",
            module=module,
            reason=in_words(registry.reason(module)),
        )
    if not g.scope.has(module):
        return _("The module %(module)s is off here.", module=module)
    return _("The feature %(feature)s is off here.", feature=spec.feature)


def _may_manage() -> bool:
    """In the administration; wherever the page itself would be."""
    visit = current_visit()
    if visit is None:
        return False
    try:
        access = access_at(visit.user.id, Place("admin", None, request.args.get("platform")), "sign_in")
    except (OrionError, SQLAlchemyError):
        return False
    return MANAGE_MODULES in access.permissions
