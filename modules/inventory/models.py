"""Locations, movements and what they add up to, and what is promised to orders."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from orion.contracts.models import (
    BigId,
    NormText,
    UtcDateTime,
    VendorOwned,
    module_base,
    normalise,
    public_id,
    tenant_fk,
    tenant_key,
)

Base: Any = module_base(__name__)

KINDS = ("receive", "adjust", "transfer", "count", "sale", "return")
#: Why somebody adjusts a level by hand.
REASONS = ("damaged", "lost", "found", "used", "gift", "correction")


def _now() -> datetime:
    return datetime.now(UTC)


class Location(VendorOwned, Base):
    """A place where goods lie. What is sold is taken from them by `position`, then by age."""

    __tablename__ = "inventory_location"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("vendor_id", "public_id"),
        UniqueConstraint("vendor_id", "name_norm"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    name: Mapped[str] = mapped_column(String(80))
    name_norm: Mapped[str] = mapped_column(NormText)
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    @validates("name")
    def _normalised(self, _key: str, value: str) -> str:
        self.name_norm = normalise(value)
        return value


class OfVariant(VendorOwned):
    """Rows about one variant of the catalog."""

    variant_id: Mapped[int] = mapped_column(BigInteger)


class Item(OfVariant, Base):
    """A variant whose stock is counted. Both numbers are of all locations together.

    `available` is `on_hand` less what is promised to orders. At `threshold` available pieces or fewer the
    stock is low; None asks for no warning. A variant without such a row is sold without being counted.
    """

    __tablename__ = "inventory_item"
    __table_args__ = (
        tenant_fk("variant_id", "catalog_variant"),
        UniqueConstraint("vendor_id", "variant_id"),
        Index("ix_inventory_item_vendor_available", "vendor_id", "available", "id"),
        Index("ix_inventory_item_every_available", "available", "id"),
        Index("ix_inventory_item_vendor_on_hand", "vendor_id", "on_hand", "id"),
        Index("ix_inventory_item_every_on_hand", "on_hand", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    on_hand: Mapped[int] = mapped_column(BigInteger, default=0)
    available: Mapped[int] = mapped_column(BigInteger, default=0)
    threshold: Mapped[int | None] = mapped_column(BigInteger)


class Level(OfVariant, Base):
    """How much of a variant lies at a location: the sum of the movements there."""

    __tablename__ = "inventory_level"
    __table_args__ = (
        tenant_fk("variant_id", "catalog_variant"),
        tenant_fk("location_id", "inventory_location"),
        UniqueConstraint("vendor_id", "location_id", "variant_id"),
        Index("ix_inventory_level_variant_id", "vendor_id", "variant_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    location_id: Mapped[int] = mapped_column(BigInteger)
    on_hand: Mapped[int] = mapped_column(BigInteger, default=0)


class Movement(OfVariant, Base):
    """A line of the ledger: `quantity` pieces came to a location, or below zero left it, and why.

    `reference` is an order's number; the lines of one action (a transfer has two) share `batch`.
    `user_id` is who did it, None for the machine. Lines are never changed nor deleted.
    """

    __tablename__ = "inventory_movement"
    __append_only__ = True
    __table_args__ = (
        tenant_fk("variant_id", "catalog_variant"),
        tenant_fk("location_id", "inventory_location"),
        CheckConstraint("kind in ('receive', 'adjust', 'transfer', 'count', 'sale', 'return')", name="kind"),
        CheckConstraint("quantity <> 0", name="quantity"),
        Index("ix_inventory_movement_variant_id", "vendor_id", "variant_id", "id"),
        Index("ix_inventory_movement_batch", "vendor_id", "batch"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    location_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    kind: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    reference: Mapped[str] = mapped_column(String(64), default="")
    batch: Mapped[str] = mapped_column(String(14))
    user_id: Mapped[int | None] = mapped_column(BigInteger)


class Reservation(OfVariant, Base):
    """Pieces of a variant that an order (by its public id) was promised and that have not left yet."""

    __tablename__ = "inventory_reservation"
    __table_args__ = (
        tenant_fk("variant_id", "catalog_variant"),
        UniqueConstraint("vendor_id", "order_key", "variant_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_inventory_reservation_variant_id", "vendor_id", "variant_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_key: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int] = mapped_column(BigInteger)
