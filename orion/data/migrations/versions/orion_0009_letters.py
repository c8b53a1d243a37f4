"""Letters like Ł and Ø are found by those that people type for them."""

from alembic import op

from orion.data.folding import refold

revision = "orion_0009"
down_revision = "orion_0008"


def upgrade() -> None:
    refold(op.get_bind(), "orion_user", "name_norm")
    refold(op.get_bind(), "orion_user", "email_norm", within=())


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
