"""The domains of all vendors, by name and by their day, are found by an index."""

from alembic import op

revision = "tenancy_0008"
down_revision = "tenancy_0007"

COLUMNS = ("host", "created_on")


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(op.f(f"ix_tenancy_vendor_domain_{column}"), "tenancy_vendor_domain", [column, "id"])


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_index(op.f(f"ix_tenancy_vendor_domain_{column}"), "tenancy_vendor_domain")
