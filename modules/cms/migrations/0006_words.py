"""Pages are found by any word of their title or address."""

from alembic import op

from orion.contracts.words import create_words

revision = "cms_0006"
down_revision = "cms_0005"
COLUMNS = ["title_norm", "slug"]


def upgrade() -> None:
    create_words(op, "cms_word", "cms_page", COLUMNS, vendor_id="vendor_id", page_id="id")


def downgrade() -> None:
    op.drop_table("cms_word")
