"""Imports, what is staged, and publications."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from orion.contracts.models import BigId, NormText, UtcDateTime

revision = "marketplace_0001"
down_revision = None

INDEXES = {
    "import": {
        "vendor_created_at": ["vendor_id", "created_at", "id"],
        "created_at": ["created_at", "id"],
        "vendor_name_norm": ["vendor_id", "name_norm", "id"],
        "name_norm": ["name_norm", "id"],
        "stage": ["vendor_id", "stage", "id"],
    },
    "publication": {"import_id": ["vendor_id", "import_id", "id"]},
    "staged": {
        "import_id": ["vendor_id", "import_id", "state", "decision", "id"],
        "key": ["vendor_id", "import_id", "key"],
        "publication_id": ["vendor_id", "publication_id", "id"],
        **{f"vendor_{name}": ["vendor_id", name, "id"] for name in ("line", "title_norm")},
        **{name: [name, "id"] for name in ("line", "title_norm")},
        "vendor_state": ["vendor_id", "state", "decision"],
        "state": ["state", "decision"],
        "vendor_code": ["vendor_id", "code"],
        "code": ["code"],
    },
}


def upgrade() -> None:
    _create(
        "import",
        *_strings(public_id=14, name=200, file=20, show_on=64, stage=8),
        *_texts("stated", "settled", "message"),
        sa.Column("name_norm", NormText(), nullable=False),
        *_numbers("size", "rows"),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"],
            ["tenancy_vendor.id"],
            name=op.f("fk_marketplace_import_vendor_id"),
            ondelete="RESTRICT",
        ),
        _check("import", "stage", "uploaded", "reading", "ready", "refused"),
        *(_unique("import", column) for column in ("id", "public_id")),
    )
    _create(
        "publication",
        *_strings(public_id=14, state=7),
        *_numbers("import_id", "wanted", "done", "left"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        _of("publication", "import_id", "import"),
        _check("publication", "state", "running", "done", "undoing", "undone"),
        *(_unique("publication", column) for column in ("id", "public_id")),
    )
    _staged()
    _create(
        "change",
        *_numbers("publication_id", "product_id"),
        *_texts("before"),
        _of("change", "publication_id", "publication"),
        _unique("change", "publication_id", "product_id"),
    )
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(f"ix_marketplace_{table}_{name}", f"marketplace_{table}", columns)


def _staged() -> None:
    _create(
        "staged",
        *_strings(public_id=14, key=300, title=300, state=9, decision=9, code=20),
        *_strings(field=40, value=200, reason=500),
        *_texts("data", "source", "changes", "notes"),
        sa.Column("title_norm", NormText(), nullable=False),
        *_numbers("import_id", "line", "lines", "parts"),
        sa.Column("publication_id", sa.BigInteger()),
        sa.Column("product_id", sa.BigInteger()),
        _of("staged", "import_id", "import"),
        _check("staged", "state", "new", "changed", "unchanged", "rejected"),
        _check("staged", "decision", "open", "accepted", "skipped", "published"),
        *(_unique("staged", column) for column in ("id", "public_id")),
    )


# -- the parts of a table -------------------------------------------------------------------------


def _create(table: str, *parts: Any) -> None:
    op.create_table(
        f"marketplace_{table}",
        sa.Column("id", BigId, nullable=False),
        *_numbers("vendor_id"),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_marketplace_{table}")),
    )


def _strings(**lengths: int) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _check(table: str, column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} in ({listed})", name=op.f(f"ck_marketplace_{table}_{column}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    names = ("vendor_id", *columns)
    return sa.UniqueConstraint(*names, name=op.f(f"uq_marketplace_{table}_{'_'.join(names)}"))


def _of(table: str, column: str, whole: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["vendor_id", column],
        [f"marketplace_{whole}.vendor_id", f"marketplace_{whole}.id"],
        name=op.f(f"fk_marketplace_{table}_vendor_id_{column}"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("change", "staged", "publication", "import"):
        op.drop_table(f"marketplace_{table}")
