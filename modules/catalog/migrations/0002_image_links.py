"""Pictures that lie elsewhere."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId

revision = "catalog_0002"
down_revision = "catalog_0001"


def upgrade() -> None:
    op.create_table(
        "catalog_image_link",
        sa.Column("id", BigId, nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("vendor_id", "product_id", "position")
        ),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_image_link")),
        sa.ForeignKeyConstraint(
            ["vendor_id", "product_id"],
            ["catalog_product.vendor_id", "catalog_product.id"],
            name=op.f("fk_catalog_image_link_vendor_id_product_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_catalog_image_link_product_id", "catalog_image_link", ["vendor_id", "product_id", "position"]
    )


def downgrade() -> None:
    op.drop_table("catalog_image_link")
