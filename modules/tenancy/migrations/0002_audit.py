"""The audit log: rows that are added and never changed."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "tenancy_0002"
down_revision = "tenancy_0001"

ON_SQLITE = """
CREATE TRIGGER tenancy_audit_entry_no_{verb} BEFORE {verb} ON tenancy_audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
"""
#: Also for the tables' owner, who has the rights that the application's role has not.
ON_POSTGRESQL = """
CREATE FUNCTION tenancy_audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$;
CREATE TRIGGER tenancy_audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON tenancy_audit_entry
EXECUTE FUNCTION tenancy_audit_entry_refuse()
"""


def upgrade() -> None:
    op.create_table(
        "tenancy_audit_entry",
        sa.Column("id", BigId, nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.BigInteger(), nullable=True),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("who_norm", NormText(254), nullable=False),
        sa.Column("acting", sa.String(300), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_key", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("subject_norm", NormText(200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("request", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_audit_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tenancy_audit_entry_public_id")),
    )
    for column in ("day", "vendor_id", "platform_id", "action", "who_norm", "subject_norm"):
        op.create_index(f"ix_tenancy_audit_entry_{column}", "tenancy_audit_entry", [column, "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(ON_POSTGRESQL)
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(ON_SQLITE.format(verb=verb))


def downgrade() -> None:
    op.drop_table("tenancy_audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION tenancy_audit_entry_refuse()")
