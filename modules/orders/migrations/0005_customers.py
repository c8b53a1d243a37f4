"""Whoever sees the orders of many vendors finds those of a customer by an index."""

from alembic import op

revision = "orders_0005"
down_revision = "orders_0004"
NAME, TABLE = "ix_orders_order_every_customer_id", "orders_order"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["customer_id", "id"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
