"""Letters like Ł and Ø are found by those that people type for them; platforms are sorted as vendors are."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import NormText, normalise, refold

revision = "tenancy_0009"
down_revision = "tenancy_0008"


def upgrade() -> None:
    connection = op.get_bind()
    refold(connection, "tenancy_vendor", "code_norm", "name_norm")
    with _open_log(connection):
        refold(connection, "tenancy_audit_entry", "who_norm", "subject_norm")
    op.add_column("tenancy_platform", sa.Column("name_norm", NormText(), server_default="", nullable=False))
    platform = sa.table("tenancy_platform", *(sa.column(name) for name in ("id", "name", "name_norm")))
    for row in connection.execute(sa.select(platform.c.id, platform.c.name)).all():
        mine = sa.update(platform).where(platform.c.id == row.id)
        connection.execute(mine.values(name_norm=normalise(row.name)))


@contextmanager
def _open_log(connection: sa.Connection) -> Iterator[None]:
    """Take away, for this transaction, what keeps the audit log from being changed."""
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE tenancy_audit_entry DISABLE TRIGGER tenancy_audit_entry_no_change")
        yield
        op.execute("ALTER TABLE tenancy_audit_entry ENABLE TRIGGER tenancy_audit_entry_no_change")
        return
    op.execute("DROP TRIGGER tenancy_audit_entry_no_UPDATE")
    yield
    op.execute(
        "CREATE TRIGGER tenancy_audit_entry_no_UPDATE BEFORE UPDATE ON tenancy_audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
    )


def downgrade() -> None:
    op.drop_column("tenancy_platform", "name_norm")
