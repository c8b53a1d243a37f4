"""A portal that is older than its tables: what becomes of its rows when it is brought up to date."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import MetaData, Table, select, text

from orion.data import migrate
from orion.data.database import db
from orion.data.histories import History, histories
from orion.data.revisions import owned
from orion.data.tables import metadata, wall_of
from orion.isolation.world import World

Rows = dict[str, dict[Any, dict[str, Any]]]


@dataclass
class Older:
    """A database whose history of one module was taken back to a revision. `world` has the rows' owners."""

    app: Flask
    history: History
    world: World

    def rows(self) -> Rows:
        """Table → id → columns, of the tables that the module has now in the database."""
        with self.app.app_context(), owned(db.engines["write"]) as connection:
            there = MetaData()
            there.reflect(connection, only=lambda name, _: name in self.history.tables)
            tables = [table for table in there.sorted_tables if table.name in self.history.tables]
            found = {t.name: connection.execute(select(t)).mappings() for t in tables}
            return {name: {row["id"]: dict(row) for row in rows} for name, rows in found.items()}

    def rows_like(self, before: Rows) -> Rows:
        """The rows of now, as far as there were such tables and columns before."""
        columns = {name: set().union(*rows.values()) for name, rows in before.items()}
        return {
            name: {id_: {c: row[c] for c in columns[name]} for id_, row in rows.items()}
            for name, rows in self.rows().items()
            if name in before
        }

    def run(self, sql: str, **values: Any) -> int:
        """Change rows as nobody can from within a portal; gives how many. Keys hold as they always do."""
        with self.app.app_context(), owned(db.engines["write"]) as connection, connection.begin():
            return connection.execute(text(sql), values).rowcount

    def upgrade(self) -> None:
        """Bring the tables up to date, and find them to be what the models say."""
        migrate.upgrade(self.app, [self.history])
        assert migrate.differences(self.app, self.history) == []


def older(app: Flask, code: str, revision: str) -> Older:
    """Fill a module's walled tables with a row for each vendor on each platform, made from the tables alone,
    and take them back to a revision. The database must be the test's own."""
    history = next(found for found in histories(app) if found.code == code)
    with app.app_context(), owned(db.engines["write"]) as connection, connection.begin():
        world = World(connection)
        world.make(_walled(history))
    migrate.downgrade(app, history, revision)
    return Older(app, history, world)


def _walled(history: History) -> list[Table]:
    return [t for name in sorted(history.tables) if wall_of(t := metadata.tables[name]) is not None]
