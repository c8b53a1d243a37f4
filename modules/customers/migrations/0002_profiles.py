"""Tags, notes and segments; addresses with ids of their own; when somebody was erased."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime, public_id

revision = "customers_0002"
down_revision = "customers_0001"


def upgrade() -> None:
    with op.batch_alter_table("customers_customer") as customer:
        customer.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
        customer.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    with op.batch_alter_table("customers_address") as address:
        address.add_column(sa.Column("public_id", sa.String(14), nullable=False, server_default=""))
        address.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    _name_addresses()
    with op.batch_alter_table("customers_address") as address:
        name = op.f("uq_customers_address_vendor_id_public_id")
        address.create_unique_constraint(name, ["vendor_id", "public_id"])
    _tags_and_notes()
    _segments()


def _name_addresses() -> None:
    address = sa.table("customers_address", sa.column("id"), sa.column("public_id"))
    connection = op.get_bind()
    ids = connection.scalars(sa.select(address.c.id)).all()
    if ids:
        named = (
            sa.update(address)
            .where(address.c.id == sa.bindparam("row"))
            .values(public_id=sa.bindparam("named"))
        )
        connection.execute(named, [{"row": id_, "named": public_id()} for id_ in ids])


def _tags_and_notes() -> None:
    op.create_table(
        "customers_tag",
        *_keys("customers_tag"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("name_norm", NormText(), nullable=False),
        _of_customer("customers_tag"),
        sa.UniqueConstraint(
            "vendor_id",
            "customer_id",
            "name_norm",
            name=op.f("uq_customers_tag_vendor_id_customer_id_name_norm"),
        ),
    )
    op.create_index("ix_customers_tag_name_norm", "customers_tag", ["vendor_id", "name_norm", "customer_id"])
    op.create_table(
        "customers_note",
        *_keys("customers_note"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        _of_customer("customers_note"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name=op.f("fk_customers_note_user_id"), ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_customers_note_customer_id", "customers_note", ["vendor_id", "customer_id", "at"])


def _segments() -> None:
    op.create_table(
        "customers_segment",
        *_keys("customers_segment"),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_norm", NormText(), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_customers_segment_vendor_id"),
            ondelete="RESTRICT",
        ),
        *(
            sa.UniqueConstraint("vendor_id", name, name=op.f(f"uq_customers_segment_vendor_id_{name}"))
            for name in ("public_id", "name_norm")
        ),
    )


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _of_customer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id", "customer_id"],
        ["customers_customer.vendor_id", "customers_customer.id"],
        name=op.f(f"fk_{table}_vendor_id_customer_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("segment", "note", "tag"):
        op.drop_table(f"customers_{table}")
    with op.batch_alter_table("customers_address") as address:
        address.drop_constraint(op.f("uq_customers_address_vendor_id_public_id"), type_="unique")
        address.drop_column("public_id")
        address.drop_column("version")
    with op.batch_alter_table("customers_customer") as customer:
        customer.drop_column("erased_at")
        customer.drop_column("version")
