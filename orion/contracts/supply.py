"""How much there is of something: answered by who keeps stock, asked by those that don't require it."""

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from flask import current_app

from orion.contracts.scope import Scope


@runtime_checkable
class SupplySource(Protocol):
    """`supply_source` in the api.py of the module that keeps stock."""

    def available(self, scope: Scope, variant_ids: Iterable[int]) -> Mapping[int, int]:
        """Variant row id → pieces that can be sold, of those whose stock is counted."""
        ...


def available(scope: Scope, variant_ids: Iterable[int]) -> Mapping[int, int]:
    """The same, of whatever module that is on knows; nothing where none does."""
    for code, module in current_app.extensions["orion"].modules.items():
        source = getattr(module.parts.get("api"), "supply_source", None)
        if isinstance(source, SupplySource) and scope.has(code):
            return source.available(scope, variant_ids)
    return {}
