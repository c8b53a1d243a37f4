"""Memberships by their day, and the audit log by person, are found by an index."""

from alembic import op

revision = "tenancy_0005"
down_revision = "tenancy_0004"

INDEXES = (
    ("tenancy_membership", "created_on"),
    ("tenancy_audit_entry", "user_id"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column, "id"])


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
