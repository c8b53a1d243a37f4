"""A vendor SHOP with counted goods, and a RIVAL."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import modules.catalog.api as catalog
from modules.inventory import services
from modules.inventory.models import Item, Level, Movement
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import create_user
from orion.testing.kept import Kept
from orion.testing.places import Portal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SYSTEM = system_scope("seed")


@dataclass
class Store(Portal):
    """`run` calls a service of SHOP, or of another vendor, and commits."""

    vendors: dict[str, Any] = field(default_factory=dict)

    @property
    def tenants(self) -> Any:
        """What the module that keeps vendors offers: stock itself has no need of it."""
        return self.app.extensions["orion"].modules["tenancy"].parts["api"]

    def variant(self, sku: str, pieces: int = 0, vendor: str = "SHOP") -> int:
        """A product's only variant, at 4.00 in cost; with pieces it is counted."""
        facts = catalog.VariantFacts(sku=sku, price=900, cost=400)
        product = self.run(
            catalog.create,
            catalog.ProductFacts(f"Good {sku}"),
            facts,
            now=NOW,
            status="active",
            vendor=vendor,
        )
        with self.at(vendor):
            mine = select(catalog.Variant.id).where(catalog.Variant.product_id == product.id)
            variant_id = session().scalars(mine).one()
        if pieces:
            place = self.place(vendor)
            self.run(services.receive, variant_id, place, pieces, now=NOW, vendor=vendor)
        return variant_id

    def place(self, vendor: str = "SHOP") -> str:
        """The public id of the first location."""
        return str(self.run(services.first_location, vendor=vendor).public_id)

    def stock(self, variant_id: int) -> tuple[int, int]:
        """(on hand, available) of a variant."""
        with self.at(None):
            item = session().scalars(select(Item).where(Item.variant_id == variant_id)).one()
            return item.on_hand, item.available

    def books_agree(self) -> bool:
        """Whether each level is the sum of its movements, and each item that of its levels."""
        with self.at(None):
            levels = dict(_pairs(select(Level.variant_id, Level.location_id, Level.on_hand)))
            moved = select(Movement.variant_id, Movement.location_id, func.sum(Movement.quantity))
            ledger = dict(_pairs(moved.group_by(Movement.variant_id, Movement.location_id)))
            items = {item.variant_id: item.on_hand for item in session().scalars(select(Item))}
        sums = {id_: sum(n for (v, _place), n in levels.items() if v == id_) for id_ in items}
        return {k: n for k, n in levels.items() if n} == {
            k: n for k, n in ledger.items() if n
        } and sums == items

    def person(self, email: str) -> str:
        """SHOP's owner; gives the address."""
        with self.app.app_context():
            user_id = create_user(email, "Ida Lumen", "orion-demo").id
            with entered(SYSTEM, write=True) as writing:
                role = self.tenants.create_role(SYSTEM, "vendor", email)
                vendor = self.vendors["SHOP"]
                self.tenants.add_member(SYSTEM, user_id, role, NOW.date(), vendor=vendor, platform=None)
                writing.commit()
        return email


def _pairs(statement: Any) -> Iterator[tuple[tuple[int, int], int]]:
    return (((variant, place), int(number)) for variant, place, number in session().execute(statement))


def _build(app: Flask) -> Store:
    made = Store(app)
    with app.app_context(), entered(SYSTEM, write=True) as writing:
        platform = made.tenants.create_platform(SYSTEM, "east", "East", now=NOW)
        for code in ("SHOP", "RIVAL"):
            vendor = made.tenants.create_vendor(
                SYSTEM, code, code.title(), currency="EUR", zone="UTC", now=NOW
            )
            made.tenants.join_platform(SYSTEM, vendor, platform, vendor.created_on)
            made.vendors[code] = vendor
        writing.commit()
    return made


STORE = Kept("inventory.store", _build)


@pytest.fixture
def portals() -> dict[str, Kept[Any]]:
    """The portals that tests begin with, by fixture."""
    return {"store": STORE}


@pytest.fixture
def store(app: Flask, database_kind: str) -> Store:
    """Both vendors, without goods."""
    return STORE.again(app, database_kind)


@pytest.fixture
def owner(store: Store, sign_in: Any) -> Any:
    """SHOP's owner, signed in."""
    return sign_in(store.person("owner@x.example"), app=store.app)
