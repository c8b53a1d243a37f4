"""Events: one module says what happened, others may react. Soft on both sides."""

import logging
from collections.abc import Callable
from typing import Any

from orion.contracts.errors import Invalid
from orion.contracts.scope import Scope
from orion.data.database import session

log = logging.getLogger("orion.events")
Listener = Callable[..., None]

#: Set by the engine: returns the listeners of an event that are on for a scope, by module.
_listeners: Callable[[Scope, str], list[tuple[str, Listener]]] = lambda scope, event: []  # noqa: E731


def emit(scope: Scope, event: str, *, refusable: bool = False, **payload: Any) -> None:
    """Tell the listeners of `event` (`orders.placed`), inside the transaction of the write.

    Each runs in a savepoint of its own: one that raises is undone alone and logged, and neither
    the write nor the other listeners notice. Of a `refusable` event an Invalid is passed on: it says
    to the person why the write can't be.
    """
    # The write's own mistakes are the write's: found here, and not inside a listener's savepoint.
    session().flush()
    for module, listener in _listeners(scope, event):
        try:
            with session().begin_nested():
                listener(scope, **payload)
        except Invalid:
            if refusable:
                raise
            log.exception("listener refused what can't be", extra={"event": event, "listening": module})
        except Exception:
            log.exception("listener failed", extra={"event": event, "listening": module})


def connect(source: Callable[[Scope, str], list[tuple[str, Listener]]]) -> None:
    """Engine only: where `emit` asks for listeners."""
    global _listeners
    _listeners = source
