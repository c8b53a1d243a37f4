"""How somebody has arranged the tiles of a dashboard: their order, and which of them are hidden.

Names that no tile has now (of a module that is off, of a right that was taken) are kept and ignored.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from orion.contracts.scope import Scope
from orion.desk import kept

WHAT = "tiles"
#: More names than these are not kept.
MOST = 100


class Named(Protocol):
    """A metric, as far as its place is concerned."""

    @property
    def query(self) -> str: ...


Tile = TypeVar("Tile", bound=Named)


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of tiles in their order, and the hidden ones. Tiles that it doesn't name come last."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    def sorted(self, tiles: Iterable[Tile]) -> list[Tile]:
        """All of these tiles in this order."""
        places = {name: place for place, name in enumerate(self.order)}
        return sorted(tiles, key=lambda tile: places.get(tile.query, len(places)))

    def shown(self, tiles: Iterable[Tile]) -> list[Tile]:
        """These tiles in this order, without the hidden ones."""
        return [tile for tile in self.sorted(tiles) if tile.query not in self.hidden]

    def moved(self, tiles: Sequence[Named], name: str, by: int) -> "Layout":
        """The tile of this name one place further up (-1) or down (1) among these."""
        there = [tile.query for tile in self.sorted(tiles)]
        if name not in there or not 0 <= there.index(name) + by < len(there):
            return self
        other = there[there.index(name) + by]
        order = [*self.order, *(one for one in there if one not in self.order)]
        here, beyond = order.index(name), order.index(other)
        order[here], order[beyond] = other, name
        return replace(self, order=tuple(order[:MOST]))

    def hiding(self, name: str, hidden: bool) -> "Layout":
        """The tile of this name hidden, or shown."""
        return replace(self, hidden=self.hidden | {name} if hidden else self.hidden - {name})


def layout(scope: Scope) -> Layout:
    """How this person has arranged the tiles of this place."""
    return _read(next((one.value for one in kept.things(scope, WHAT)), "{}"))


def save(scope: Scope, arranged: Layout) -> None:
    """Keep an arrangement."""
    hidden = sorted(arranged.hidden)[:MOST]
    kept.keep(scope, WHAT, json.dumps({"order": arranged.order, "hidden": hidden}))


def reset(scope: Scope) -> list[dict[str, Any]]:
    """Let everybody's arrangement count again; gives what `kept.keep` puts back."""
    return kept.drop(scope, WHAT)


def _read(text: str) -> Layout:
    try:
        found = json.loads(text)
        return Layout(tuple(map(str, found.get("order", ()))), frozenset(map(str, found.get("hidden", ()))))
    except (ValueError, TypeError, AttributeError):
        return Layout()
