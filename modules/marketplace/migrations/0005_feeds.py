"""Addresses from which files are fetched each day."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime

revision = "marketplace_0005"
down_revision = "marketplace_0004"

TABLE = "marketplace_feed"
TEXTS = {
    "public_id": 14,
    "address": 1000,
    "show_on": 64,
    "schedule": 14,
    "mark": 300,
    "digest": 64,
    "outcome": 9,
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in TEXTS.items()),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("tried_at", UtcDateTime()),
        sa.Column("import_id", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["tenancy_vendor.id"], name=op.f(f"fk_{TABLE}_vendor_id"), ondelete="RESTRICT"
        ),
        sa.UniqueConstraint("vendor_id", "public_id", name=op.f(f"uq_{TABLE}_vendor_id_public_id")),
        sa.CheckConstraint(
            "outcome in ('', 'fetched', 'unchanged', 'failed')", name=op.f(f"ck_{TABLE}_outcome")
        ),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
