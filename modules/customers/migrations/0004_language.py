"""Customers have a language."""

import sqlalchemy as sa
from alembic import op

revision = "customers_0004"
down_revision = "customers_0003"


def upgrade() -> None:
    op.add_column(
        "customers_customer", sa.Column("locale", sa.String(length=35), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("customers_customer", "locale")
