"""What things that are sold are called in another language: answered by who keeps products, asked by those
that don't require it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from flask import current_app

from orion.contracts.scope import Scope


@dataclass(frozen=True, slots=True)
class Named:
    """What the vendor calls something, what it is called in another language, and in which: the wished one,
    or a wider one."""

    own: str
    said: str
    language: str


@runtime_checkable
class NameSource(Protocol):
    """`name_source` in the api.py of the module that keeps products."""

    def names(self, scope: Scope, skus: Iterable[str], language: str) -> Mapping[str, Named]:
        """SKU → names, of those that are translated into the language."""
        ...


def names(scope: Scope, skus: Iterable[str], language: str) -> Mapping[str, Named]:
    """The same, of whatever module that is on knows; nothing where none does."""
    for code, module in current_app.extensions["orion"].modules.items():
        source = getattr(module.parts.get("api"), "name_source", None)
        if isinstance(source, NameSource) and scope.has(code):
            return source.names(scope, skus, language)
    return {}


def called(found: Mapping[str, Named], sku: str, title: str) -> tuple[str, str]:
    """What something of a SKU and title is called, and in which language. Where the vendor calls it something
    else by now, or nothing is known, that is its title, in the language ""."""
    one = found.get(sku)
    return (one.said, one.language) if one is not None and one.own == title else (title, "")
