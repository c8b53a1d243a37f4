"""Letters like Ł and Ø are found by those that people type for them."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import refold, refolded

revision = "catalog_0003"
down_revision = "catalog_0002"


def upgrade() -> None:
    connection = op.get_bind()
    refold(connection, "catalog_product", "title_norm", "type_norm")
    refold(connection, "catalog_variant", "sku_norm", "barcode_norm")
    refold(connection, "catalog_tag", "text_norm", within=["vendor_id", "product_id"], drop=True)
    refold(connection, "catalog_word", "word", within=["vendor_id", "product_id"], drop=True)
    _refold_paths(connection)


def _refold_paths(connection: sa.Connection) -> None:
    """A category whose name is another's now, in the same place, keeps its own, with those below it."""
    category = sa.table("catalog_category", *(sa.column(name) for name in ("id", "vendor_id", "path")))
    rows = connection.execute(sa.select(category).order_by(category.c.vendor_id, category.c.path)).all()
    taken, moved = {(row.vendor_id, row.path) for row in rows}, {}
    for row in rows:
        above, _, name = row.path[:-1].rpartition("/")
        start = moved.get((row.vendor_id, f"{above}/"), f"{above}/") if above else ""
        paths = (f"{start}{word}/" for word in (refolded(name), name))
        free = (one for one in paths if one == row.path or (row.vendor_id, one) not in taken)
        path = next(free, row.path)
        moved[row.vendor_id, row.path] = path
        taken.add((row.vendor_id, path))
        if path != row.path:
            connection.execute(sa.update(category).where(category.c.id == row.id).values(path=path))


def downgrade() -> None:
    """What was folded stays so: what it was isn't known any more, and nothing needs it."""
