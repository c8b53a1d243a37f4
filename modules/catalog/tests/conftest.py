"""Two vendors that sell: SHOP on the platforms east and west, RIVAL on west."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from PIL import Image as Pillow
from sqlalchemy import select

import modules.tenancy.api as tenants
from modules.catalog.models import Product, Variant
from modules.catalog.services import ProductFacts, VariantFacts, create
from modules.tenancy.api import Platform, Vendor
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import create_user
from orion.testing.kept import Kept
from orion.testing.places import Portal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SYSTEM = system_scope("seed")


def picture(width: int = 320, height: int = 240, format: str = "PNG", **options: Any) -> io.BytesIO:
    """A picture as somebody uploads it."""
    target = io.BytesIO()
    Pillow.linear_gradient("L").convert("RGB").resize((width, height)).save(target, format, **options)
    target.seek(0)
    return target


@dataclass
class Market(Portal):
    """Vendors and platforms; `run` calls a service of SHOP, or of another vendor, and commits."""

    platforms: dict[str, int] = field(default_factory=dict)
    _vendors: dict[str, Vendor] = field(default_factory=dict)
    _platforms: dict[str, Platform] = field(default_factory=dict)

    def product(
        self, title: str = "Apron", price: int | None = 4200, vendor: str = "SHOP", **facts: Any
    ) -> Product:
        """A product with one variant."""
        codes = {name: facts.pop(name) for name in ("sku", "barcode") if name in facts}
        status = facts.pop("status", "draft")
        return self.run(
            create,
            ProductFacts(title, **facts),
            VariantFacts(price=price, **codes),
            now=NOW,
            status=status,
            vendor=vendor,
        )

    def again(self, product: Product) -> Product:
        """A product as it is now."""
        with self.at(None):
            return session().scalars(select(Product).where(Product.id == product.id)).one()

    def variants(self, product: Product) -> list[Variant]:
        """All variants of a product, retired ones too, in their order."""
        with self.at(None):
            mine = select(Variant).where(Variant.product_id == product.id)
            return list(session().scalars(mine.order_by(Variant.position, Variant.id)))

    def titles(self, product: Product) -> list[str]:
        """What the variants on sale are called."""
        return [variant.title for variant in self.variants(product) if variant.retired_at is None]

    def person(self, email: str, level: str, place: str | None = None) -> str:
        """Somebody who may do everything at a place; gives the address."""
        with self.app.app_context():
            user_id = create_user(email, email, "orion-demo").id
            with entered(SYSTEM, write=True) as writing:
                role = tenants.create_role(SYSTEM, level, email)
                vendor = self._vendors.get(place or "") if level == "vendor" else None
                platform = self._platforms.get(place or "") if level == "platform" else None
                tenants.add_member(SYSTEM, user_id, role, NOW.date(), vendor=vendor, platform=platform)
                writing.commit()
        return email

    def build(self) -> "Market":
        """Make platforms and vendors."""
        with self.app.app_context(), entered(SYSTEM, write=True) as writing:
            for code in ("east", "west"):
                self._platforms[code] = tenants.create_platform(SYSTEM, code, code.title(), now=NOW)
            for code, platforms in {"SHOP": ("east", "west"), "RIVAL": ("west",)}.items():
                vendor = tenants.create_vendor(
                    SYSTEM, code, code.title(), currency="EUR", zone="UTC", now=NOW
                )
                for platform in platforms:
                    tenants.join_platform(SYSTEM, vendor, self._platforms[platform], vendor.created_on)
                self._vendors[code] = vendor
            writing.commit()
        self.platforms = {code: platform.id for code, platform in self._platforms.items()}
        return self


MARKET = Kept("catalog.market", lambda app: Market(app).build())


@pytest.fixture
def portals() -> dict[str, Kept[Any]]:
    """The portals that tests begin with, by fixture."""
    return {"market": MARKET}


@pytest.fixture
def market(app: Flask, database_kind: str) -> Market:
    """Vendors and platforms without products."""
    return MARKET.again(app, database_kind)


@pytest.fixture
def owner(market: Market, sign_in: Any) -> Any:
    """SHOP's owner, signed in."""
    return sign_in(market.person("owner@x.example", "vendor", "SHOP"), app=market.app)


@pytest.fixture
def admin(market: Market, sign_in: Any) -> Any:
    """An administrator of the installation, signed in."""
    return sign_in(market.person("admin@x.example", "installation"), app=market.app)
