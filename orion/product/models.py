"""What is kept of changes to manifests. Their texts hold no tenant's row, so the table has no wall."""

from datetime import UTC, datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from orion.contracts.models import BigId, UtcDateTime, public_id
from orion.data.base import Base

#: How a file came to be changed.
PAGE, COMMAND, HAND, ROLLBACK = "page", "command", "hand", "rollback"


def _now() -> datetime:
    return datetime.now(UTC)


class Revision(Base):
    """One file of the manifests folder, changed once.

    `file` is its name without .yaml (`orders`, `platforms/letz`); `before` and `after` are its texts, None
    where there was no file. Rows are added and never changed.
    """

    __tablename__ = "orion_manifest_revision"
    __append_only__ = True
    __table_args__ = (Index("ix_orion_manifest_revision_file_id", "file", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), unique=True, default=public_id)
    file: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    how: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(String(254), default="")
    why: Mapped[str] = mapped_column(String(300), default="")
    before: Mapped[bytes | None] = mapped_column(LargeBinary)
    after: Mapped[bytes | None] = mapped_column(LargeBinary)
