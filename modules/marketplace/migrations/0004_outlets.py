"""Addresses at which others read what a vendor shows on a platform."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime

revision = "marketplace_0004"
down_revision = "marketplace_0003"

TABLE = "marketplace_outlet"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("platform_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        *(
            sa.ForeignKeyConstraint(
                [f"{owner}_id"],
                [f"tenancy_{owner}.id"],
                name=op.f(f"fk_{TABLE}_{owner}_id"),
                ondelete="RESTRICT",
            )
            for owner in ("vendor", "platform")
        ),
        *(
            sa.UniqueConstraint("vendor_id", column, name=op.f(f"uq_{TABLE}_vendor_id_{column}"))
            for column in ("platform_id", "digest")
        ),
    )
    op.create_index(f"ix_{TABLE}_platform_id", TABLE, ["platform_id", "vendor_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
