"""What vendors have switched off for themselves."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0006"
down_revision = "orion_0005"


def upgrade() -> None:
    op.create_table(
        "orion_choices",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("off", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orion_choices"),
        sa.UniqueConstraint("vendor_id", name="uq_orion_choices_vendor_id"),
    )


def downgrade() -> None:
    op.drop_table("orion_choices")
