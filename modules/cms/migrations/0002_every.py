"""The lists of all vendors' pages and files find their rows by an index."""

from alembic import op

revision = "cms_0002"
down_revision = "cms_0001"

INDEXES = (
    ("cms_page", "title_norm"),
    ("cms_page", "updated_at"),
    ("cms_page", "published_from"),
    ("cms_media", "name_norm"),
    ("cms_media", "size"),
    ("cms_media", "created_at"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_every_{column}"), table, [column, "id"])


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_every_{column}"), table)
