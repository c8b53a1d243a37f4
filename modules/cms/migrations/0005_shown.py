"""What is public of a page until a later version of it is."""

import sqlalchemy as sa
from alembic import op

revision = "cms_0005"
down_revision = "cms_0004"


def upgrade() -> None:
    op.add_column("cms_page", sa.Column("shown_number", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("cms_page", "shown_number")
