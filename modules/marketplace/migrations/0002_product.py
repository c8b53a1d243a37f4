"""What publications did to one product is found by an index."""

from alembic import op

revision = "marketplace_0002"
down_revision = "marketplace_0001"

INDEX = "ix_marketplace_change_product_id"


def upgrade() -> None:
    op.create_index(INDEX, "marketplace_change", ["product_id", "id"])


def downgrade() -> None:
    op.drop_index(INDEX, "marketplace_change")
