"""Tables of words in migrations: they are made with the words of the rows that are there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from orion.data.tables import BigId, NormText
from orion.data.words import AT_ONCE, words


def create_words(op: Any, name: str, of: str, columns: Sequence[str], **keys: str) -> None:
    """Make the table `name` for words of rows of the table `of`, and fill it in batches.

    `op` is Alembic's. `columns` hold the rows' normalised text; `keys` are columns of the words → what they
    equal there, the last of them the id.
    """
    *owners, row = keys
    unique = [*owners, "word", row]
    op.create_table(
        name,
        sa.Column("id", BigId, nullable=False),
        *(sa.Column(key, sa.BigInteger(), nullable=False) for key in keys),
        sa.Column("word", NormText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(
            list(keys),
            [f"{of}.{there}" for there in keys.values()],
            name=op.f(f"fk_{name}_{'_'.join(keys)}"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )
    _fill(op.get_bind(), name, of, columns, keys)
    if owners:
        op.create_index(f"ix_{name}_word", name, ["word", row])
    op.create_index(f"ix_{name}_{row}", name, [*owners, row])


def _fill(
    connection: sa.Connection, name: str, of: str, columns: Sequence[str], keys: Mapping[str, str]
) -> None:
    there = sa.table(of, *(sa.column(one) for one in dict.fromkeys(["id", *columns, *keys.values()])))
    here = sa.table(name, *(sa.column(one) for one in (*keys, "word")))
    for rows in _batches(connection, there):
        found = [
            {**{one: row[source] for one, source in keys.items()}, "word": word}
            for row in rows
            for word in sorted(words(row[column] or "" for column in columns))
        ]
        if found:
            connection.execute(here.insert(), found)


def _batches(connection: sa.Connection, table: sa.TableClause) -> Iterator[Sequence[Mapping[str, Any]]]:
    asked = sa.select(table).order_by(table.c.id).limit(AT_ONCE)
    rows = connection.execute(asked).mappings().all()
    while rows:
        yield rows  # type: ignore[misc]
        after = asked.where(table.c.id > rows[-1]["id"])
        rows = connection.execute(after).mappings().all()
