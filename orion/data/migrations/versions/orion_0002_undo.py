"""What takes an action back, for a quarter of an hour."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0002"
down_revision = "orion_0001"


def upgrade() -> None:
    op.create_table(
        "orion_undo",
        sa.Column("id_hash", sa.String(64), nullable=False),
        sa.Column("user_id", tables.BigId, nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column("expires_at", tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_orion_undo"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name="fk_orion_undo_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_orion_undo_user_id", "orion_undo", ["user_id"])
    op.create_index("ix_orion_undo_expires_at", "orion_undo", ["expires_at"])


def downgrade() -> None:
    op.drop_table("orion_undo")
