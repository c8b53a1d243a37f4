"""People are found by any word of their name or address."""

from alembic import op

from orion.data.word_tables import create_words

revision = "orion_0010"
down_revision = "orion_0009"
COLUMNS = ["name_norm", "email_norm"]


def upgrade() -> None:
    create_words(op, "orion_user_word", "orion_user", COLUMNS, user_id="id")


def downgrade() -> None:
    op.drop_table("orion_user_word")
