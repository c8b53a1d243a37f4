"""The languages that a vendor translates its texts into."""

import sqlalchemy as sa
from alembic import op

revision = "tenancy_0010"
down_revision = "tenancy_0009"


def upgrade() -> None:
    column = sa.Column("languages", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("tenancy_vendor", column)


def downgrade() -> None:
    op.drop_column("tenancy_vendor", "languages")
