"""What products and categories say in other languages than their vendor's."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId

revision = "catalog_0004"
down_revision = "catalog_0003"


def upgrade() -> None:
    op.create_table(
        "catalog_translation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("missing", sa.BigInteger(), nullable=False),
        sa.Column("outdated", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_translation")),
        sa.ForeignKeyConstraint(
            ["vendor_id", "product_id"],
            ["catalog_product.vendor_id", "catalog_product.id"],
            name=op.f("fk_catalog_translation_vendor_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "vendor_id",
            "product_id",
            "language",
            name=op.f("uq_catalog_translation_vendor_id_product_id_language"),
        ),
    )
    for column in ("missing", "outdated"):
        op.create_index(
            f"ix_catalog_translation_{column}",
            "catalog_translation",
            ["vendor_id", "language", column, "product_id"],
        )
    names = sa.Column("names", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("catalog_category", names)


def downgrade() -> None:
    op.drop_column("catalog_category", "names")
    op.drop_table("catalog_translation")
