"""Customers are found by any of their words."""

from alembic import op

from orion.contracts.words import create_words

revision = "customers_0006"
down_revision = "customers_0005"
COLUMNS = ["name_norm", "email_norm", "reference_norm"]


def upgrade() -> None:
    create_words(op, "customers_word", "customers_customer", COLUMNS, vendor_id="vendor_id", customer_id="id")


def downgrade() -> None:
    op.drop_table("customers_word")
