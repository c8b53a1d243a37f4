"""The engine's own tables: people, their sessions, data versions, figures and texts that are remembered."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0001"
down_revision = None


def upgrade() -> None:
    _people()
    op.create_table(
        "orion_data_version",
        sa.Column("vendor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("module", sa.String(64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("vendor_id", "module", name="pk_orion_data_version"),
    )
    op.create_table(
        "orion_metric_state",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("value_at", tables.UtcDateTime()),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", tables.UtcDateTime()),
        sa.Column("open_until", tables.UtcDateTime()),
        sa.PrimaryKeyConstraint("key", name="pk_orion_metric_state"),
    )
    op.create_table(
        "orion_manifest_text",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", "digest", name="pk_orion_manifest_text"),
    )


def _people() -> None:
    op.create_table(
        "orion_user",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_norm", tables.NormText(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_norm", tables.NormText(200), nullable=False),
        sa.Column("password", sa.String(255)),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False),
        sa.Column("last_login_at", tables.UtcDateTime()),
        sa.Column("current_login_at", tables.UtcDateTime()),
        sa.Column("last_login_ip", sa.String(64)),
        sa.Column("current_login_ip", sa.String(64)),
        sa.Column("login_count", sa.BigInteger(), nullable=False),
        sa.Column("failed_logins", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", tables.UtcDateTime()),
        sa.Column("locale", sa.String(35)),
        sa.Column("theme", sa.String(10)),
        sa.Column("created_at", tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orion_user"),
        sa.UniqueConstraint("email", name="uq_orion_user_email"),
        sa.UniqueConstraint("email_norm", name="uq_orion_user_email_norm"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_orion_user_fs_uniquifier"),
    )
    op.create_index("ix_orion_user_name_norm", "orion_user", ["name_norm"])
    op.create_table(
        "orion_session",
        sa.Column("id_hash", sa.String(64), nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("realm", sa.String(16), nullable=False),
        sa.Column("user_id", tables.BigId, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", tables.UtcDateTime(), nullable=False),
        sa.Column("seen_at", tables.UtcDateTime(), nullable=False),
        sa.Column("expires_at", tables.UtcDateTime(), nullable=False),
        sa.Column("fresh_until", tables.UtcDateTime(), nullable=False),
        sa.Column("ip_prefix", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_orion_session"),
        sa.UniqueConstraint("public_id", name="uq_orion_session_public_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name="fk_orion_session_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_orion_session_user_id", "orion_session", ["user_id"])
    op.create_index("ix_orion_session_expires_at", "orion_session", ["expires_at"])


def downgrade() -> None:
    for name in ("manifest_text", "metric_state", "data_version", "session", "user"):
        op.drop_table(f"orion_{name}")
