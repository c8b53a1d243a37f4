"""Pages in other languages than their own."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId

revision = "cms_0004"
down_revision = "cms_0003"


def upgrade() -> None:
    op.create_table(
        "cms_translation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("page_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cms_translation")),
        sa.ForeignKeyConstraint(
            ["vendor_id", "page_id"],
            ["cms_page.vendor_id", "cms_page.id"],
            name=op.f("fk_cms_translation_vendor_id_page_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "vendor_id", "page_id", "language", name=op.f("uq_cms_translation_vendor_id_page_id_language")
        ),
    )
    op.create_index("ix_cms_translation_language", "cms_translation", ["vendor_id", "language", "page_id"])
    number = sa.Column("text_number", sa.BigInteger(), nullable=False, server_default="1")
    op.add_column("cms_page", number)
    translation = sa.Column("is_translation", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("cms_version", translation)


def downgrade() -> None:
    op.drop_column("cms_version", "is_translation")
    op.drop_column("cms_page", "text_number")
    op.drop_table("cms_translation")
