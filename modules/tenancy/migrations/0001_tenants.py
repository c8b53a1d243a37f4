"""Platforms, vendors, their junction and domains, roles and memberships."""

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "tenancy_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tenancy_platform",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_platform")),
        sa.UniqueConstraint("code", name=op.f("uq_tenancy_platform_code")),
    )
    op.create_table(
        "tenancy_vendor",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("code_norm", NormText(), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("name_norm", NormText(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status in ('active', 'suspended', 'closed')", name=op.f("ck_tenancy_vendor_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_vendor")),
        sa.UniqueConstraint("code", name=op.f("uq_tenancy_vendor_code")),
    )
    op.create_index("ix_tenancy_vendor_code_norm", "tenancy_vendor", ["code_norm"])
    op.create_index("ix_tenancy_vendor_name_norm", "tenancy_vendor", ["name_norm", "id"])
    op.create_index("ix_tenancy_vendor_created_on", "tenancy_vendor", ["created_on", "id"])
    op.create_index("ix_tenancy_vendor_status", "tenancy_vendor", ["status"])
    op.create_table(
        "tenancy_vendor_platform",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("platform_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("status in ('active', 'ended')", name=op.f("ck_tenancy_vendor_platform_status")),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_tenancy_vendor_platform_vendor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"],
            ["tenancy_platform.id"],
            name=op.f("fk_tenancy_vendor_platform_platform_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_vendor_platform")),
        sa.UniqueConstraint(
            "vendor_id", "platform_id", name=op.f("uq_tenancy_vendor_platform_vendor_id_platform_id")
        ),
    )
    op.create_index(
        "ix_tenancy_vendor_platform_platform_id",
        "tenancy_vendor_platform",
        ["platform_id", "status", "vendor_id"],
    )
    op.create_table(
        "tenancy_vendor_domain",
        sa.Column("id", BigId, nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_tenancy_vendor_domain_vendor_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_vendor_domain")),
        sa.UniqueConstraint("vendor_id", "host", name=op.f("uq_tenancy_vendor_domain_vendor_id_host")),
    )
    op.create_index(
        "uq_tenancy_vendor_domain_verified_host",
        "tenancy_vendor_domain",
        ["host"],
        unique=True,
        sqlite_where=sa.text("verified_at is not null"),
        postgresql_where=sa.text("verified_at is not null"),
    )
    op.create_table(
        "tenancy_role",
        sa.Column("id", BigId, nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("require_2fa", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "level in ('installation', 'platform', 'vendor')", name=op.f("ck_tenancy_role_level")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy_role")),
        sa.UniqueConstraint("level", "name", name=op.f("uq_tenancy_role_level_name")),
    )
    op.create_table(
        "tenancy_membership",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.BigInteger(), nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "level in ('installation', 'platform', 'vendor')", name=op.f("ck_tenancy_membership_level")
        ),
        sa.CheckConstraint(
            "(level = 'installation' and vendor_id is null and platform_id is null)"
            " or (level = 'platform' and vendor_id is null and platform_id is not null)"
            " or (level = 'vendor' and vendor_id is not null and platform_id is null)",
            name=op.f("ck_tenancy_membership_place"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["orion_user.id"], name=op.f("fk_tenancy_membership_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_tenancy_membership_vendor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"],
            ["tenancy_platform.id"],
            name=op.f("fk_tenancy_membership_platform_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["tenancy_role.id"], name=op.f("fk_tenancy_membership_role_id"), ondelete="RESTRICT"
        ),
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


def downgrade() -> None:
    for table in ("membership", "role", "vendor_domain", "vendor_platform", "vendor", "platform"):
        op.drop_table(f"tenancy_{table}")
