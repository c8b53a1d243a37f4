"""Drafts, parcels, returns, notes, invoices and the series of numbers."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime

revision = "orders_0002"
down_revision = "orders_0001"

BEFORE = (
    "(kind = 'refund' and status = 'refunded') or (kind = 'sale' and status in"
    " ('placed', 'confirmed', 'packed', 'shipped', 'delivered', 'cancelled'))"
)
STATUS = (
    "(kind = 'refund' and status = 'refunded') or (kind = 'sale' and status in"
    " ('draft', 'placed', 'confirmed', 'packed', 'part_shipped', 'shipped', 'delivered',"
    " 'cancelled', 'returned'))"
)


def upgrade() -> None:
    with op.batch_alter_table("orders_order") as order:
        order.add_column(sa.Column("email", sa.String(254), nullable=False, server_default=""))
        order.add_column(sa.Column("ship_to", sa.String(600), nullable=False, server_default=""))
        order.add_column(sa.Column("refunded", sa.BigInteger(), nullable=False, server_default="0"))
        order.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
        order.drop_constraint(op.f("ck_orders_order_status"), type_="check")
        order.create_check_constraint(op.f("ck_orders_order_status"), STATUS)
    with op.batch_alter_table("orders_line") as line:
        for name in ("shipped", "dropped", "returned", "refunded"):
            line.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("orders_event") as event:
        event.alter_column("text", type_=sa.String(2000), existing_type=sa.String(300))
        event.add_column(sa.Column("user_id", BigId, nullable=True))
        event.create_foreign_key(
            op.f("fk_orders_event_user_id"), "orion_user", ["user_id"], ["id"], ondelete="RESTRICT"
        )
    op.execute(
        "UPDATE orders_line SET shipped = quantity WHERE quantity > 0"
        " AND EXISTS (SELECT 1 FROM orders_order o WHERE o.vendor_id = orders_line.vendor_id"
        " AND o.id = orders_line.order_id AND o.status IN ('shipped', 'delivered'))"
    )
    _parcels()
    _invoices()


def _parcels() -> None:
    _create(
        "orders_shipment",
        ["vendor", "platform"],
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("carrier", sa.String(80), nullable=False),
        sa.Column("tracking", sa.String(120), nullable=False),
        _unique("orders_shipment", "id"),
        _unique("orders_shipment", "order_id", "position"),
        _unique("orders_shipment", "public_id"),
        _within("orders_shipment", "order_id", "orders_order", "CASCADE"),
    )
    _create(
        "orders_shipment_line",
        ["vendor", "platform"],
        sa.Column("shipment_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("sku", sa.String(120), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        _within("orders_shipment_line", "shipment_id", "orders_shipment", "CASCADE"),
    )
    op.create_index(
        "ix_orders_shipment_line_shipment_id",
        "orders_shipment_line",
        ["vendor_id", "shipment_id", "position"],
    )


def _invoices() -> None:
    _create(
        "orders_series",
        ["vendor"],
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        _unique("orders_series", "kind", "year"),
    )
    _create(
        "orders_invoice",
        ["vendor", "platform"],
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _unique("orders_invoice", "year", "number"),
        _unique("orders_invoice", "order_id"),
        _within("orders_invoice", "order_id", "orders_order", "RESTRICT"),
    )


def _create(table: str, owners: list[str], *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", BigId, nullable=False),
        *(sa.Column(f"{owner}_id", sa.BigInteger(), nullable=False) for owner in owners),
        *parts,
        *(_owned_by(table, owner) for owner in owners),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _owned_by(table: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{owner}_id")
    return sa.ForeignKeyConstraint([f"{owner}_id"], [f"tenancy_{owner}.id"], name=name, ondelete="RESTRICT")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("vendor_id", *columns, name=op.f(f"uq_{table}_vendor_id_{'_'.join(columns)}"))


def _within(table: str, column: str, parent: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id", column],
        [f"{parent}.vendor_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_vendor_id_{column}"),
        ondelete=ondelete,
    )


def downgrade() -> None:
    for table in ("orders_invoice", "orders_series", "orders_shipment_line", "orders_shipment"):
        op.drop_table(table)
    with op.batch_alter_table("orders_event") as event:
        event.drop_constraint(op.f("fk_orders_event_user_id"), type_="foreignkey")
        event.drop_column("user_id")
    with op.batch_alter_table("orders_line") as line:
        for name in ("shipped", "dropped", "returned", "refunded"):
            line.drop_column(name)
    # A sale in a state that did not exist is the nearest one that did.
    op.execute("UPDATE orders_order SET status = 'placed' WHERE status = 'draft'")
    op.execute("UPDATE orders_order SET status = 'packed' WHERE status = 'part_shipped'")
    op.execute("UPDATE orders_order SET status = 'delivered' WHERE status = 'returned'")
    with op.batch_alter_table("orders_order") as order:
        order.drop_constraint(op.f("ck_orders_order_status"), type_="check")
        order.create_check_constraint(op.f("ck_orders_order_status"), BEFORE)
        for name in ("email", "ship_to", "refunded", "version"):
            order.drop_column(name)
