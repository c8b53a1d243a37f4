"""How often a page may be asked for: `@limited(EXPORT)` below `@pages.page(…)`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from orion.contracts.scope import Scope
from orion.web.limits import EXPORT, SEARCH, Limit, account_key, network_key, spend, spend_here

__all__ = ["EXPORT", "SEARCH", "Limit", "account_key", "limited", "network_key", "spend"]


def limited(limit: Limit) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A view that one person may ask for only so often at one place: beyond that it answers 429."""

    def limit_view(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def counted(scope: Scope, **arguments: Any) -> Any:
            spend_here(limit, scope)
            return view(scope, **arguments)

        return counted

    return limit_view
