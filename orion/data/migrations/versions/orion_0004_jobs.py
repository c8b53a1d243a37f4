"""Jobs."""

import sqlalchemy as sa
from alembic import op

from orion.data import tables

revision = "orion_0004"
down_revision = "orion_0003"

INDEXES = {
    "open": ["state", "due_at", "id"],
    "vendor_created_at": ["vendor_id", "created_at", "id"],
    "created_at": ["created_at", "id"],
    "vendor_module": ["vendor_id", "module_code", "state"],
    "module_code": ["module_code", "state"],
}


def upgrade() -> None:
    op.create_table(
        "orion_job",
        sa.Column("id", tables.BigId, nullable=False),
        *(_text(name, length) for name, length in {"public_id": 14, "module_code": 64, "name": 120}.items()),
        *(_text(name, length) for name, length in {"about": 200, "key": 120}.items()),
        sa.Column("arguments", sa.Text(), nullable=False),
        *(_text(name, length) for name, length in {"place": 64, "platform": 64, "locale": 35}.items()),
        _text("state", 9),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("stopping", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("vendor_id", "done", "total", "token", "crashes")
        ),
        *(
            sa.Column(name, tables.UtcDateTime(), nullable=name in ("started_at", "finished_at"))
            for name in ("created_at", "started_at", "finished_at", "due_at")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_orion_job"),
        *(
            sa.UniqueConstraint("vendor_id", name, name=f"uq_orion_job_vendor_id_{name}")
            for name in ("public_id", "key")
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'parked')",
            name=op.f("ck_orion_job_state"),
        ),
    )
    for name, columns in INDEXES.items():
        op.create_index(f"ix_orion_job_{name}", "orion_job", columns)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def downgrade() -> None:
    op.drop_table("orion_job")
