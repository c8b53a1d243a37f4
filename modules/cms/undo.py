"""Taking back what was done to pages and files."""

from typing import Any

from modules.cms import library, publishing, queries, services, translating
from modules.cms.clock import now
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("cms.publish")
def publication(scope: Scope, pages: list[dict[str, Any]]) -> None:
    """Pages were published, or taken back."""
    publishing.bring_back(scope, pages)


@undoes("cms.edit")
def shelf(scope: Scope, pages: list[dict[str, Any]]) -> None:
    """Pages were archived, taken out of the archive, or deleted."""
    publishing.bring_back(scope, pages)


@undoes("cms.edit")
def version(scope: Scope, page: str, number: int) -> None:
    """An earlier version was restored over another."""
    services.restore(scope, queries.page(scope, page), number, now=now())


@undoes("cms.edit")
def translation(scope: Scope, page: str, language: str, before: dict[str, Any] | None) -> None:
    """A translation was saved."""
    translating.put_back(scope, queries.page(scope, page), language, before, now=now())


@undoes("cms.media")
def files(scope: Scope, ids: list[str]) -> None:
    """Files were deleted."""
    library.bring_back(scope, ids)


@undoes("cms.media")
def folders(scope: Scope, folders: dict[str, str]) -> None:
    """Files were moved to another folder."""
    library.put_in(scope, folders)
