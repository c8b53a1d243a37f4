"""Roles of a place's own, and invitations; a membership has a role of either kind."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, UtcDateTime, public_id

revision = "tenancy_0003"
down_revision = "tenancy_0002"

LEVEL = "level in ('installation', 'platform', 'vendor')"
PLACE = (
    "(level = 'installation' and vendor_id is null and platform_id is null)"
    " or (level = 'platform' and vendor_id is null and platform_id is not null)"
    " or (level = 'vendor' and vendor_id is not null and platform_id is null)"
)
ROLE = "(role_id is not null and own_role_id is null) or (role_id is null and own_role_id is not null)"
COLUMNS = ("id", "user_id", "level", "vendor_id", "platform_id", "role_id", "created_on")


def upgrade() -> None:
    op.add_column("tenancy_role", sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    op.create_table(
        "tenancy_own_role",
        sa.Column("id", BigId, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("require_2fa", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level in ('platform', 'vendor')", name=op.f("ck_tenancy_own_role_level")),
        sa.CheckConstraint(
            "(level = 'platform' and vendor_id is null and platform_id is not null)"
            " or (level = 'vendor' and vendor_id is not null and platform_id is null)",
            name=op.f("ck_tenancy_own_role_place"),
        ),
        *_owners("tenancy_own_role"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_own_role")),
        sa.UniqueConstraint("vendor_id", "id", name=op.f("uq_tenancy_own_role_vendor_id_id")),
        sa.UniqueConstraint("vendor_id", "name", name=op.f("uq_tenancy_own_role_vendor_id_name")),
        sa.UniqueConstraint("platform_id", "name", name=op.f("uq_tenancy_own_role_platform_id_name")),
    )
    _membership()
    op.create_table(
        "tenancy_invitation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("public_id", sa.String(14), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.BigInteger(), nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.Column("own_role_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invited_by", sa.String(254), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(LEVEL, name=op.f("ck_tenancy_invitation_level")),
        sa.CheckConstraint(PLACE, name=op.f("ck_tenancy_invitation_place")),
        sa.CheckConstraint(ROLE, name=op.f("ck_tenancy_invitation_role")),
        *_owners("tenancy_invitation"),
        *_roles("tenancy_invitation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tenancy_invitation_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tenancy_invitation_token_hash")),
    )
    op.create_index("ix_tenancy_invitation_vendor_id", "tenancy_invitation", ["vendor_id", "id"])
    op.create_index("ix_tenancy_invitation_platform_id", "tenancy_invitation", ["platform_id", "id"])
    for column in ("role_id", "own_role_id", "email"):
        op.create_index(f"ix_tenancy_invitation_{column}", "tenancy_invitation", [column])


def _owners(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [f"{owner}_id"],
            [f"tenancy_{owner}.id"],
            name=op.f(f"fk_{table}_{owner}_id"),
            ondelete="RESTRICT",
        )
        for owner in ("vendor", "platform")
    ]


def _roles(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["role_id"], ["tenancy_role.id"], name=op.f(f"fk_{table}_role_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id", "own_role_id"],
            ["tenancy_own_role.vendor_id", "tenancy_own_role.id"],
            name=op.f(f"fk_{table}_vendor_id_own_role_id"),
            ondelete="RESTRICT",
        ),
    ]


def _membership() -> None:
    """Made anew and filled from the old one: SQLite can neither drop a NOT NULL nor add a key."""
    here = op.get_bind()
    old = sa.table("tenancy_membership", *map(sa.column, COLUMNS))
    rows = [dict(row) for row in here.execute(sa.select(old)).mappings()]
    op.drop_table("tenancy_membership")
    _make_membership(own_roles=True)
    new = sa.table("tenancy_membership", *map(sa.column, (*COLUMNS, "public_id")))
    for row in rows:
        here.execute(sa.insert(new).values(**row, public_id=public_id()))
    if here.dialect.name == "postgresql":
        here.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('tenancy_membership', 'id'), (SELECT max(id) FROM"
                " tenancy_membership)) WHERE EXISTS (SELECT FROM tenancy_membership)"
            )
        )


def _make_membership(own_roles: bool) -> None:
    own = [sa.Column("own_role_id", sa.BigInteger()), sa.Column("public_id", sa.String(14), nullable=False)]
    role, with_own = _roles("tenancy_membership")
    of_own = [
        with_own,
        sa.CheckConstraint(ROLE, name=op.f("ck_tenancy_membership_role")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tenancy_membership_public_id")),
    ]
    op.create_table(
        "tenancy_membership",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.BigInteger(), nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=own_roles),
        sa.Column("created_on", sa.Date(), nullable=False),
        *(own if own_roles else ()),
        sa.CheckConstraint(LEVEL, name=op.f("ck_tenancy_membership_level")),
        sa.CheckConstraint(PLACE, name=op.f("ck_tenancy_membership_place")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name=op.f("fk_tenancy_membership_user_id"), ondelete="CASCADE"
        ),
        *_owners("tenancy_membership"),
        role,
        *(of_own if own_roles else ()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_membership")),
        sa.UniqueConstraint("user_id", "vendor_id", name=op.f("uq_tenancy_membership_user_id_vendor_id")),
        sa.UniqueConstraint("user_id", "platform_id", name=op.f("uq_tenancy_membership_user_id_platform_id")),
    )
    op.create_index(
        "uq_tenancy_membership_installation",
        "tenancy_membership",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("level = 'installation'"),
        postgresql_where=sa.text("level = 'installation'"),
    )
    op.create_index("ix_tenancy_membership_vendor_id", "tenancy_membership", ["vendor_id", "id"])
    op.create_index("ix_tenancy_membership_platform_id", "tenancy_membership", ["platform_id", "id"])
    op.create_index("ix_tenancy_membership_role_id", "tenancy_membership", ["role_id"])
    op.create_index("ix_tenancy_membership_user_id", "tenancy_membership", ["user_id"])
    if own_roles:
        op.create_index("ix_tenancy_membership_own_role_id", "tenancy_membership", ["own_role_id"])


def downgrade() -> None:
    """Who has a role of a place's own loses it: before, there were none."""
    here = op.get_bind()
    table = sa.table("tenancy_membership", *map(sa.column, COLUMNS))
    kept = sa.select(table).where(table.c.role_id.is_not(None))
    rows = [dict(row) for row in here.execute(kept).mappings()]
    op.drop_table("tenancy_membership")
    _make_membership(own_roles=False)
    for row in rows:
        here.execute(sa.insert(table).values(**row))
    op.drop_table("tenancy_invitation")
    op.drop_table("tenancy_own_role")
    op.drop_column("tenancy_role", "version")
