"""Products with options, variants, images and words to find them by; categories; platforms' listings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "catalog_0001"
down_revision = None

TABLES = (
    "product",
    "option",
    "option_value",
    "variant",
    "category",
    "product_category",
    "tag",
    "image",
    "listing",
    "listing_price",
    "word",
)
INDEXES = {
    "product": {
        **{f"vendor_{c}": ["vendor_id", c, "id"] for c in ("title_norm", "updated_at", "lowest")},
        **{f"every_{c}": [c, "id"] for c in ("title_norm", "updated_at", "lowest")},
        "status": ["vendor_id", "status", "incomplete"],
        "type_norm": ["vendor_id", "type_norm", "id"],
    },
    "option": {"product_id": ["vendor_id", "product_id", "position"]},
    "variant": {
        "product_id": ["vendor_id", "product_id", "position"],
        "sku_norm": ["vendor_id", "sku_norm", "id"],
        "barcode_norm": ["vendor_id", "barcode_norm", "id"],
    },
    "category": {"parent_id": ["vendor_id", "parent_id"]},
    "product_category": {"product_id": ["vendor_id", "product_id"]},
    "tag": {"text_norm": ["vendor_id", "text_norm", "product_id"]},
    "image": {"product_id": ["vendor_id", "product_id", "position"], "key": ["vendor_id", "key"]},
    "listing": {"platform_id": ["platform_id", "vendor_id", "published"]},
    "listing_price": {"platform_id": ["platform_id", "vendor_id"]},
    "word": {"word": ["word", "product_id"], "product_id": ["vendor_id", "product_id"]},
}


def upgrade() -> None:
    _product()
    _options()
    _variant()
    _categories()
    _create(
        "tag",
        *_texts(text=60),
        sa.Column("text_norm", NormText(), nullable=False),
        _part_of("tag", "product"),
        _unique("tag", "product_id", "text_norm"),
        of="product",
    )
    _create(
        "image",
        *_texts(public_id=14, key=14, alt=300),
        *_numbers("position", "width", "height"),
        _part_of("image", "product"),
        _unique("image", "public_id"),
        of="product",
    )
    _platforms()
    _create(
        "word",
        sa.Column("word", NormText(), nullable=False),
        _part_of("word", "product"),
        _unique("word", "word", "product_id"),
        of="product",
    )
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(f"ix_catalog_{table}_{name}", f"catalog_{table}", columns)


def _product() -> None:
    _create(
        "product",
        *_texts(public_id=14, title=200, handle=120, brand=120, type=120),
        *(sa.Column(f"{name}_norm", NormText(), nullable=False) for name in ("title", "type")),
        sa.Column("description", sa.Text(), nullable=False),
        *_texts(status=8, archived_from=8, tax_class=16, currency=3, cover=14),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("created_at", "updated_at")),
        *_numbers("version", "variants", "lowest", "highest"),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status in ('draft', 'active', 'archived')", name=op.f("ck_catalog_product_status")
        ),
        _of_vendor("product"),
        _unique("product", "id"),
        _unique("product", "public_id"),
        _unique("product", "handle"),
    )


def _options() -> None:
    _create(
        "option",
        *_texts(name=80),
        *_numbers("position"),
        _part_of("option", "product"),
        _unique("option", "id"),
        of="product",
    )
    _create(
        "option_value",
        *_texts(text=80),
        *_numbers("position"),
        _part_of("option_value", "option"),
        _unique("option_value", "option_id", "text"),
        of="option",
    )


def _variant() -> None:
    _create(
        "variant",
        *_texts(public_id=14, value1=80, value2=80, value3=80, sku=120, barcode=40),
        *(sa.Column(f"{name}_norm", NormText(), nullable=False) for name in ("sku", "barcode")),
        *_numbers("position"),
        *(sa.Column(name, sa.BigInteger()) for name in ("price", "compare_at", "cost", "weight")),
        sa.Column("retired_at", UtcDateTime()),
        sa.CheckConstraint(
            "price >= 0 and compare_at >= 0 and cost >= 0 and weight >= 0",
            name=op.f("ck_catalog_variant_amounts"),
        ),
        _part_of("variant", "product"),
        _unique("variant", "id"),
        _unique("variant", "public_id"),
        of="product",
    )
    op.create_index(
        "uq_catalog_variant_values",
        "catalog_variant",
        ["vendor_id", "product_id", "value1", "value2", "value3"],
        unique=True,
        sqlite_where=sa.text("retired_at is null"),
        postgresql_where=sa.text("retired_at is null"),
    )


def _categories() -> None:
    _create(
        "category",
        *_texts(public_id=14, name=80),
        sa.Column("path", NormText(), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        _of_vendor("category"),
        _part_of("category", "category", "parent_id"),
        _unique("category", "id"),
        _unique("category", "public_id"),
        _unique("category", "path"),
    )
    _create(
        "product_category",
        *_numbers("category_id"),
        _part_of("product_category", "product"),
        _part_of("product_category", "category"),
        _unique("product_category", "category_id", "product_id"),
        of="product",
    )


def _platforms() -> None:
    _create(
        "listing",
        *_numbers("platform_id"),
        sa.Column("published", sa.Boolean(), nullable=False),
        _on_platform("listing"),
        _part_of("listing", "product"),
        _unique("listing", "product_id", "platform_id"),
        of="product",
    )
    _create(
        "listing_price",
        *_numbers("platform_id", "price"),
        sa.CheckConstraint("price >= 0", name=op.f("ck_catalog_listing_price_price")),
        _on_platform("listing_price"),
        _part_of("listing_price", "variant"),
        _unique("listing_price", "variant_id", "platform_id"),
        of="variant",
    )


# -- the parts of a table -------------------------------------------------------------------------


def _create(table: str, *parts: Any, of: str = "") -> None:
    """A table with a key and a vendor, and the row that its rows go with."""
    op.create_table(
        f"catalog_{table}",
        sa.Column("id", BigId, nullable=False),
        *_numbers("vendor_id", *((f"{of}_id",) if of else ())),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_catalog_{table}")),
    )


def _texts(**lengths: int) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    names = ("vendor_id", *columns)
    return sa.UniqueConstraint(*names, name=op.f(f"uq_catalog_{table}_{'_'.join(names)}"))


def _of_vendor(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id"],
        ["tenancy_vendor.id"],
        name=op.f(f"fk_catalog_{table}_vendor_id"),
        ondelete="RESTRICT",
    )


def _on_platform(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["platform_id"],
        ["tenancy_platform.id"],
        name=op.f(f"fk_catalog_{table}_platform_id"),
        ondelete="RESTRICT",
    )


def _part_of(table: str, whole: str, column: str = "") -> sa.ForeignKeyConstraint:
    column = column or f"{whole}_id"
    return sa.ForeignKeyConstraint(
        ["vendor_id", column],
        [f"catalog_{whole}.vendor_id", f"catalog_{whole}.id"],
        name=op.f(f"fk_catalog_{table}_vendor_id_{column}"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(f"catalog_{table}")
