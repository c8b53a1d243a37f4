"""Jobs that come again each day."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0008"
down_revision = "orion_0007"

TEXTS = {
    "public_id": 14,
    "module_code": 64,
    "name": 120,
    "about": 200,
    "place": 64,
    "platform": 64,
    "locale": 35,
    "zone": 64,
    "at": 5,
}


def upgrade() -> None:
    op.create_table(
        "orion_schedule",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in TEXTS.items()),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("next_at", tables.UtcDateTime(), nullable=False),
        sa.Column("resting", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orion_schedule"),
        sa.UniqueConstraint("vendor_id", "public_id", name="uq_orion_schedule_vendor_id_public_id"),
    )
    op.create_index("ix_orion_schedule_due", "orion_schedule", ["resting", "next_at", "id"])


def downgrade() -> None:
    op.drop_table("orion_schedule")
