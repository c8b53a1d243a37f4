"""Imports, what they have staged, and publications with what takes them back."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from orion.contracts.models import (
    BigId,
    NormText,
    PlatformOwned,
    UtcDateTime,
    VendorOwned,
    module_base,
    normalise,
    public_id,
    tenant_fk,
    tenant_key,
)

Base: Any = module_base(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Import(VendorOwned, Base):
    """A file that somebody has brought.

    `file` names it among the media, `stated` is a mapping as JSON: which column is which field, and how
    the file is written, as far as somebody has said so; `settled` is what reading it has shown besides:
    columns, readings and proofs. `show_on` is the code of the platform on which new products show.
    `at_once` publishes every row without an error as soon as the file was read. `target` names what its
    table is of, and `source` tells where such files come from: by their headers, or by their address.
    """

    __tablename__ = "marketplace_import"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("vendor_id", "public_id"),
        CheckConstraint("stage in ('uploaded', 'reading', 'ready', 'refused')", name="stage"),
        Index("ix_marketplace_import_vendor_created_at", "vendor_id", "created_at", "id"),
        Index("ix_marketplace_import_created_at", "created_at", "id"),
        Index("ix_marketplace_import_vendor_name_norm", "vendor_id", "name_norm", "id"),
        Index("ix_marketplace_import_name_norm", "name_norm", "id"),
        Index("ix_marketplace_import_stage", "vendor_id", "stage", "id"),
        Index("ix_marketplace_import_source", "vendor_id", "source", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    name_norm: Mapped[str] = mapped_column(NormText)
    file: Mapped[str] = mapped_column(String(20))
    size: Mapped[int] = mapped_column(BigInteger)
    stated: Mapped[str] = mapped_column(Text, default="{}")
    settled: Mapped[str] = mapped_column(Text, default="{}")
    target: Mapped[str] = mapped_column(String(64), default="catalog.products")
    source: Mapped[str] = mapped_column(String(64), default="")
    show_on: Mapped[str] = mapped_column(String(64), default="")
    at_once: Mapped[bool] = mapped_column(Boolean, default=False)
    stage: Mapped[str] = mapped_column(String(8), default="uploaded")
    message: Mapped[str] = mapped_column(Text, default="")
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)

    @validates("name")
    def _normalised(self, _key: str, value: str) -> str:
        self.name_norm = normalise(value)
        return value


class OfImport(VendorOwned):
    """Rows that go with their import."""

    import_id: Mapped[int] = mapped_column(BigInteger)


class Publication(OfImport, Base):
    """What was published of an import at once; `at` is also the moment at which its products changed.

    `wanted` counts what was to be published, `done` what was; `left` what taking back has left alone.
    """

    __tablename__ = "marketplace_publication"
    __table_args__ = (
        tenant_key(),
        tenant_fk("import_id", "marketplace_import", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "public_id"),
        CheckConstraint("state in ('running', 'done', 'undoing', 'undone')", name="state"),
        Index("ix_marketplace_publication_import_id", "vendor_id", "import_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    state: Mapped[str] = mapped_column(String(7), default="running")
    wanted: Mapped[int] = mapped_column(BigInteger, default=0)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    left: Mapped[int] = mapped_column(BigInteger, default=0)
    user_id: Mapped[int | None] = mapped_column(BigInteger)


class Staged(OfImport, Base):
    """A product as a file has it, or with the state `rejected` a row of it that can't be taken, or `gone` one
    that an earlier file of the same source had; that one is of no rows.

    `line` is the first of its rows, `lines` how many they are. `data` is the thing, `source` its rows as
    (line, texts by field), `changes` and `notes` what there is to say: all JSON. Of a rejected row `field`,
    `value` and `reason` say what is wrong, and `code` is the kind of problem; of a thing what it shares with
    another of its file.
    """

    __tablename__ = "marketplace_staged"
    __table_args__ = (
        tenant_key(),
        tenant_fk("import_id", "marketplace_import", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "public_id"),
        CheckConstraint("state in ('new', 'changed', 'unchanged', 'gone', 'rejected')", name="state"),
        CheckConstraint("decision in ('open', 'accepted', 'skipped', 'published')", name="decision"),
        Index("ix_marketplace_staged_import_id", "vendor_id", "import_id", "state", "decision", "id"),
        Index("ix_marketplace_staged_key", "vendor_id", "import_id", "key"),
        Index("ix_marketplace_staged_publication_id", "vendor_id", "publication_id", "id"),
        Index("ix_marketplace_staged_vendor_line", "vendor_id", "line", "id"),
        Index("ix_marketplace_staged_line", "line", "id"),
        Index("ix_marketplace_staged_vendor_title_norm", "vendor_id", "title_norm", "id"),
        Index("ix_marketplace_staged_title_norm", "title_norm", "id"),
        Index("ix_marketplace_staged_vendor_state", "vendor_id", "state", "decision"),
        Index("ix_marketplace_staged_state", "state", "decision"),
        Index("ix_marketplace_staged_vendor_code", "vendor_id", "code"),
        Index("ix_marketplace_staged_code", "code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    key: Mapped[str] = mapped_column(String(300), default="")
    title: Mapped[str] = mapped_column(String(300))
    title_norm: Mapped[str] = mapped_column(NormText)
    line: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int] = mapped_column(BigInteger, default=1)
    parts: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(9))
    decision: Mapped[str] = mapped_column(String(9), default="open")
    code: Mapped[str] = mapped_column(String(20), default="")
    field: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    data: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="[]")
    changes: Mapped[str] = mapped_column(Text, default="[]")
    notes: Mapped[str] = mapped_column(Text, default="[]")
    publication_id: Mapped[int | None] = mapped_column(BigInteger)
    product_id: Mapped[int | None] = mapped_column(BigInteger)

    @validates("title")
    def _normalised(self, _key: str, value: str) -> str:
        self.title_norm = normalise(value)
        return value


class Memory(VendorOwned, Base):
    """How files with certain headers are read: `stated` is what was stated the last time, a mapping as JSON.

    `headers` is their digest, `target` what such a table is of, `name` the file that it was stated for.
    """

    __tablename__ = "marketplace_memory"
    __table_args__ = (
        UniqueConstraint("vendor_id", "headers"),
        Index("ix_marketplace_memory_used_at", "vendor_id", "used_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    headers: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    stated: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)


class Feed(VendorOwned, Base):
    """An address from which a file is fetched each day (`schedule` is the public id of that).

    `mark` and `digest` tell whether it is another file than before; `outcome`, `message` and `tried_at` are
    of the last time, `import_id` of the last file.
    """

    __tablename__ = "marketplace_feed"
    __table_args__ = (
        UniqueConstraint("vendor_id", "public_id"),
        CheckConstraint("outcome in ('', 'fetched', 'unchanged', 'failed')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    address: Mapped[str] = mapped_column(String(1000))
    show_on: Mapped[str] = mapped_column(String(64), default="")
    at_once: Mapped[bool] = mapped_column(Boolean, default=False)
    schedule: Mapped[str] = mapped_column(String(14), default="")
    mark: Mapped[str] = mapped_column(String(300), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[str] = mapped_column(String(9), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)

    @property
    def name(self) -> str:
        """What people call it: without what may be secret in the address."""
        parts = urlsplit(self.address)
        return f"{parts.hostname or ''}{parts.path}"[:200]

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return urlsplit(self.address).path.rpartition("/")[2] or self.name


class Outlet(PlatformOwned, Base):
    """An address at which others read what a vendor shows on a platform: `digest` is that of its secret,
    `link` where the page of a product is."""

    __tablename__ = "marketplace_outlet"
    __table_args__ = (
        UniqueConstraint("vendor_id", "platform_id"),
        UniqueConstraint("vendor_id", "digest"),
        Index("ix_marketplace_outlet_platform_id", "platform_id", "vendor_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    digest: Mapped[str] = mapped_column(String(64))
    link: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)


class Change(VendorOwned, Base):
    """What a publication did to a product (row id), and what takes it back: `before` is what the product
    was, as JSON, empty where it was made."""

    __tablename__ = "marketplace_change"
    __table_args__ = (
        tenant_fk("publication_id", "marketplace_publication", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "publication_id", "product_id"),
        Index("ix_marketplace_change_product_id", "product_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    publication_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[str] = mapped_column(Text, default="")
