"""Where tables can go here: what the modules that are on offer."""

from collections.abc import Iterator, Mapping

from flask import current_app

from orion.contracts.scope import Scope
from orion.tabular.destination import Destination


def every() -> Mapping[str, Destination]:
    """Target's name → destination, of all modules, on or off."""
    return {one.target.name: one for _code, one in _all()}


def _all() -> Iterator[tuple[str, Destination]]:
    for code, module in current_app.extensions["orion"].modules.items():
        for one in getattr(module.parts.get("destination"), "destinations", ()):
            yield code, one


def destinations(scope: Scope) -> Mapping[str, Destination]:
    """Target's name → destination, of each module that is on in the scope, in the modules' order."""
    return {
        one.target.name: one
        for code, one in _all()
        if scope.has(code) and (not one.feature or scope.has(one.feature))
    }
