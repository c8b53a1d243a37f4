"""Letters like Ł and Ø are found by those that people type for them."""

from alembic import op

from orion.contracts.models import refold

revision = "cms_0003"
down_revision = "cms_0002"


def upgrade() -> None:
    refold(op.get_bind(), "cms_page", "title_norm")
    refold(op.get_bind(), "cms_media", "name_norm")


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
