"""The tenants themselves: platforms, vendors, who is where, and the vendors' domains."""

import secrets
from datetime import date, datetime

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

from modules.tenancy.models.base import Base, now
from orion.contracts.models import BigId, NormText, UtcDateTime, Versioned, Wall, WordOf, normalise, word_keys

VENDOR_STATES = ("active", "suspended", "closed")
#: How a vendor is on a platform as long as it is there.
THERE = ("active", "suspended")


class Platform(Versioned, Base):
    """A marketplace or shop system that vendors sell on."""

    __tablename__ = "tenancy_platform"
    __wall__ = Wall(platform="id")

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_norm: Mapped[str] = mapped_column(NormText, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @validates("name")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value


class Vendor(Versioned, Base):
    """A merchant. `code` stands in URLs; `created_on` is a date in the vendor's own zone."""

    __tablename__ = "tenancy_vendor"
    __wall__ = Wall(vendor="id")
    __table_args__ = (
        CheckConstraint("status in ('active', 'suspended', 'closed')", name="status"),
        Index("ix_tenancy_vendor_name_norm", "name_norm", "id"),
        Index("ix_tenancy_vendor_created_on", "created_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    code_norm: Mapped[str] = mapped_column(NormText, index=True)
    name: Mapped[str] = mapped_column(String(160))
    name_norm: Mapped[str] = mapped_column(NormText)
    status: Mapped[str] = mapped_column(String(16), default="active", index=True)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    tax_number: Mapped[str] = mapped_column(String(40), default="")
    #: Why and since when it is suspended or closed.
    status_reason: Mapped[str] = mapped_column(String(300), default="")
    status_since: Mapped[date | None] = mapped_column(Date)
    created_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @validates("code", "name")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value


class VendorWord(WordOf, Base):
    """A normalised word by whose beginning a vendor is found."""

    __tablename__ = "tenancy_vendor_word"
    __wall__ = Wall(vendor="vendor_id")
    __words__ = (Vendor, "name_norm", "code_norm")
    __table_args__ = word_keys("tenancy_vendor_word", "vendor_id", "tenancy_vendor", owners=())

    vendor_id: Mapped[int] = mapped_column(BigInteger)


class VendorPlatform(Base):
    """A vendor on a platform: the junction. An ended one keeps its row and its date; where the platform has
    suspended the vendor, what is there is read and not changed."""

    __tablename__ = "tenancy_vendor_platform"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id")
    __table_args__ = (
        UniqueConstraint("vendor_id", "platform_id"),
        CheckConstraint("status in ('active', 'suspended', 'ended')", name="status"),
        Index("ix_tenancy_vendor_platform_platform_id", "platform_id", "status", "vendor_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(String(16), default="active")
    since: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    #: Why and since when it is suspended there.
    status_reason: Mapped[str] = mapped_column(String(300), default="")
    status_since: Mapped[date | None] = mapped_column(Date)


class VendorDomain(Base):
    """A host name that a vendor says is theirs. Several may say so until one has proved it."""

    __tablename__ = "tenancy_vendor_domain"
    __wall__ = Wall(vendor="vendor_id")
    __table_args__ = (
        UniqueConstraint("vendor_id", "host"),
        Index(
            "uq_tenancy_vendor_domain_verified_host",
            "host",
            unique=True,
            sqlite_where=text("verified_at is not null"),
            postgresql_where=text("verified_at is not null"),
        ),
        Index("ix_tenancy_vendor_domain_host", "host", "id"),
        Index("ix_tenancy_vendor_domain_created_on", "created_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    host: Mapped[str] = mapped_column(String(253))
    #: What the owner of the host puts where only they can.
    token: Mapped[str] = mapped_column(String(43), default=lambda: secrets.token_urlsafe(32))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_on: Mapped[date] = mapped_column(Date)


class Support(Base):
    """Somebody who runs a platform (None: the installation) works for a vendor for a while, with the
    rights that they have there."""

    __tablename__ = "tenancy_support"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id")
    __table_args__ = (Index("ix_tenancy_support_user_id", "user_id", "expires_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    user_id: Mapped[int] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(300))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
