"""What the file of an import is a table of: one of the destinations that modules offer."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from modules.catalog.api import PRODUCTS
from modules.marketplace.models import Import
from orion.contracts.errors import Conflict
from orion.contracts.scope import Scope
from orion.contracts.tabular import Destination, Field, Understood, destinations, every

#: Fields that speak for a destination as much as that nothing is missing.
WHOLE = 2


def offered(scope: Scope) -> Mapping[str, Destination]:
    """Name → destination, of those that this person may bring tables for; products come first."""
    first: dict[str, Destination] = {PRODUCTS.target.name: PRODUCTS}
    found = first | dict(destinations(scope))
    return {name: one for name, one in found.items() if not one.permission or scope.allows(one.permission)}


def of(scope: Scope, found: Import) -> Destination:
    """Where an import's file goes. Raises Conflict where the module that takes it is off."""
    if is_of_products(found):
        return PRODUCTS
    there = destinations(scope).get(found.target)
    if there is None:
        raise Conflict(_("What takes this file is switched off here."))
    return there


def words(found: Import) -> Mapping[str, object]:
    """What the changes of an import's things are called."""
    return _whatever(found).words


def label(found: Import) -> object:
    """What an import's things are called."""
    return _whatever(found).label


def fields(found: Import) -> Sequence[Field]:
    """The fields of an import's table."""
    return _whatever(found).target.fields


def _whatever(found: Import) -> Destination:
    """Where an import's file goes, or went when that was on."""
    return PRODUCTS if is_of_products(found) else every().get(found.target, PRODUCTS)


def is_of_products(found: Import) -> bool:
    """Whether an import brings products."""
    return found.target == PRODUCTS.target.name


def likeliest(seen: Mapping[str, tuple[Destination, Understood]]) -> str:
    """The name of the destination for which a file's headers speak most: a format that is known by more
    headers, then more fields; that nothing is missing counts as `WHOLE` of them."""

    def speaks(name: str) -> tuple[int, int]:
        destination, one = seen[name]
        form = next((f for f in destination.target.formats if f.name == one.mapping.format), None)
        return (len(form.signature) if form else 0, len(one.places) + WHOLE * one.complete)

    return max(seen, key=speaks)
