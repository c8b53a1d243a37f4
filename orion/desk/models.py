"""What people keep at a place, and what they are told there. Rows belong to a vendor or to a platform; those
of neither are for the whole installation."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from orion.contracts.models import BigId, UtcDateTime, Wall, public_id
from orion.data.base import Base


def now() -> datetime:
    """This moment in UTC, aware."""
    return datetime.now(UTC)


class Placed:
    """Rows of a vendor, of a platform, or of the whole installation."""

    __wall__ = Wall(vendor="vendor_id", platform="platform_id", either=True)

    vendor_id: Mapped[int | None] = mapped_column(BigInteger)
    platform_id: Mapped[int | None] = mapped_column(BigInteger)


class Kept(Placed, Base):
    """Something that a person keeps at a place under the name of what it is for (`view/orders.vendor`).

    `place` is the place as text (`vendor/7`), so that a key can hold it; `chosen` marks one of several.
    """

    __tablename__ = "orion_kept"
    __table_args__ = (UniqueConstraint("user_id", "place", "what", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(80), default="")
    value: Mapped[str] = mapped_column(Text, default="")
    chosen: Mapped[bool] = mapped_column(default=False)


class Notice(Placed, Base):
    """Something that has happened at a place, for those who hold the `permission` there.

    `kind` says what (`orders.placed`), `details` its words' values and whatever its page is found by. They
    hold no personal data: they would outlive the person. `actor_id` did it, and isn't told.
    """

    __tablename__ = "orion_notice"
    __table_args__ = (
        Index("ix_orion_notice_vendor_id", "vendor_id", "id"),
        Index("ix_orion_notice_platform_id", "platform_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    kind: Mapped[str] = mapped_column(String(80))
    permission: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("orion_user.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
