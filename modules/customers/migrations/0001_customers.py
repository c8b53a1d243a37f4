"""Customers, addresses, the platforms and days on which they acted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "customers_0001"
down_revision = None


def upgrade() -> None:
    _customer()
    op.create_table(
        "customers_address",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("line1", sa.String(200), nullable=False),
        sa.Column("line2", sa.String(200), nullable=False),
        sa.Column("postcode", sa.String(20), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("region", sa.String(120), nullable=False),
        sa.Column("country", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers_address")),
        _of_customer("customers_address"),
    )
    op.create_index("ix_customers_address_customer_id", "customers_address", ["vendor_id", "customer_id"])
    _on_platforms()


def _customer() -> None:
    texts = {"reference": 120, "name": 200, "email": 254}
    op.create_table(
        "customers_customer",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in texts.items()),
        *(sa.Column(f"{name}_norm", NormText(), nullable=False) for name in texts),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("country", sa.String(80), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_customers_customer_vendor_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers_customer")),
        sa.UniqueConstraint("vendor_id", "id", name=op.f("uq_customers_customer_vendor_id_id")),
        sa.UniqueConstraint("vendor_id", "public_id", name=op.f("uq_customers_customer_vendor_id_public_id")),
    )
    op.create_index(
        "uq_customers_customer_reference",
        "customers_customer",
        ["vendor_id", "reference"],
        unique=True,
        sqlite_where=sa.text("reference <> ''"),
        postgresql_where=sa.text("reference <> ''"),
    )
    for column in ("name_norm", "email_norm", "reference_norm", "joined_on", "country"):
        op.create_index(f"ix_customers_customer_{column}", "customers_customer", ["vendor_id", column, "id"])


def _on_platforms() -> None:
    tables: dict[str, list[sa.Column[Any]]] = {
        "customers_customer_platform": [
            sa.Column("first_on", sa.Date(), nullable=False),
            sa.Column("last_on", sa.Date(), nullable=False),
        ],
        "customers_activity": [
            sa.Column("business_date", sa.Date(), nullable=False),
            sa.Column("times", sa.BigInteger(), nullable=False),
        ],
    }
    for table, columns in tables.items():
        day = ["business_date"] if table == "customers_activity" else []
        key = ["vendor_id", "customer_id", "platform_id", *day]
        op.create_table(
            table,
            sa.Column("id", BigId, nullable=False),
            sa.Column("vendor_id", sa.BigInteger(), nullable=False),
            sa.Column("platform_id", sa.BigInteger(), nullable=False),
            sa.Column("customer_id", sa.BigInteger(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(
                ["platform_id"],
                ["tenancy_platform.id"],
                name=op.f(f"fk_{table}_platform_id"),
                ondelete="RESTRICT",
            ),
            _of_customer(table),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}")),
        )
    op.create_index(
        "ix_customers_customer_platform_platform_id",
        "customers_customer_platform",
        ["platform_id", "vendor_id", "customer_id"],
    )
    op.create_index(
        "ix_customers_activity_business_date",
        "customers_activity",
        ["vendor_id", "business_date", "customer_id"],
    )


def _of_customer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id", "customer_id"],
        ["customers_customer.vendor_id", "customers_customer.id"],
        name=op.f(f"fk_{table}_vendor_id_customer_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("activity", "customer_platform", "address", "customer"):
        op.drop_table(f"customers_{table}")
