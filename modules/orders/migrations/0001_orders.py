"""Orders, their lines and events, and the daily figures."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "orders_0001"
down_revision = None

STATUS = (
    "(kind = 'refund' and status = 'refunded') or (kind = 'sale' and status in"
    " ('placed', 'confirmed', 'packed', 'shipped', 'delivered', 'cancelled'))"
)
RANKED = ["platform_id", "currency", "sku", "total", "order_id"]
SORTED = ["placed_at", "number_norm", "customer_norm", "total"]
INDEXES = {
    "orders_order": {
        **{f"vendor_{column}": ["vendor_id", column, "id"] for column in SORTED},
        **{f"platform_{column}": ["platform_id", column, "id"] for column in SORTED},
        **{f"every_{column}": [column, "id"] for column in SORTED},
        "status": ["vendor_id", "status", "placed_at", "id"],
        "kind": ["vendor_id", "kind", "placed_at", "id"],
        "customer_id": ["vendor_id", "customer_id", "placed_at"],
    },
    "orders_line": {
        "sku": ["vendor_id", "sku", "business_date", "id"],
        "ranked": ["vendor_id", "business_date", *RANKED],
        "every_ranked": ["business_date", "vendor_id", *RANKED],
    },
    "orders_event": {"order_id": ["vendor_id", "order_id", "at"]},
    "orders_daily": {"platform_id": ["platform_id", "business_date"], "business_date": ["business_date"]},
}


def upgrade() -> None:
    _order()
    _line()
    _create(
        "orders_event",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        _of_order("orders_event"),
    )
    _create(
        "orders_daily",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("orders", "units", "revenue")),
        sa.UniqueConstraint(
            "vendor_id",
            "business_date",
            "platform_id",
            "currency",
            "kind",
            "status",
            name="uq_orders_daily_key",
        ),
    )
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(f"ix_{table}_{name}", table, columns)
    op.create_index(
        "ix_orders_order_origin_number",
        "orders_order",
        ["vendor_id", "origin_number"],
        sqlite_where=sa.text("origin_number <> ''"),
        postgresql_where=sa.text("origin_number <> ''"),
    )


def _order() -> None:
    _create(
        "orders_order",
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("number_norm", NormText(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_name", sa.String(200), nullable=False),
        sa.Column("customer_norm", NormText(), nullable=False),
        sa.Column("country", sa.String(80), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("origin_number", sa.String(64), nullable=False),
        sa.CheckConstraint("kind in ('sale', 'refund')", name=op.f("ck_orders_order_kind")),
        sa.CheckConstraint(STATUS, name=op.f("ck_orders_order_status")),
        sa.CheckConstraint("source in ('manual', 'import', 'seed')", name=op.f("ck_orders_order_source")),
        sa.ForeignKeyConstraint(
            ["vendor_id", "customer_id"],
            ["customers_customer.vendor_id", "customers_customer.id"],
            name=op.f("fk_orders_order_vendor_id_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("vendor_id", "id", name=op.f("uq_orders_order_vendor_id_id")),
        sa.UniqueConstraint("vendor_id", "public_id", name=op.f("uq_orders_order_vendor_id_public_id")),
        sa.UniqueConstraint(
            "vendor_id", "platform_id", "number", name=op.f("uq_orders_order_vendor_id_platform_id_number")
        ),
    )


def _line() -> None:
    _create(
        "orders_line",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("sku", sa.String(120), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.String(40), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        _of_order("orders_line"),
        sa.UniqueConstraint(
            "vendor_id", "order_id", "position", name=op.f("uq_orders_line_vendor_id_order_id_position")
        ),
    )


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table of rows that belong to a vendor and came about on a platform."""
    op.create_table(
        table,
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("platform_id", sa.BigInteger(), nullable=False),
        *parts,
        *(
            sa.ForeignKeyConstraint(
                [f"{owner}_id"],
                [f"tenancy_{owner}.id"],
                name=op.f(f"fk_{table}_{owner}_id"),
                ondelete="RESTRICT",
            )
            for owner in ("vendor", "platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _of_order(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id", "order_id"],
        ["orders_order.vendor_id", "orders_order.id"],
        name=op.f(f"fk_{table}_vendor_id_order_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("daily", "event", "line", "order"):
        op.drop_table(f"orders_{table}")
