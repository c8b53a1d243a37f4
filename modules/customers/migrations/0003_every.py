"""The list of all vendors' customers finds its rows by an index."""

from alembic import op

revision = "customers_0003"
down_revision = "customers_0002"

INDEXES = (
    ("customers_customer", "name_norm"),
    ("customers_customer", "reference_norm"),
    ("customers_customer", "country"),
    ("customers_customer", "joined_on"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_every_{column}"), table, [column, "id"])


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_every_{column}"), table)
