"""A platform suspends a vendor on itself alone."""

import sqlalchemy as sa
from alembic import op

revision = "tenancy_0007"
down_revision = "tenancy_0006"

STATUS = op.f("ck_tenancy_vendor_platform_status")


def upgrade() -> None:
    with op.batch_alter_table("tenancy_vendor_platform") as junction:
        junction.add_column(sa.Column("status_reason", sa.String(300), nullable=False, server_default=""))
        junction.add_column(sa.Column("status_since", sa.Date(), nullable=True))
        junction.drop_constraint(STATUS, type_="check")
        junction.create_check_constraint(STATUS, "status in ('active', 'suspended', 'ended')")


def downgrade() -> None:
    # Who was suspended sells again: before, there was nothing between that and having left.
    op.execute("UPDATE tenancy_vendor_platform SET status = 'active' WHERE status = 'suspended'")
    with op.batch_alter_table("tenancy_vendor_platform") as junction:
        junction.drop_constraint(STATUS, type_="check")
        junction.create_check_constraint(STATUS, "status in ('active', 'ended')")
        junction.drop_column("status_since")
        junction.drop_column("status_reason")
