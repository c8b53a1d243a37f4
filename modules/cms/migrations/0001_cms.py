"""Pages, their versions and platforms, the media library, and which page uses what."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "cms_0001"
down_revision = None


def upgrade() -> None:
    _page()
    _media()
    of_page = _of("page_id", "cms_page")
    _table(
        "cms_version",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", sa.BigInteger(), nullable=True),
        *of_page("cms_version"),
        unique=("vendor_id", "page_id", "number"),
    )
    _table(
        "cms_page_platform",
        sa.Column("platform_id", sa.BigInteger(), nullable=False),
        *of_page("cms_page_platform"),
        sa.ForeignKeyConstraint(
            ["platform_id"],
            ["tenancy_platform.id"],
            name=op.f("fk_cms_page_platform_platform_id"),
            ondelete="RESTRICT",
        ),
        unique=("vendor_id", "page_id", "platform_id"),
    )
    op.create_index(
        "ix_cms_page_platform_platform_id", "cms_page_platform", ["platform_id", "vendor_id", "page_id"]
    )
    _table(
        "cms_use",
        *of_page("cms_use"),
        *_of("media_id", "cms_media")("cms_use"),
        unique=("vendor_id", "page_id", "media_id"),
    )
    op.create_index("ix_cms_use_media_id", "cms_use", ["vendor_id", "media_id", "page_id"])


def _page() -> None:
    _table(
        "cms_page",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("title_norm", NormText(), nullable=False),
        sa.Column("slug", NormText(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("published_from", UtcDateTime(), nullable=True),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        _of_vendor("cms_page"),
        sa.UniqueConstraint("vendor_id", "id", name=op.f("uq_cms_page_vendor_id_id")),
        unique=("vendor_id", "public_id"),
    )
    op.create_index(
        "uq_cms_page_slug",
        "cms_page",
        ["vendor_id", "slug"],
        unique=True,
        sqlite_where=sa.text("deleted_at is null"),
        postgresql_where=sa.text("deleted_at is null"),
    )
    for column in ("title_norm", "updated_at"):
        op.create_index(f"ix_cms_page_{column}", "cms_page", ["vendor_id", column, "id"])


def _media() -> None:
    _table(
        "cms_media",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("name_norm", NormText(), nullable=False),
        sa.Column("folder", sa.String(80), nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.Column("key", sa.String(14), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("width", "height", "size")),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        _of_vendor("cms_media"),
        sa.CheckConstraint("kind in ('picture', 'document')", name=op.f("ck_cms_media_kind")),
        sa.UniqueConstraint("vendor_id", "id", name=op.f("uq_cms_media_vendor_id_id")),
        unique=("vendor_id", "public_id"),
    )
    for column in ("name_norm", "created_at", "folder"):
        op.create_index(f"ix_cms_media_{column}", "cms_media", ["vendor_id", column, "id"])


def _table(name: str, *parts: Any, unique: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )


def _of_vendor(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id"], ["tenancy_vendor.id"], name=op.f(f"fk_{table}_vendor_id"), ondelete="RESTRICT"
    )


def _of(column: str, parent: str) -> Any:
    """The column of a key within the vendor, and the key, for the table that is named."""
    return lambda table: (
        sa.Column(column, sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id", column],
            [f"{parent}.vendor_id", f"{parent}.id"],
            name=op.f(f"fk_{table}_vendor_id_{column}"),
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    for table in ("use", "page_platform", "version", "media", "page"):
        op.drop_table(f"cms_{table}")
