"""Letters like Ł and Ø are found by those that people type for them."""

from alembic import op

from orion.contracts.models import refold

revision = "marketplace_0006"
down_revision = "marketplace_0005"


def upgrade() -> None:
    refold(op.get_bind(), "marketplace_import", "name_norm")
    refold(op.get_bind(), "marketplace_staged", "title_norm")


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
