"""The one MetaData, column types that mean the same on SQLite and PostgreSQL, and the wall's marks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Row keys: BIGINT, and on SQLite the INTEGER that numbers itself.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Takes and gives aware datetimes only; naive ones raise ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)  # type: ignore[attr-defined]

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NormText(TypeDecorator[str]):
    """Normalised search text, compared byte by byte so that prefix ranges may use an index."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: object):  # type: ignore[no-untyped-def]
        if dialect.name == "postgresql":  # type: ignore[attr-defined]
            return dialect.type_descriptor(String(collation="C"))  # type: ignore[attr-defined]
        return dialect.type_descriptor(String())  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Wall:
    """How the rows of a table are fenced: column names, or None where there is no such column.

    `seen_on` names a table of (vendor_id, platform_id, `seen_key`) that says on which platforms a
    vendor's row acted: a platform sees the row only if it is there. The row is known there by its
    column `seen_by`: its own id, or that of whom it is about. `either` is for rows that belong to a
    vendor or to a platform, with the other column empty.
    """

    vendor: str | None = None
    platform: str | None = None
    seen_on: str | None = None
    seen_key: str | None = None
    seen_by: str = "id"
    either: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that say whose a row is."""
        return tuple(name for name in (self.vendor, self.platform) if name is not None)


def wall_of(table: Any) -> Wall | None:
    """The fence of a table, or None for tables that belong to no tenant."""
    wall: Wall | None = table.info.get("wall")
    return wall
