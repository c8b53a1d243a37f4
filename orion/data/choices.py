"""What vendors have switched off for themselves: one row a vendor, which each visit reads along."""

from collections.abc import Mapping

from sqlalchemy import ScalarSelect, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from orion.contracts.models import BigId, VendorOwned, Versioned
from orion.contracts.scope import system_scope
from orion.data.base import Base
from orion.data.database import entered

Names = frozenset[str]


class Choices(Versioned, VendorOwned, Base):
    """What a vendor does without. `off` holds codes of modules and full ids of features, with blanks between:
    names that nobody knows any more harm nobody."""

    __tablename__ = "orion_choices"
    __table_args__ = (UniqueConstraint("vendor_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    off: Mapped[str] = mapped_column(Text, default="")

    @property
    def names(self) -> Names:
        """What is off."""
        return names_of(self.off)


def names_of(text: str | None) -> Names:
    """The names in a row's text; none where there is no row."""
    return frozenset((text or "").split())


def off_at(vendor_id: ScalarSelect[int]) -> ScalarSelect[str]:
    """The text of a vendor's row, to stand in a statement; NULL where it has chosen nothing."""
    return select(Choices.off).where(Choices.vendor_id == vendor_id).scalar_subquery()


def read_off(vendor_id: int) -> Names:
    """What a vendor has switched off, where no visit has read it: in shops, commands and jobs."""
    with entered(system_scope("command")) as reading:
        return names_of(reading.scalar(select(Choices.off).where(Choices.vendor_id == vendor_id)))


def every_off() -> Mapping[int, Names]:
    """Vendor's row id → what it has switched off, of those that have chosen anything."""
    with entered(system_scope("command")) as reading:
        rows = reading.execute(select(Choices.vendor_id, Choices.off))
        return {vendor: names_of(text) for vendor, text in rows}
