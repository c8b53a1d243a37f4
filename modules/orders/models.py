"""Orders and refunds, their lines and events, and what they add up to a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from orion.contracts.models import (
    BigId,
    NormText,
    PlatformOwned,
    UtcDateTime,
    VendorOwned,
    Versioned,
    module_base,
    normalise,
    platform_fk,
    platform_key,
    public_id,
    tenant_fk,
)
from orion.contracts.money import Money

Base = module_base(__name__)

KINDS = ("sale", "refund")
SOURCES = ("manual", "import", "seed")
RANKED = ("platform_id", "currency", "sku", "total", "order_id")


class OnPlatform(PlatformOwned):
    """Rows of a vendor's trade on one platform; neither goes while there are such rows."""

    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))


#: Lists are searched and sorted by these for a vendor, for a platform, and for who sees all.
SORTED = tuple(
    Index("_".join(("ix_orders_order", who, column)), *owner, column, "id")
    for who, owner in {"vendor": ["vendor_id"], "platform": ["platform_id"], "every": []}.items()
    for column in ("placed_at", "number_norm", "customer_norm", "total")
)


class Order(Versioned, OnPlatform, Base):
    """A document with its own number: a sale, or a refund with amounts below zero.

    `total` is in minor units of `currency` and is the sum of the lines; `units` is the sum of their
    quantities. `customer_name` is the name that the document gave, or else the reference.
    `business_date` is the vendor's local date of `placed_at`. A refund may name the number of the
    sale that it takes back. `content_hash` says whether an import brings anything new. `refunded` is what
    refunds made here took back of a sale, in minor units, 0 or more.
    """

    __tablename__ = "orders_order"
    __table_args__ = (
        platform_key(),
        tenant_fk("customer_id", "customers_customer"),
        UniqueConstraint("vendor_id", "public_id"),
        UniqueConstraint("vendor_id", "platform_id", "number"),
        CheckConstraint("kind in ('sale', 'refund')", name="kind"),
        CheckConstraint(
            "(kind = 'refund' and status = 'refunded') or (kind = 'sale' and status in"
            " ('draft', 'placed', 'confirmed', 'packed', 'part_shipped', 'shipped', 'delivered',"
            " 'cancelled', 'returned'))",
            name="status",
        ),
        CheckConstraint("source in ('manual', 'import', 'seed')", name="source"),
        *SORTED,
        Index("ix_orders_order_status", "vendor_id", "status", "placed_at", "id"),
        Index("ix_orders_order_kind", "vendor_id", "kind", "placed_at", "id"),
        Index("ix_orders_order_customer_id", "vendor_id", "customer_id", "placed_at"),
        Index("ix_orders_order_every_customer_id", "customer_id", "id"),
        Index(
            "ix_orders_order_origin_number",
            "vendor_id",
            "origin_number",
            sqlite_where=text("origin_number <> ''"),
            postgresql_where=text("origin_number <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    number: Mapped[str] = mapped_column(String(64))
    number_norm: Mapped[str] = mapped_column(NormText)
    kind: Mapped[str] = mapped_column(String(8), default="sale")
    status: Mapped[str] = mapped_column(String(16), default="placed")
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    business_date: Mapped[date] = mapped_column(Date)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    customer_name: Mapped[str] = mapped_column(String(200), default="")
    customer_norm: Mapped[str] = mapped_column(NormText, default="")
    country: Mapped[str] = mapped_column(String(80), default="")
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(8), default="manual")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    origin_number: Mapped[str] = mapped_column(String(64), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    ship_to: Mapped[str] = mapped_column(String(600), default="")
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)

    @validates("number")
    def _normalise_number(self, _key: str, value: str) -> str:
        self.number_norm = normalise(value)
        return value

    @validates("customer_name")
    def _normalise_customer(self, _key: str, value: str) -> str:
        self.customer_norm = normalise(value)
        return value


class Line(OnPlatform, Base):
    """What was sold, as it was called and priced then. `position` counts from 1.

    `unit_price` is an exact decimal in major units as the source wrote it, "" where it wrote none;
    `total` and `tax` are in minor units, the tax being part of the total. Date and currency are the
    order's own, kept here so that products can be ranked from this table alone. Of the `quantity` of a sale,
    `shipped` have left, `dropped` were refunded before they left, and `returned` came back; `refunded` is
    the money that went back for the line, in minor units.
    """

    __tablename__ = "orders_line"
    __table_args__ = (
        platform_fk("order_id", "orders_order", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "order_id", "position"),
        Index("ix_orders_line_sku", "vendor_id", "sku", "business_date", "id"),
        # All that ranks products, first for a vendor and then for those who see all.
        Index("ix_orders_line_ranked", "vendor_id", "business_date", *RANKED),
        Index("ix_orders_line_every_ranked", "business_date", "vendor_id", *RANKED),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    business_date: Mapped[date] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3))
    sku: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_price: Mapped[str] = mapped_column(String(40), default="")
    total: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int | None] = mapped_column(BigInteger)
    shipped: Mapped[int] = mapped_column(BigInteger, default=0)
    dropped: Mapped[int] = mapped_column(BigInteger, default=0)
    returned: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def to_ship(self) -> int:
        """Units that still have to leave."""
        return max(0, self.quantity - self.shipped - self.dropped)

    @property
    def refundable(self) -> int:
        """Units for which money has not gone back yet."""
        return max(0, self.quantity - self.dropped - self.returned)

    @property
    def left_money(self) -> Money:
        """What has not gone back yet."""
        return Money(self.left, self.currency)

    @property
    def left(self) -> int:
        """Minor units that have not gone back yet."""
        return self.total - self.refunded


class Shipment(OnPlatform, Base):
    """A parcel, or what else left the house at once. `position` counts an order's from 1."""

    __tablename__ = "orders_shipment"
    __table_args__ = (
        platform_key(),
        platform_fk("order_id", "orders_order", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "order_id", "position"),
        UniqueConstraint("vendor_id", "public_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    order_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    carrier: Mapped[str] = mapped_column(String(80), default="")
    tracking: Mapped[str] = mapped_column(String(120), default="")


class ShipmentLine(OnPlatform, Base):
    """What was in a shipment: a copy of the line's texts, since an import may replace an order's lines."""

    __tablename__ = "orders_shipment_line"
    __table_args__ = (
        platform_fk("shipment_id", "orders_shipment", ondelete="CASCADE"),
        Index("ix_orders_shipment_line_shipment_id", "vendor_id", "shipment_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shipment_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    sku: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    quantity: Mapped[int] = mapped_column(BigInteger)


class Series(VendorOwned, Base):
    """The last number of a vendor's series: raised in the transaction that uses the number, so that a
    series has no gap and no double. `year` is 0 for a series that goes on for ever."""

    __tablename__ = "orders_series"
    __table_args__ = (UniqueConstraint("vendor_id", "kind", "year"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(16))
    year: Mapped[int] = mapped_column(BigInteger, default=0)
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class Invoice(OnPlatform, Base):
    """An invoice or, of a refund, a credit note. `content` is what it said when it was written: it stays as
    it is whatever becomes of the order. Numbers run without gaps by vendor and year."""

    __tablename__ = "orders_invoice"
    __table_args__ = (
        platform_fk("order_id", "orders_order", ondelete="RESTRICT"),
        UniqueConstraint("vendor_id", "year", "number"),
        UniqueConstraint("vendor_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(BigInteger)
    issued_on: Mapped[date] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def code(self) -> str:
        """How the number is written."""
        return f"{self.year}-{self.number:05}"


class Event(OnPlatform, Base):
    """Something that happened to an order after it was placed.

    `kind` is the status that it took, `replaced` when an import brought other contents, `refund` with the
    refund's number as text, `undone`, or `note`. `user_id` is who did it, None for the machine.
    """

    __tablename__ = "orders_event"
    __table_args__ = (
        platform_fk("order_id", "orders_order", ondelete="CASCADE"),
        Index("ix_orders_event_order_id", "vendor_id", "order_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(2000), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("orion_user.id", ondelete="RESTRICT"))


class Daily(OnPlatform, Base):
    """What the documents of a day add up to: additive figures only, `revenue` in minor units."""

    __tablename__ = "orders_daily"
    __table_args__ = (
        UniqueConstraint(
            "vendor_id",
            "business_date",
            "platform_id",
            "currency",
            "kind",
            "status",
            name="uq_orders_daily_key",
        ),
        Index("ix_orders_daily_platform_id", "platform_id", "business_date"),
        Index("ix_orders_daily_business_date", "business_date"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    business_date: Mapped[date] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16))
    orders: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int] = mapped_column(BigInteger)
    revenue: Mapped[int] = mapped_column(BigInteger)
