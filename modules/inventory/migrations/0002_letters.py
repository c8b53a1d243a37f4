"""Letters like Ł and Ø are found by those that people type for them."""

from alembic import op

from orion.contracts.models import refold

revision = "inventory_0002"
down_revision = "inventory_0001"


def upgrade() -> None:
    refold(op.get_bind(), "inventory_location", "name_norm", within=["vendor_id"])


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
