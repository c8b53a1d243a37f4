"""What vendors say of themselves, why one is shut, how a domain is proved, and who helps for a while."""

import secrets

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime

revision = "tenancy_0004"
down_revision = "tenancy_0003"

#: Column → its length.
TEXTS = {
    "street": 200,
    "postcode": 20,
    "city": 100,
    "country": 2,
    "tax_number": 40,
    "status_reason": 300,
}


def upgrade() -> None:
    for table in ("tenancy_vendor", "tenancy_platform"):
        op.add_column(table, sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    for name, length in TEXTS.items():
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("tenancy_vendor", column)
    op.add_column("tenancy_vendor", sa.Column("status_since", sa.Date(), nullable=True))
    op.add_column("tenancy_vendor_domain", sa.Column("checked_at", UtcDateTime(), nullable=True))
    token = sa.Column("token", sa.String(43), nullable=False, server_default="")
    op.add_column("tenancy_vendor_domain", token)
    _give_tokens()
    op.create_table(
        "tenancy_support",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("platform_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{owner}_id"],
                [f"tenancy_{owner}.id"],
                name=op.f(f"fk_tenancy_support_{owner}_id"),
                ondelete="RESTRICT",
            )
            for owner in ("vendor", "platform")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name=op.f("fk_tenancy_support_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_support")),
    )
    op.create_index("ix_tenancy_support_user_id", "tenancy_support", ["user_id", "expires_at"])


def _give_tokens() -> None:
    here = op.get_bind()
    domain = sa.table("tenancy_vendor_domain", sa.column("id"), sa.column("token"))
    for id_ in here.scalars(sa.select(domain.c.id)).all():
        here.execute(sa.update(domain).where(domain.c.id == id_).values(token=secrets.token_urlsafe(32)))


def downgrade() -> None:
    op.drop_table("tenancy_support")
    for column in ("token", "checked_at"):
        op.drop_column("tenancy_vendor_domain", column)
    for column in ("status_since", *TEXTS, "version"):
        op.drop_column("tenancy_vendor", column)
    op.drop_column("tenancy_platform", "version")
