"""What was read of a desk, in this process, under the data version that it was read at.

Each write of a desk raises the version of `about` at its vendor (see `orion.data.versions`), and every
request knows the versions from its first statement: what nobody has written since costs no statement more.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from flask import Flask, current_app

from orion.contracts.scope import Scope
from orion.data import versions
from orion.data.database import session

MOST = 5_000
Value = TypeVar("Value")


class Memory:
    """The newest of so many answers."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """The answer of a key, read where it isn't known."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]  # type: ignore[return-value]
        value = read()
        with self._lock:
            self._known[key] = value
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return value

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._known.clear()


def init_app(app: Flask) -> None:
    """Give the application its memory."""
    app.extensions["orion_desk"] = Memory()


def remembered(scope: Scope, about: str, part: Hashable, read: Callable[[], Value], nothing: Value) -> Value:
    """What `read` gave for this person, place and part; `nothing` where nothing was ever written here."""
    version = scope.versions.get(about, 0)
    if not version:
        return nothing
    memory: Memory = current_app.extensions["orion_desk"]
    return memory.get((about, version, scope.key, scope.user_id, part), read)


def changed(about: str, vendor_id: int | None) -> None:
    """Say in a transaction that it writes what `about` names."""
    versions.touch(session(), about, vendor_id)
