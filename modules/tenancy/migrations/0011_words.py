"""Vendors are found by any word of their name or code."""

from alembic import op

from orion.contracts.words import create_words

revision = "tenancy_0011"
down_revision = "tenancy_0010"
COLUMNS = ["name_norm", "code_norm"]


def upgrade() -> None:
    create_words(op, "tenancy_vendor_word", "tenancy_vendor", COLUMNS, vendor_id="id")


def downgrade() -> None:
    op.drop_table("tenancy_vendor_word")
