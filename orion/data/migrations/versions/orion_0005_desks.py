"""What people keep at a place, and what they are told there."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0005"
down_revision = "orion_0004"


def upgrade() -> None:
    op.create_table(
        "orion_kept",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("user_id", tables.BigId, nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("what", sa.String(100), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        *_owners(),
        sa.PrimaryKeyConstraint("id", name="pk_orion_kept"),
        sa.UniqueConstraint("public_id", name="uq_orion_kept_public_id"),
        sa.UniqueConstraint("user_id", "place", "what", "name", name="uq_orion_kept_user_id_place_what_name"),
        _user("kept", "user_id"),
    )
    op.create_table(
        "orion_notice",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("permission", sa.String(80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("actor_id", tables.BigId),
        sa.Column("at", tables.UtcDateTime(), nullable=False),
        *_owners(),
        sa.PrimaryKeyConstraint("id", name="pk_orion_notice"),
        sa.UniqueConstraint("public_id", name="uq_orion_notice_public_id"),
        _user("notice", "actor_id"),
    )
    op.create_index("ix_orion_notice_vendor_id", "orion_notice", ["vendor_id", "id"])
    op.create_index("ix_orion_notice_platform_id", "orion_notice", ["platform_id", "id"])
    op.create_index("ix_orion_notice_actor_id", "orion_notice", ["actor_id"])
    op.create_index("ix_orion_notice_at", "orion_notice", ["at"])


def _owners() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("vendor_id", sa.BigInteger()), sa.Column("platform_id", sa.BigInteger())


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["orion_user.id"], name=f"fk_orion_{table}_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    for name in ("notice", "kept"):
        op.drop_table(f"orion_{name}")
