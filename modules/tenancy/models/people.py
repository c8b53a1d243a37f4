"""The people who work here, and what they may do."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from modules.tenancy.models.base import Base
from modules.tenancy.models.tenants import Platform, Vendor
from orion.contracts.models import BigId, UtcDateTime, Versioned, Wall, public_id


class Role(Versioned, Base):
    """A set of permissions, offered to everybody at its level.

    `everything` means all permissions that are declared, later ones included.
    """

    __tablename__ = "tenancy_role"
    __table_args__ = (
        CheckConstraint("level in ('installation', 'platform', 'vendor')", name="level"),
        UniqueConstraint("level", "name"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    permissions: Mapped[list[str]] = mapped_column(JSON, default=list)
    everything: Mapped[bool] = mapped_column(Boolean, default=False)
    require_2fa: Mapped[bool] = mapped_column(Boolean, default=False)

    @property
    def key(self) -> str:
        """What forms call it."""
        return f"s{self.id}"


class OwnRole(Versioned, Base):
    """A role that a vendor or a platform has made for itself."""

    __tablename__ = "tenancy_own_role"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id", either=True)
    __table_args__ = (
        CheckConstraint("level in ('platform', 'vendor')", name="level"),
        CheckConstraint(
            "(level = 'platform' and vendor_id is null and platform_id is not null)"
            " or (level = 'vendor' and vendor_id is not null and platform_id is null)",
            name="place",
        ),
        UniqueConstraint("vendor_id", "id"),
        UniqueConstraint("platform_id", "id"),
        UniqueConstraint("vendor_id", "name"),
        UniqueConstraint("platform_id", "name"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(80))
    permissions: Mapped[list[str]] = mapped_column(JSON, default=list)
    require_2fa: Mapped[bool] = mapped_column(Boolean, default=False)

    #: A place's own roles say what they allow: none grows by itself.
    everything = False

    @property
    def key(self) -> str:
        """What forms call it."""
        return f"o{self.id}"


AnyRole = Role | OwnRole
_PLACE = (
    "(level = 'installation' and vendor_id is null and platform_id is null)"
    " or (level = 'platform' and vendor_id is null and platform_id is not null)"
    " or (level = 'vendor' and vendor_id is not null and platform_id is null)"
)
_ROLE = (
    "(role_id is not null and own_role_id is null)"
    " or (role_id is null and own_role_id is not null and level <> 'installation')"
)


def _own_role() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """A role that is a place's own is the own place's: one of the keys holds, by whichever owner there is."""
    vendors, platforms = (
        ForeignKeyConstraint(
            [owner, "own_role_id"],
            [f"tenancy_own_role.{owner}", "tenancy_own_role.id"],
            ondelete="RESTRICT",
        )
        for owner in ("vendor_id", "platform_id")
    )
    return vendors, platforms


class Membership(Base):
    """A person (user) in the installation, on a platform or with a vendor, in one role: one that is
    offered to everybody, or one of the place's own."""

    __tablename__ = "tenancy_membership"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id", either=True)
    __table_args__ = (
        CheckConstraint("level in ('installation', 'platform', 'vendor')", name="level"),
        CheckConstraint(_PLACE, name="place"),
        CheckConstraint(_ROLE, name="role"),
        *_own_role(),
        UniqueConstraint("user_id", "vendor_id"),
        UniqueConstraint("user_id", "platform_id"),
        Index(
            "uq_tenancy_membership_installation",
            "user_id",
            unique=True,
            sqlite_where=text("level = 'installation'"),
            postgresql_where=text("level = 'installation'"),
        ),
        Index("ix_tenancy_membership_vendor_id", "vendor_id", "id"),
        Index("ix_tenancy_membership_platform_id", "platform_id", "id"),
        Index("ix_tenancy_membership_created_on", "created_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"), index=True)
    level: Mapped[str] = mapped_column(String(16))
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    role_id: Mapped[int | None] = mapped_column(
        ForeignKey("tenancy_role.id", ondelete="RESTRICT"), index=True
    )
    own_role_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    created_on: Mapped[date] = mapped_column(Date)

    role: Mapped[Role | None] = relationship()
    vendor: Mapped[Vendor | None] = relationship()
    platform: Mapped[Platform | None] = relationship()
    #: By its number alone: the keys say of which owner it is.
    own_role: Mapped[OwnRole | None] = relationship(
        primaryjoin=lambda: foreign(Membership.own_role_id) == OwnRole.id, viewonly=True
    )

    @property
    def held(self) -> AnyRole:
        """The role, whoever offers it."""
        found = self.role or self.own_role
        assert found is not None
        return found


class Invitation(Base):
    """Somebody is asked to join a place in a role. Of the link in the mail a hash is kept."""

    __tablename__ = "tenancy_invitation"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id", either=True)
    __table_args__ = (
        CheckConstraint("level in ('installation', 'platform', 'vendor')", name="level"),
        CheckConstraint(_PLACE, name="place"),
        CheckConstraint(_ROLE, name="role"),
        *_own_role(),
        Index("ix_tenancy_invitation_vendor_id", "vendor_id", "id"),
        Index("ix_tenancy_invitation_platform_id", "platform_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    level: Mapped[str] = mapped_column(String(16))
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    role_id: Mapped[int | None] = mapped_column(
        ForeignKey("tenancy_role.id", ondelete="RESTRICT"), index=True
    )
    own_role_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"unguessable": True})
    invited_by: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Set when it is over, by being accepted or revoked.
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    role: Mapped[Role | None] = relationship()
    vendor: Mapped[Vendor | None] = relationship()
    platform: Mapped[Platform | None] = relationship()
    own_role: Mapped[OwnRole | None] = relationship(
        primaryjoin=lambda: foreign(Invitation.own_role_id) == OwnRole.id, viewonly=True
    )

    @property
    def held(self) -> AnyRole:
        """The role that is offered."""
        found = self.role or self.own_role
        assert found is not None
        return found
