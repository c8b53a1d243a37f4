"""Letters like Ł and Ø are found by those that people type for them."""

from alembic import op

from orion.contracts.models import refold

revision = "customers_0005"
down_revision = "customers_0004"


def upgrade() -> None:
    refold(op.get_bind(), "customers_customer", "reference_norm", "name_norm", "email_norm")
    refold(op.get_bind(), "customers_segment", "name_norm", within=["vendor_id"])
    refold(op.get_bind(), "customers_tag", "name_norm", within=["vendor_id", "customer_id"], drop=True)


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
