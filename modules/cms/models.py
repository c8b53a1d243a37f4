"""Pages with their versions and places, files of the media library, and which page uses which file."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
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


def _now() -> datetime:
    return datetime.now(UTC)


class Page(Versioned, VendorOwned, Base):
    """A page in Markdown, with the HTML that was read from it.

    It is public from the moment `published_from` on, which may lie ahead, unless it is archived;
    `number` is that of its latest version, and `text_number` that in which its title or text last changed,
    which its translations are compared with. A page that was public when a later moment was chosen stays so
    until then, as its version `shown_number` and those before it said.
    A deleted page stays for a while, to be brought back. A platform sees a page only if it is to be shown
    there.
    """

    __tablename__ = "cms_page"
    __wall__ = Wall(vendor="vendor_id", seen_on="cms_page_platform", seen_key="page_id")
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("vendor_id", "public_id"),
        Index(
            "uq_cms_page_slug",
            "vendor_id",
            "slug",
            unique=True,
            sqlite_where=text("deleted_at is null"),
            postgresql_where=text("deleted_at is null"),
        ),
        Index("ix_cms_page_title_norm", "vendor_id", "title_norm", "id"),
        Index("ix_cms_page_updated_at", "vendor_id", "updated_at", "id"),
        # For those who see every vendor's.
        Index("ix_cms_page_every_title_norm", "title_norm", "id"),
        Index("ix_cms_page_every_updated_at", "updated_at", "id"),
        Index("ix_cms_page_every_published_from", "published_from", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    title: Mapped[str] = mapped_column(String(160))
    title_norm: Mapped[str] = mapped_column(NormText)
    slug: Mapped[str] = mapped_column(NormText)
    language: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(BigInteger)
    text_number: Mapped[int] = mapped_column(BigInteger, default=1)
    published_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_number: Mapped[int | None] = mapped_column(BigInteger)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @validates("title")
    def _normalised(self, _key: str, value: str) -> str:
        self.title_norm = normalise(value)
        return value

    def state(self, now: datetime) -> str:
        """`archived`, `draft`, `scheduled` or `published`: what `queries.in_state` asks of rows."""
        if self.archived_at is not None:
            return "archived"
        if self.published_from is None:
            return "draft"
        return "published" if self.published_from <= now else "scheduled"

    def old_number(self, now: datetime) -> int | None:
        """The number of the version that is public at a moment instead of what the page says, if one is."""
        return self.shown_number if self.state(now) == "scheduled" else None


class Word(WordOf, VendorOwned, Base):
    """A normalised word by whose beginning a page is found."""

    __tablename__ = "cms_word"
    __wall__ = Wall(vendor="vendor_id", seen_on="cms_page_platform", seen_key="page_id", seen_by="page_id")
    __words__ = (Page, "title_norm", "slug")
    __table_args__ = word_keys("cms_word", "page_id", "cms_page")

    page_id: Mapped[int] = mapped_column(BigInteger)


class Version(VendorOwned, Base):
    """A page, or one of its translations, as it was saved. `saved_by` is the user's id, None where nobody was
    signed in."""

    __tablename__ = "cms_version"
    __append_only__ = True
    __table_args__ = (
        tenant_fk("page_id", "cms_page", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "page_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(160))
    slug: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(16))
    is_translation: Mapped[bool] = mapped_column(Boolean, default=False)
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(BigInteger)


class Translation(Versioned, VendorOwned, Base):
    """A page in another language than its own. `of` is the number of the version that it is a translation of:
    it is out of date where that is lower than the page's `text_number`."""

    __tablename__ = "cms_translation"
    __wall__ = Wall(vendor="vendor_id", seen_on="cms_page_platform", seen_key="page_id", seen_by="page_id")
    __table_args__ = (
        tenant_fk("page_id", "cms_page", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "page_id", "language"),
        Index("ix_cms_translation_language", "vendor_id", "language", "page_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page_id: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    of: Mapped[int] = mapped_column(BigInteger)


class PagePlatform(PlatformOwned, Base):
    """A platform on which a page is to be shown."""

    __tablename__ = "cms_page_platform"
    __table_args__ = (
        tenant_fk("page_id", "cms_page", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "page_id", "platform_id"),
        Index("ix_cms_page_platform_platform_id", "platform_id", "vendor_id", "page_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    page_id: Mapped[int] = mapped_column(BigInteger)


class Media(Versioned, VendorOwned, Base):
    """A picture or a document (PDF). `public_id` stays when its content is replaced, `key` (the stem of
    its files' names) changes; `size` adds up the bytes of all its files."""

    __tablename__ = "cms_media"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("vendor_id", "public_id"),
        CheckConstraint("kind in ('picture', 'document')", name="kind"),
        Index("ix_cms_media_name_norm", "vendor_id", "name_norm", "id"),
        Index("ix_cms_media_created_at", "vendor_id", "created_at", "id"),
        Index("ix_cms_media_folder", "vendor_id", "folder", "id"),
        # For those who see every vendor's.
        Index("ix_cms_media_every_name_norm", "name_norm", "id"),
        Index("ix_cms_media_every_size", "size", "id"),
        Index("ix_cms_media_every_created_at", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(160))
    name_norm: Mapped[str] = mapped_column(NormText)
    folder: Mapped[str] = mapped_column(String(80), default="")
    alt: Mapped[str] = mapped_column(String(300), default="")
    key: Mapped[str] = mapped_column(String(14))
    width: Mapped[int] = mapped_column(BigInteger, default=0)
    height: Mapped[int] = mapped_column(BigInteger, default=0)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("name")
    def _normalised(self, _key: str, value: str) -> str:
        self.name_norm = normalise(value)
        return value


class Use(VendorOwned, Base):
    """A page uses a file of the library: it names it in its text."""

    __tablename__ = "cms_use"
    __table_args__ = (
        tenant_fk("page_id", "cms_page", ondelete="CASCADE"),
        tenant_fk("media_id", "cms_media", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "page_id", "media_id"),
        Index("ix_cms_use_media_id", "vendor_id", "media_id", "page_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page_id: Mapped[int] = mapped_column(BigInteger)
    media_id: Mapped[int] = mapped_column(BigInteger)
