"""The attacks, as data: each with the heights of the wall that stop it when they stand alone.

A form that reads gives the primary keys of the rows it got, or how many they were. A form that writes is
judged by what is in the table afterwards, and by what it gives. It must be a real attack on every model to
which it `applies`: with no height at all it succeeds, or the contract is wrong.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from orion.isolation.heights import Height
from orion.isolation.target import Target

Attack = Callable[[Target, Any], Any]
FILES = ("reads", "counts", "loads", "raw", "stamps", "rows", "masses", "bulk", "raw_writes")


@dataclass(frozen=True, slots=True)
class Form:
    """An attack. `stopped_by` are the heights of which each stops it alone.

    A `legal` one is what a module may write: behind the whole wall it works, on the scope's rows and all of
    them. Where it is False the form is refused, and where it is None it may do either; `everywhere` says that
    even who may see everything is refused. `only` names the database for which it is; `schema` says that
    nothing but the tables themselves stop it, so that it cannot be seen to succeed.
    """

    name: str
    run: Attack
    stopped_by: frozenset[Height]
    writes: bool
    legal: bool | None
    applies: Callable[[Target], bool] = lambda _target: True
    only: str | None = None
    schema: bool = False
    everywhere: bool = False


_known: dict[str, Form] = {}


def reading(
    name: str, *heights: Height, legal: bool | None = True, **options: Any
) -> Callable[[Attack], Attack]:
    """Register a form that reads."""
    return _registered(name, heights, writes=False, legal=legal, **options)


def writing(
    name: str, *heights: Height, legal: bool | None = False, **options: Any
) -> Callable[[Attack], Attack]:
    """Register a form that writes."""
    return _registered(name, heights, writes=True, legal=legal, **options)


def _registered(name: str, heights: tuple[Height, ...], **options: Any) -> Callable[[Attack], Attack]:
    def register(attack: Attack) -> Attack:
        if name in _known:
            raise ValueError(f"two forms are called {name!r}")
        _known[name] = Form(name, attack, frozenset(heights), **options)
        return attack

    return register


def forms() -> Mapping[str, Form]:
    """All forms by their names."""
    for file in FILES:
        importlib.import_module(f"orion.isolation.forms.{file}")
    return MappingProxyType(_known)
