"""A job of a vendor's."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from orion.contracts.models import BigId, UtcDateTime, VendorOwned, public_id
from orion.data.base import Base

#: What may be before a job, what is after it; `parked` crashed too often to be tried again by itself.
OPEN, OVER = ("waiting", "running"), ("done", "failed", "cancelled", "parked")
STATES = (*OPEN, *OVER)


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


class Job(VendorOwned, Base):
    """Something that a worker does for a vendor, in chunks.

    `name` is the function: `import.read` is `read` in the jobs.py of the module `import`. `arguments` and
    `cursor` are JSON; `cursor` is how far it came, as the function says it. `done` and `total` count
    whatever the function counts; a total of 0 is not known yet. `user_id`, `platform` and `locale` make the
    scope together with the vendor. `token` grows with each worker that takes the job on, `crashes` with each
    that died on it since it last got on. `message` says why it stopped.
    """

    __tablename__ = "orion_job"
    __table_args__ = (
        UniqueConstraint("vendor_id", "public_id"),
        UniqueConstraint("vendor_id", "key"),
        CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'parked')", name="state"
        ),
        Index("ix_orion_job_open", "state", "due_at", "id"),
        Index("ix_orion_job_vendor_created_at", "vendor_id", "created_at", "id"),
        Index("ix_orion_job_created_at", "created_at", "id"),
        Index("ix_orion_job_vendor_module", "vendor_id", "module_code", "state"),
        Index("ix_orion_job_module_code", "module_code", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    module_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(200), default="")
    key: Mapped[str] = mapped_column(String(120), default=lambda: public_id())
    arguments: Mapped[str] = mapped_column(Text, default="{}")
    place: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str] = mapped_column(String(64), default="")
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    locale: Mapped[str] = mapped_column(String(35), default="en")
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    cursor: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    stopping: Mapped[bool] = mapped_column(Boolean, default=False)
    token: Mapped[int] = mapped_column(BigInteger, default=0)
    crashes: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Of a waiting job, before when nobody takes it on; of a running one, until when its worker has it.
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def is_open(self) -> bool:
        """Whether there is something to come."""
        return self.state in OPEN

    @property
    def share(self) -> int | None:
        """How much is done, in percent; None where that is not known."""
        if self.state == "done":
            return 100
        return min(99, self.done * 100 // self.total) if self.total else None


class Schedule(VendorOwned, Base):
    """A job that is asked for each day: at `at` (HH:MM) in the time zone `zone`, next at `next_at`, unless it
    is `resting`. The rest is what the job has."""

    __tablename__ = "orion_schedule"
    __table_args__ = (
        UniqueConstraint("vendor_id", "public_id"),
        Index("ix_orion_schedule_due", "resting", "next_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    module_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(200), default="")
    arguments: Mapped[str] = mapped_column(Text, default="{}")
    place: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str] = mapped_column(String(64), default="")
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    locale: Mapped[str] = mapped_column(String(35), default="en")
    zone: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(5))
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resting: Mapped[bool] = mapped_column(Boolean, default=False)
