"""How often something may be asked for: per person, or per network where nobody is signed in.

Counted in Redis where `ORION_CACHE_URL` names one, so that all processes count together, else in the memory
of this one. A Redis that is away is replaced by that memory until it answers again.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import ngettext
from flask_limiter import Limiter, RateLimitExceeded

from orion.contracts.errors import TooMany
from orion.contracts.scope import NOBODY, Scope
from orion.keys import key_of
from orion.networks import prefix_of
from orion.settings import Settings

#: Seconds that a Redis may take to answer.
PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any `seconds`. The `name` tells limits apart: each has a count of its own."""

    name: str
    times: int
    seconds: int


#: Typing in a search field asks for the list again and again.
SEARCH = Limit("search", 120, 60)
EXPORT = Limit("export", 20, 300)


class Limits:
    """An application's counts."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._limiter = Limiter(
            _key,
            app=app,
            storage_uri=_storage(settings.cache_url),
            storage_options=_options(settings.cache_url),
            strategy="moving-window",
            in_memory_fallback_enabled=True,
            swallow_errors=True,
            key_prefix="orion",
            enabled=settings.rate_limits,
        )
        self._spenders: dict[Limit, Callable[[], None]] = {}

    def spend(self, limit: Limit, key: str) -> None:
        """Count one more; raises TooMany when that is more than may be."""
        g.limit_key = key
        try:
            self._spender(limit)()
        except RateLimitExceeded:
            breached = self._limiter.current_limit
            left = breached.reset_at - time.time() if breached else limit.seconds
            raise too_many(min(max(1, math.ceil(left)), limit.seconds)) from None

    def _spender(self, limit: Limit) -> Callable[[], None]:
        """A function that does nothing, as often as the limit allows: what the extension can count."""
        if limit not in self._spenders:

            def spend() -> None:
                pass

            spend.__qualname__ = f"spend {limit.name} {limit.times}/{limit.seconds}"
            rate = f"{limit.times} per {limit.seconds} second"
            self._spenders[limit] = self._limiter.shared_limit(rate, scope=limit.name)(spend)
        return self._spenders[limit]


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its counts."""
    app.extensions["orion_limits"] = Limits(app, settings)


def spend(limit: Limit, *keys: str) -> None:
    """Count one more for each of these keys (see `account_key`, `network_key`), in a request.

    Raises TooMany as soon as one of them has had enough.
    """
    limits: Limits = current_app.extensions["orion_limits"]
    for key in keys:
        limits.spend(limit, key)


def spend_here(limit: Limit, scope: Scope) -> None:
    """Count one more for whoever asks, at this place; what no request asks for (a command) is not counted."""
    if has_request_context():
        spend(limit, _asker(scope))


def account_key(account: object, scope: Scope = NOBODY) -> str:
    """Whom to count for an account: a row's id, or an address that somebody typed. Neither is kept."""
    return key_of("limit", "account", *scope.key, account)


def network_key(scope: Scope = NOBODY) -> str:
    """Whom to count for the network that this request comes from, coarsely: IPv4 /24, IPv6 /48."""
    return key_of("limit", "network", *scope.key, prefix_of(request.remote_addr))


def too_many(seconds: int) -> TooMany:
    """The error that says when to try again."""
    minutes = math.ceil(seconds / 60)
    if minutes > 1:
        message = ngettext(
            "Wait one minute, then try again.", "Wait %(num)s minutes, then try again.", minutes
        )
    else:
        message = ngettext(
            "Wait one second, then try again.", "Wait %(num)s seconds, then try again.", seconds
        )
    return TooMany(message, seconds)


def _asker(scope: Scope) -> str:
    return network_key(scope) if scope.user_id is None else account_key(scope.user_id, scope)


def _key() -> str:
    key: str = g.limit_key
    return key


def _storage(url: str) -> str:
    return url.replace("unix://", "redis+unix://", 1) if url else "memory://"


def _options(url: str) -> dict[str, str | int]:
    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return patience if url else {}  # type: ignore[return-value]
