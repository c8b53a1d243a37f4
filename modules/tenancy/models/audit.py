"""What has been done, by whom: rows that are added and never changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from modules.tenancy.models.base import Base, now
from orion.contracts.models import BigId, NormText, UtcDateTime, Wall, normalise, public_id


class AuditEntry(Base):
    """Who did what to what, when and from where.

    An entry belongs to the vendor or platform where it was done, or to neither. What a platform does to
    one of its vendors stands in both logs: the second is a `copy`, which whoever sees all need not see.
    Names are those of that day, and no key leads to anybody: people and vendors go, what they did stays.
    """

    __tablename__ = "tenancy_audit_entry"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id", either=True)
    __append_only__ = True
    __table_args__ = (
        Index("ix_tenancy_audit_entry_day", "day", "id"),
        Index("ix_tenancy_audit_entry_vendor_id", "vendor_id", "id"),
        Index("ix_tenancy_audit_entry_platform_id", "platform_id", "id"),
        Index("ix_tenancy_audit_entry_action", "action", "id"),
        Index("ix_tenancy_audit_entry_user_id", "user_id", "id"),
        Index("ix_tenancy_audit_entry_who_norm", "who_norm", "id"),
        Index("ix_tenancy_audit_entry_subject_norm", "subject_norm", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    vendor_id: Mapped[int | None] = mapped_column(BigInteger)
    platform_id: Mapped[int | None] = mapped_column(BigInteger)
    copy: Mapped[bool] = mapped_column(Boolean, default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: The date at the place where it was done.
    day: Mapped[date] = mapped_column(Date)
    action: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(254), default="")
    who_norm: Mapped[str] = mapped_column(NormText(254), default="")
    #: As whom, where somebody of a platform acts for a vendor: the reason they gave.
    acting: Mapped[str] = mapped_column(String(300), default="")
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_key: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200), default="")
    subject_norm: Mapped[str] = mapped_column(NormText(200), default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    network: Mapped[str] = mapped_column(String(64), default="")
    request: Mapped[str] = mapped_column(String(32), default="")

    @validates("who", "subject")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value
