"""Taking back what was done to products."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from modules.catalog import images, services, translating
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("catalog.edit")
def statuses(scope: Scope, before: Sequence[tuple[int, str]]) -> None:
    """Give products the statuses that they had."""
    services.move(scope, dict(before), now=datetime.now(UTC))


@undoes("catalog.edit")
def uncategorise(scope: Scope, ids: Sequence[int], category: str) -> None:
    """Take products out of the category that they were put into."""
    services.uncategorise(scope, ids, category, now=datetime.now(UTC))


@undoes("catalog.edit")
def image(scope: Scope, product_id: str, row: Mapping[str, Any]) -> None:
    """Put back a picture that was removed."""
    images.put_back(scope, images.Removed(product_id, row), now=datetime.now(UTC))


@undoes("catalog.edit")
def translation(scope: Scope, product_id: str, language: str, texts: Mapping[str, Sequence[str]]) -> None:
    """Give a product the texts that it had in a language."""
    translating.put_back(scope, product_id, language, texts, now=datetime.now(UTC))
