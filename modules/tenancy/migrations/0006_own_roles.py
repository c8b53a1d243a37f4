"""A platform's own role is for its own people alone, as a vendor's is; nobody of the installation has one."""

from alembic import op

revision = "tenancy_0006"
down_revision = "tenancy_0005"

HOLDERS = ("tenancy_membership", "tenancy_invitation")
PLATFORMS_OWN = ["platform_id", "own_role_id"]
BEFORE = "(role_id is not null and own_role_id is null) or (role_id is null and own_role_id is not null)"
ROLE = (
    "(role_id is not null and own_role_id is null)"
    " or (role_id is null and own_role_id is not null and level <> 'installation')"
)


def upgrade() -> None:
    with op.batch_alter_table("tenancy_own_role") as role:
        name = op.f("uq_tenancy_own_role_platform_id_id")
        role.create_unique_constraint(name, ["platform_id", "id"])
    for table in HOLDERS:
        with op.batch_alter_table(table) as holder:
            holder.drop_constraint(op.f(f"ck_{table}_role"), type_="check")
            holder.create_check_constraint(op.f(f"ck_{table}_role"), ROLE)
            holder.create_foreign_key(
                op.f(f"fk_{table}_platform_id_own_role_id"),
                "tenancy_own_role",
                PLATFORMS_OWN,
                ["platform_id", "id"],
                ondelete="RESTRICT",
            )


def downgrade() -> None:
    for table in HOLDERS:
        with op.batch_alter_table(table) as holder:
            holder.drop_constraint(op.f(f"fk_{table}_platform_id_own_role_id"), type_="foreignkey")
            holder.drop_constraint(op.f(f"ck_{table}_role"), type_="check")
            holder.create_check_constraint(op.f(f"ck_{table}_role"), BEFORE)
    with op.batch_alter_table("tenancy_own_role") as role:
        role.drop_constraint(op.f("uq_tenancy_own_role_platform_id_id"), type_="unique")
