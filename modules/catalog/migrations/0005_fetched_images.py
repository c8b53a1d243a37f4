"""What became of the addresses of pictures that lie elsewhere."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime

revision = "catalog_0005"
down_revision = "catalog_0004"

LINK, FETCHED = "catalog_image_link", "catalog_fetched_image"
KEY, INDEX = "fk_catalog_image_link_vendor_id_fetched_id", "ix_catalog_image_link_fetched_id"


def upgrade() -> None:
    op.create_table(
        FETCHED,
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("key", sa.String(14), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FETCHED}")),
        sa.UniqueConstraint("vendor_id", "id", name=op.f(f"uq_{FETCHED}_vendor_id_id")),
        sa.UniqueConstraint("vendor_id", "digest", name=op.f(f"uq_{FETCHED}_vendor_id_digest")),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f(f"fk_{FETCHED}_vendor_id"),
            ondelete="RESTRICT",
        ),
    )
    with op.batch_alter_table(LINK) as table:
        table.add_column(sa.Column("fetched_id", sa.BigInteger(), nullable=True))
        table.create_foreign_key(
            op.f(KEY), FETCHED, ["vendor_id", "fetched_id"], ["vendor_id", "id"], ondelete="RESTRICT"
        )
    op.create_index(INDEX, LINK, ["vendor_id", "fetched_id"])


def downgrade() -> None:
    op.drop_index(INDEX, LINK)
    with op.batch_alter_table(LINK) as table:
        table.drop_constraint(op.f(KEY), type_="foreignkey")
        table.drop_column("fetched_id")
    op.drop_table(FETCHED)
