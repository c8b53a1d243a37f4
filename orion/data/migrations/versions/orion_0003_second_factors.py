"""Second factors of people, and tries that are counted for everybody, known or not."""

import secrets

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0003"
down_revision = "orion_0002"


def upgrade() -> None:
    op.add_column("orion_user", sa.Column("totp_secret", sa.Text()))
    op.add_column("orion_user", sa.Column("totp_counter", sa.BigInteger()))
    op.add_column("orion_user", sa.Column("totp_since", tables.UtcDateTime()))
    op.add_column("orion_user", sa.Column("totp_used_at", tables.UtcDateTime()))
    _handles()
    op.drop_column("orion_user", "failed_logins")
    op.drop_column("orion_user", "locked_until")
    _passkeys()
    _recovery_codes()
    op.create_table(
        "orion_tries",
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_at", tables.UtcDateTime(), nullable=False),
        sa.Column("held_until", tables.UtcDateTime()),
        sa.PrimaryKeyConstraint("key", name="pk_orion_tries"),
    )
    op.create_index("ix_orion_tries_last_at", "orion_tries", ["last_at"])
    op.create_table(
        "orion_spent",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_orion_spent"),
    )
    op.create_index("ix_orion_spent_expires_at", "orion_spent", ["expires_at"])


def _handles() -> None:
    """Everybody who is here already gets a handle of their own."""
    op.add_column("orion_user", sa.Column("passkey_handle", sa.String(64)))
    user = sa.table("orion_user", sa.column("id"), sa.column("passkey_handle"))
    connection = op.get_bind()
    for (found,) in connection.execute(sa.select(user.c.id)).all():
        handle = secrets.token_hex(32)
        connection.execute(sa.update(user).where(user.c.id == found).values(passkey_handle=handle))
    op.create_index("ix_orion_user_passkey_handle", "orion_user", ["passkey_handle"], unique=True)


def _passkeys() -> None:
    op.create_table(
        "orion_passkey",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("user_id", tables.BigId, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("created_at", tables.UtcDateTime(), nullable=False),
        sa.Column("used_at", tables.UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_orion_passkey"),
        sa.UniqueConstraint("public_id", name="uq_orion_passkey_public_id"),
        sa.UniqueConstraint("credential_id", name="uq_orion_passkey_credential_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name="fk_orion_passkey_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_orion_passkey_user_id", "orion_passkey", ["user_id"])


def _recovery_codes() -> None:
    op.create_table(
        "orion_recovery_code",
        sa.Column("id", tables.BigId, nullable=False),
        sa.Column("user_id", tables.BigId, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orion_recovery_code"),
        sa.UniqueConstraint("user_id", "code_hash", name="uq_orion_recovery_code_user_id_code_hash"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name="fk_orion_recovery_code_user_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for name in ("spent", "tries", "recovery_code", "passkey"):
        op.drop_table(f"orion_{name}")
    op.add_column("orion_user", sa.Column("locked_until", tables.UtcDateTime()))
    failed = sa.Column("failed_logins", sa.BigInteger(), server_default="0", nullable=False)
    op.add_column("orion_user", failed)
    op.drop_index("ix_orion_user_passkey_handle", "orion_user")
    for name in ("passkey_handle", "totp_used_at", "totp_since", "totp_counter", "totp_secret"):
        op.drop_column("orion_user", name)
