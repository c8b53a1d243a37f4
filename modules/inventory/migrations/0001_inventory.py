"""Locations, items with their levels, the ledger of movements, and reservations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "inventory_0001"
down_revision = None

INDEXES = {
    "item": {
        **{f"vendor_{c}": ["vendor_id", c, "id"] for c in ("available", "on_hand")},
        **{f"every_{c}": [c, "id"] for c in ("available", "on_hand")},
    },
    "level": {"variant_id": ["vendor_id", "variant_id"]},
    "movement": {"variant_id": ["vendor_id", "variant_id", "id"], "batch": ["vendor_id", "batch"]},
    "reservation": {"variant_id": ["vendor_id", "variant_id"]},
}


def upgrade() -> None:
    _create(
        "location",
        *_texts(public_id=14, name=80),
        sa.Column("name_norm", NormText(), nullable=False),
        *_numbers("position"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_inventory_location_vendor_id"),
            ondelete="RESTRICT",
        ),
        *(_unique("location", column) for column in ("id", "public_id", "name_norm")),
    )
    _create(
        "item",
        *_numbers("variant_id", "on_hand", "available"),
        sa.Column("threshold", sa.BigInteger()),
        _of("item", "variant_id", "catalog_variant"),
        _unique("item", "variant_id"),
    )
    _create(
        "level",
        *_numbers("variant_id", "location_id", "on_hand"),
        _of("level", "variant_id", "catalog_variant"),
        _of("level", "location_id", "inventory_location"),
        _unique("level", "location_id", "variant_id"),
    )
    _movement()
    _create(
        "reservation",
        *_numbers("variant_id", "quantity"),
        *_texts(order_key=64),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_inventory_reservation_quantity")),
        _of("reservation", "variant_id", "catalog_variant"),
        _unique("reservation", "order_key", "variant_id"),
    )
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(f"ix_inventory_{table}_{name}", f"inventory_{table}", columns)


def _movement() -> None:
    _create(
        "movement",
        *_numbers("variant_id", "location_id", "quantity"),
        sa.Column("at", UtcDateTime(), nullable=False),
        *_texts(kind=8, reason=16, note=300, reference=64, batch=14),
        sa.Column("user_id", sa.BigInteger()),
        sa.CheckConstraint(
            "kind in ('receive', 'adjust', 'transfer', 'count', 'sale', 'return')",
            name=op.f("ck_inventory_movement_kind"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_inventory_movement_quantity")),
        _of("movement", "variant_id", "catalog_variant"),
        _of("movement", "location_id", "inventory_location"),
    )


# -- the parts of a table -------------------------------------------------------------------------


def _create(table: str, *parts: Any) -> None:
    op.create_table(
        f"inventory_{table}",
        sa.Column("id", BigId, nullable=False),
        *_numbers("vendor_id"),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_inventory_{table}")),
    )


def _texts(**lengths: int) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    names = ("vendor_id", *columns)
    return sa.UniqueConstraint(*names, name=op.f(f"uq_inventory_{table}_{'_'.join(names)}"))


def _of(table: str, column: str, whole: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id", column],
        [f"{whole}.vendor_id", f"{whole}.id"],
        name=op.f(f"fk_inventory_{table}_vendor_id_{column}"),
        ondelete="RESTRICT",
    )


def downgrade() -> None:
    for table in ("reservation", "movement", "level", "item", "location"):
        op.drop_table(f"inventory_{table}")
