"""Reads: the stock list, one variant's levels and ledger, and conditions that lists and metrics share."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from modules.catalog.api import Product, Variant, Vendor, of_variant, variants_by_id
from modules.inventory.models import Item, Level, Location, Movement, Reservation
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.people import User
from orion.contracts.scope import Scope

#: Lines of the ledger on a variant's page, and variants on a sheet to count.
LINES, SHEET = 100, 200
_VARIANT = and_(Variant.vendor_id == Item.vendor_id, Variant.id == Item.variant_id)
#: What the pieces on hand have cost, in minor units of the product's currency.
VALUE: ColumnElement[int] = Item.on_hand * func.coalesce(Variant.cost, 0)


def items(scope: Scope) -> Select[Any]:
    """Everything whose stock is counted."""
    return select(Item, Variant, Product).join(Variant, _VARIANT).join(Product, of_variant)


def items_and_vendors(scope: Scope) -> Select[Any]:
    """Everything whose stock is counted, with the vendors."""
    return items(scope).add_columns(Vendor).join(Vendor, Vendor.id == Item.vendor_id)


def low() -> ColumnElement[bool]:
    """Condition on Item: there is less than somebody wants to be told of, and more than nothing."""
    return and_(Item.available > 0, Item.available <= Item.threshold)


def out() -> ColumnElement[bool]:
    """Condition on Item: nothing can be sold."""
    return Item.available <= 0


def lies_at(location: str) -> ColumnElement[bool]:
    """Condition on Item: something lies at the location with this public id."""
    place = and_(Location.vendor_id == Level.vendor_id, Location.id == Level.location_id)
    there = select(Level.variant_id).join(Location, place).where(Location.public_id == location)
    return Item.variant_id.in_(there.where(Level.on_hand != 0))


def locations(scope: Scope, active: bool = False) -> Sequence[Location]:
    """The locations in the order in which they are sold from."""
    statement = select(Location).order_by(Location.position, Location.id)
    return session().scalars(statement.where(Location.active.is_(True)) if active else statement).all()


def named(scope: Scope, variant_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Variant row id → what it is called, each name once, and its public id."""
    found: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for id_, one in sorted(variants_by_id(scope, variant_ids).items()):
        key = one.variant.public_id
        name = one.title if one.title not in taken else f"{one.title} ({key})"
        taken.add(name)
        found[id_] = (name, key)
    return found


def variant(scope: Scope, public_id: str) -> tuple[Item | None, Variant, Product]:
    """A variant, and its stock where it is counted. Raises NotFound."""
    statement = select(Item, Variant, Product).select_from(Variant).outerjoin(Item, _VARIANT)
    found = (
        session().execute(statement.join(Product, of_variant).where(Variant.public_id == public_id)).first()
    )
    if found is None:
        raise NotFound()
    return found[0], found[1], found[2]


def levels(scope: Scope, variant: Variant) -> Sequence[tuple[Location, int]]:
    """How much of a variant lies where; closed locations only with something in them."""
    mine = and_(
        Level.vendor_id == Location.vendor_id,
        Level.location_id == Location.id,
        Level.variant_id == variant.id,
    )
    statement = (
        select(Location, func.coalesce(Level.on_hand, 0))
        .outerjoin(Level, mine)
        .where(Location.vendor_id == variant.vendor_id)
        .order_by(Location.position, Location.id)
    )
    return [(place, n) for place, n in session().execute(statement) if place.active or n]


def ledger(scope: Scope, variant: Variant, limit: int = LINES) -> Sequence[tuple[Movement, Location, User]]:
    """The latest movements of a variant, each with its location and who did it (None for the machine)."""
    place = and_(Location.vendor_id == Movement.vendor_id, Location.id == Movement.location_id)
    statement = (
        select(Movement, Location, User)
        .join(Location, place)
        .outerjoin(User, User.id == Movement.user_id)
        .where(Movement.vendor_id == variant.vendor_id, Movement.variant_id == variant.id)
        .order_by(Movement.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in session().execute(statement.limit(limit))]


def promised(scope: Scope, variant: Variant) -> int:
    """Pieces that orders were promised and have not got yet."""
    statement = select(func.coalesce(func.sum(Reservation.quantity), 0))
    return int(session().scalar(statement.where(Reservation.variant_id == variant.id)) or 0)


def sheet(
    scope: Scope, location: Location, conditions: Sequence[Any]
) -> Sequence[tuple[Variant, Product, int]]:
    """What to count at a location, by title, each with what the books say: what is on sale."""
    mine = and_(
        Level.vendor_id == Variant.vendor_id,
        Level.variant_id == Variant.id,
        Level.location_id == location.id,
    )
    statement = (
        select(Variant, Product, func.coalesce(Level.on_hand, 0))
        .join(Product, of_variant)
        .outerjoin(Level, mine)
        .where(Variant.retired_at.is_(None), Product.status != "archived", *conditions)
        .order_by(Product.title_norm, Variant.position, Variant.id)
    )
    return [(row[0], row[1], row[2]) for row in session().execute(statement.limit(SHEET + 1))]


def of_product(scope: Scope, product_id: int) -> Sequence[tuple[Variant, Item | None]]:
    """The variants of a product that are on sale, with their stock where it is counted."""
    statement = (
        select(Variant, Item)
        .outerjoin(Item, _VARIANT)
        .where(Variant.product_id == product_id, Variant.retired_at.is_(None))
        .order_by(Variant.position, Variant.id)
    )
    return [(row[0], row[1]) for row in session().execute(statement)]
