"""Tables of other things than products, what is gone from a file, and how files are read once more."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime

revision = "marketplace_0003"
down_revision = "marketplace_0002"

PRODUCTS = "catalog.products"
STATES = "state in ('new', 'changed', 'unchanged', 'rejected')"
NOW = "state in ('new', 'changed', 'unchanged', 'gone', 'rejected')"
CHECK, SOURCE = "ck_marketplace_staged_state", "ix_marketplace_import_source"


def upgrade() -> None:
    with op.batch_alter_table("marketplace_import") as table:
        table.add_column(
            sa.Column("target", sa.String(64), nullable=False, server_default="catalog.products")
        )
        table.add_column(sa.Column("source", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("marketplace_import") as table:
        table.alter_column("target", server_default=None)
        table.alter_column("source", server_default=None)
    op.create_index(SOURCE, "marketplace_import", ["vendor_id", "source", "id"])
    with op.batch_alter_table("marketplace_staged") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), NOW)
    op.create_table(
        "marketplace_memory",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.String(64), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_memory")),
        sa.UniqueConstraint("vendor_id", "headers", name=op.f("uq_marketplace_memory_vendor_id_headers")),
    )
    op.create_index("ix_marketplace_memory_used_at", "marketplace_memory", ["vendor_id", "used_at", "id"])


def downgrade() -> None:
    op.drop_table("marketplace_memory")
    op.execute("DELETE FROM marketplace_staged WHERE state = 'gone'")
    with op.batch_alter_table("marketplace_staged") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), STATES)
    op.drop_index(SOURCE, "marketplace_import")
    with op.batch_alter_table("marketplace_import") as table:
        table.drop_column("source")
        table.drop_column("target")
