"""One transaction on one connection, in which rows are made and attacked, and of which nothing stays.

Everything that an application would do in transactions of its own is done here in savepoints: the frames and
their sessions are the real ones, and only what they are bound to is another. The arena has an engine of its
own, so that heights of the wall can be left away without touching the application's.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, Table, create_engine, event

from orion.data import engines, on_postgresql, views
from orion.data.database import db
from orion.isolation import heights as h
from orion.isolation.heights import Height
from orion.isolation.world import World

#: Compiled statements that are kept: all forms on all models.
CACHED = 50_000
#: Where an arena is put back to after each attack.
SAVEPOINT = "orion_arena"


@dataclass(frozen=True, slots=True)
class Arena:
    """Where attacks are run: `connection` is in the transaction, `world` has the rows."""

    app: Flask
    connection: Connection
    heights: frozenset[Height]
    world: World

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    @property
    def may_be_raw(self) -> bool:
        """Whether the database fences what comes by no guard: SQLite does so for readers alone."""
        return self.dialect == "postgresql" or not self.heights or Height.VIEWS in self.heights

    @contextmanager
    def open(self) -> Iterator[None]:
        """Frames that are entered in this process meanwhile have sessions that work in the arena."""
        factory, registry = db.session.session_factory, db.session.registry
        before = factory.class_, registry.scopefunc
        factory.class_ = h.session_class(self.heights, self.connection)
        if Height.FRAMES not in self.heights:
            registry.scopefunc = lambda: None
        try:
            with self.app.app_context():
                yield
                db.session.remove()
        finally:
            factory.class_, registry.scopefunc = before

    def forget(self) -> None:
        """Take back what an attack did, with the savepoints that it left behind."""
        _send(self.connection, f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        # A new one each time: SQLite goes through all that was written since a savepoint was made, and
        # taken back already.
        _send(self.connection, f"RELEASE SAVEPOINT {SAVEPOINT}")
        _send(self.connection, f"SAVEPOINT {SAVEPOINT}")

    def seeing_everything(self, session: Any) -> Connection:
        """The connection, on which the rest of a session's savepoint sees all rows."""
        session.connection()
        h.say(self.connection, h.EVERYTHING)
        return self.connection


@contextmanager
def arena(app: Flask, tables: Iterable[Table], heights: frozenset[Height] = h.ALL_HEIGHTS) -> Iterator[Arena]:
    """An arena on the application's database, with a row of each table everywhere. Raises CannotMake.

    On SQLite others' writes wait until it is left.
    """
    with app.app_context():
        engine = _engine(db.engines["write"], heights)
    try:
        with engine.connect() as connection, _rolled_back(connection):
            h.say(connection, h.EVERYTHING)
            world = World(connection)
            world.make(tables)
            if Height.VIEWS in heights:
                driver: Any = connection.connection.dbapi_connection
                connection.info[views.FENCE] = views.Fence(driver)
                connection.info[views.FENCE].show(h.EVERYTHING)
            _send(connection, f"SAVEPOINT {SAVEPOINT}")
            yield Arena(app, connection, heights, world)
    finally:
        engine.dispose()


@contextmanager
def _rolled_back(connection: Connection) -> Iterator[None]:
    transaction = connection.begin()
    try:
        yield
    finally:
        transaction.rollback()


def _engine(like: Engine, heights: frozenset[Height]) -> Engine:
    options: dict[str, Any] = (
        {"connect_args": on_postgresql.POSTGRES} if like.dialect.name == "postgresql" else {}
    )
    engine = create_engine(like.url, query_cache_size=CACHED, **options)
    engines.set_up(engine, writes=True)
    if Height.VIEWS in heights:
        event.listen(engine, "before_cursor_execute", views._forget)
    if Height.ENGINE not in heights:
        h.without_guard(engine)
    if Height.KEYS not in heights:
        event.listen(engine, "connect", _without_keys)
    return engine


def _send(connection: Connection, sql: str) -> None:
    cursor: Any = connection.connection.cursor()
    cursor.execute(sql)
    cursor.close()


def _without_keys(connection: Any, _record: Any) -> None:
    """No foreign key is kept on this connection; on PostgreSQL that is only for a superuser to say."""
    sqlite = type(connection).__module__.startswith("sqlite3")
    connection.execute("PRAGMA foreign_keys = OFF" if sqlite else "SET session_replication_role = replica")
