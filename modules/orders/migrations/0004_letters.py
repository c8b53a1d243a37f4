"""Letters like Ł and Ø are found by those that people type for them."""

from alembic import op

from orion.contracts.models import refold

revision = "orders_0004"
down_revision = "orders_0003"


def upgrade() -> None:
    refold(op.get_bind(), "orders_order", "number_norm", "customer_norm")


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
