"""Every change of a manifest, with the text before and after."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0007"
down_revision = "orion_0006"


def upgrade() -> None:
    op.create_table(
        "orion_manifest_revision",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("at", tables.UtcDateTime(), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("before", sa.LargeBinary()),
        sa.Column("after", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_orion_manifest_revision"),
        sa.UniqueConstraint("public_id", name="uq_orion_manifest_revision_public_id"),
    )
    op.create_index("ix_orion_manifest_revision_file_id", "orion_manifest_revision", ["file", "id"])


def downgrade() -> None:
    op.drop_table("orion_manifest_revision")
