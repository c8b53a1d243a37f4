"""The tenant wall, one height at a time: an application whose other heights are gone.

Every height must hold on its own, since what one of them misses the next one has to catch. Here it is done
to a whole application, by removing the listeners that a height consists of.

    with app.app_context(), standing(*DATABASE), entered(scope) as session:
        session.execute(text("SELECT * FROM orders_order"))  # The scope's rows, and no WallError.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from orion.data.database import OrionSession, db
from orion.isolation.heights import DATABASE, OF_ENGINES, OF_SESSIONS, ONLY_ON, Height

__all__ = ["DATABASE", "Height", "standing"]


@contextmanager
def standing(*heights: Height) -> Iterator[None]:
    """Let only these heights stand, for all sessions of the application whose context this is in: of those
    that consist of listeners. Keys, frames and doors stay, and so does what another database would have.

    Must be entered outside of frames. Leaving puts the others up again.
    """
    gone = [found for h in (*OF_SESSIONS, *OF_ENGINES) if h not in heights for found in _listeners(h)]
    try:
        for listener in gone:
            event.remove(*listener)
        _forget_connections()
        yield
    finally:
        for target, name, function in gone:
            # First, as it was: a transaction is the role's from its beginning on.
            event.listen(target, name, function, insert=True)
        _forget_connections()


def _listeners(height: Height) -> list[tuple[Any, str, Callable[..., Any]]]:
    """(where, event, function) of everything that a height consists of."""
    if height in OF_SESSIONS:
        return [(OrionSession, *listener) for listener in OF_SESSIONS[height].items()]
    kind = db.engines[None].dialect.name
    if ONLY_ON.get(height, kind) != kind:
        return []
    engines = [db.engines[None]] if height is Height.VIEWS else list(db.engines.values())
    return [(engine, *listener) for engine in engines for listener in OF_ENGINES[height].items()]


def _forget_connections() -> None:
    """What a connection took on when it was made isn't taken off by a listener that is gone."""
    for engine in db.engines.values():
        engine.dispose()
