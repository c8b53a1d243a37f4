"""Customers, their addresses, and where and when they acted."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from orion.contracts.models import (
    BigId,
    NormText,
    PlatformOwned,
    UtcDateTime,
    VendorOwned,
    Versioned,
    Wall,
    WordOf,
    module_base,
    normalise,
    public_id,
    tenant_fk,
    tenant_key,
    word_keys,
)

Base: Any = module_base(__name__)
#: What is known of a customer is seen where the customer is.
ABOUT_CUSTOMER = Wall(
    vendor="vendor_id", seen_on="customers_customer_platform", seen_key="customer_id", seen_by="customer_id"
)


def _now() -> datetime:
    return datetime.now(UTC)


class Customer(Versioned, VendorOwned, Base):
    """A person or firm that buys from one vendor.

    `reference` is the id that the vendor's own system gave them, "" where there is none.
    `joined_on` is the local date of the first thing known of them. A platform sees a customer only
    if they acted there. `erased_at` says when what was known of the person was wiped.
    """

    __tablename__ = "customers_customer"
    __wall__ = Wall(vendor="vendor_id", seen_on="customers_customer_platform", seen_key="customer_id")
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("vendor_id", "public_id"),
        Index(
            "uq_customers_customer_reference",
            "vendor_id",
            "reference",
            unique=True,
            sqlite_where=text("reference <> ''"),
            postgresql_where=text("reference <> ''"),
        ),
        Index("ix_customers_customer_name_norm", "vendor_id", "name_norm", "id"),
        Index("ix_customers_customer_email_norm", "vendor_id", "email_norm", "id"),
        Index("ix_customers_customer_reference_norm", "vendor_id", "reference_norm", "id"),
        Index("ix_customers_customer_joined_on", "vendor_id", "joined_on", "id"),
        Index("ix_customers_customer_country", "vendor_id", "country", "id"),
        # For those who see every vendor's.
        Index("ix_customers_customer_every_name_norm", "name_norm", "id"),
        Index("ix_customers_customer_every_reference_norm", "reference_norm", "id"),
        Index("ix_customers_customer_every_country", "country", "id"),
        Index("ix_customers_customer_every_joined_on", "joined_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    reference: Mapped[str] = mapped_column(String(120), default="")
    reference_norm: Mapped[str] = mapped_column(NormText, default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    name_norm: Mapped[str] = mapped_column(NormText, default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    email_norm: Mapped[str] = mapped_column(NormText, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    country: Mapped[str] = mapped_column(String(80), default="")
    #: The language of papers for them; "" where it isn't known.
    locale: Mapped[str] = mapped_column(String(35), default="", server_default="")
    joined_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("reference", "name", "email")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value


class Word(WordOf, VendorOwned, Base):
    """A normalised word by whose beginning a customer is found."""

    __tablename__ = "customers_word"
    __wall__ = ABOUT_CUSTOMER
    __words__ = (Customer, "name_norm", "email_norm", "reference_norm")
    __table_args__ = word_keys("customers_word", "customer_id", "customers_customer")

    customer_id: Mapped[int] = mapped_column(BigInteger)


class Address(Versioned, VendorOwned, Base):
    """A postal address of a customer."""

    __tablename__ = "customers_address"
    __wall__ = ABOUT_CUSTOMER
    __table_args__ = (
        tenant_fk("customer_id", "customers_customer", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "public_id"),
        Index("ix_customers_address_customer_id", "vendor_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    customer_id: Mapped[int] = mapped_column(BigInteger)
    line1: Mapped[str] = mapped_column(String(200), default="")
    line2: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(80), default="")


class Tag(VendorOwned, Base):
    """A word that a vendor puts on customers. `name_norm` tells whether two are the same."""

    __tablename__ = "customers_tag"
    __wall__ = ABOUT_CUSTOMER
    __table_args__ = (
        tenant_fk("customer_id", "customers_customer", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "customer_id", "name_norm"),
        Index("ix_customers_tag_name_norm", "vendor_id", "name_norm", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(40))
    name_norm: Mapped[str] = mapped_column(NormText)

    @validates("name")
    def _normalised(self, _key: str, value: str) -> str:
        self.name_norm = normalise(value)
        return value


class Note(VendorOwned, Base):
    """Something that the team wants to remember of a customer. `user_id` wrote it."""

    __tablename__ = "customers_note"
    __wall__ = ABOUT_CUSTOMER
    __table_args__ = (
        tenant_fk("customer_id", "customers_customer", ondelete="CASCADE"),
        Index("ix_customers_note_customer_id", "vendor_id", "customer_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(String(2000))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("orion_user.id", ondelete="RESTRICT"))


class Segment(VendorOwned, Base):
    """Conditions under a name. `query` is an address of the customer list, which is asked anew each time."""

    __tablename__ = "customers_segment"
    __table_args__ = (
        UniqueConstraint("vendor_id", "public_id"),
        UniqueConstraint("vendor_id", "name_norm"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    name: Mapped[str] = mapped_column(String(80))
    name_norm: Mapped[str] = mapped_column(NormText)
    query: Mapped[str] = mapped_column(String(1000))

    @validates("name")
    def _normalised(self, _key: str, value: str) -> str:
        self.name_norm = normalise(value)
        return value


class CustomerPlatform(PlatformOwned, Base):
    """A platform on which a customer acted, with the first and the last local date."""

    __tablename__ = "customers_customer_platform"
    __table_args__ = (
        tenant_fk("customer_id", "customers_customer", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "customer_id", "platform_id"),
        Index("ix_customers_customer_platform_platform_id", "platform_id", "vendor_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    customer_id: Mapped[int] = mapped_column(BigInteger)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)


class Activity(PlatformOwned, Base):
    """A local date on which a customer bought, on one platform, and how many times."""

    __tablename__ = "customers_activity"
    __table_args__ = (
        tenant_fk("customer_id", "customers_customer", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "customer_id", "platform_id", "business_date"),
        Index("ix_customers_activity_business_date", "vendor_id", "business_date", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    customer_id: Mapped[int] = mapped_column(BigInteger)
    business_date: Mapped[date] = mapped_column(Date)
    times: Mapped[int] = mapped_column(BigInteger)
