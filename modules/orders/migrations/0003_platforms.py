"""Keys within an order hold the platform too: what belongs to an order is on the order's platform."""

from alembic import op

revision = "orders_0003"
down_revision = "orders_0002"

#: Parents before their children: (table, its column, the parent, what its end does).
KEYS = (
    ("orders_line", "order_id", "orders_order", "CASCADE"),
    ("orders_event", "order_id", "orders_order", "CASCADE"),
    ("orders_invoice", "order_id", "orders_order", "RESTRICT"),
    ("orders_shipment", "order_id", "orders_order", "CASCADE"),
    ("orders_shipment_line", "shipment_id", "orders_shipment", "CASCADE"),
)
PARENTS = ("orders_order", "orders_shipment")


def upgrade() -> None:
    for table, column, parent, _ondelete in KEYS:
        _come_home(table, column, parent)
    _turn(["vendor_id"], ["vendor_id", "platform_id"])


def downgrade() -> None:
    _turn(["vendor_id", "platform_id"], ["vendor_id"])


def _come_home(table: str, column: str, parent: str) -> None:
    """A row that says another platform than its parent does is where the parent is."""
    there = (
        f"SELECT parent.platform_id FROM {parent} parent"
        f" WHERE parent.vendor_id = {table}.vendor_id AND parent.id = {table}.{column}"
    )
    op.execute(f"UPDATE {table} SET platform_id = ({there}) WHERE platform_id <> ({there})")


def _turn(before: list[str], after: list[str]) -> None:
    """Exchange the keys of all tables: none of the new ones before the parents have what it points to, and
    none of the parents' old ones gone before nobody points to it."""
    for table in PARENTS:
        with op.batch_alter_table(table) as batch:
            batch.create_unique_constraint(_unique(table, after), [*after, "id"])
    for table, column, parent, ondelete in KEYS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(_foreign(table, before, column), type_="foreignkey")
            batch.create_foreign_key(
                _foreign(table, after, column), parent, [*after, column], [*after, "id"], ondelete=ondelete
            )
    for table in PARENTS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(_unique(table, before), type_="unique")


def _unique(table: str, owners: list[str]) -> str:
    return str(op.f(f"uq_{table}_{'_'.join(owners)}_id"))


def _foreign(table: str, owners: list[str], column: str) -> str:
    return str(op.f(f"fk_{table}_{'_'.join(owners)}_{column}"))
