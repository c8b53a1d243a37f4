"""The heights of the tenant wall, what each consists of, and how it is left away.

Nothing in Orion takes a height away from the application: arenas have engines and sessions of their own, and
tests do it from outside (`orion.testing.heights`).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, event

from orion.contracts.scope import Scope, system_scope
from orion.data import flush, guard, role, views, wall
from orion.data.beginning import send
from orion.data.database import OrionSession, current_frame
from orion.data.policies import settings


class Height(StrEnum):
    """What may stand between a statement and another's row."""

    #: Sessions are one a frame and forget what they loaded. It stands in every arena that has any height.
    FRAMES = "frames"
    #: Criteria for every entity of a session's statement (`orion.data.wall`).
    STATEMENTS = "statements"
    #: Each row of a flush is checked (`orion.data.flush`).
    FLUSHES = "flushes"
    #: The SQL that is about to be sent is read once more (`orion.data.guard`).
    ENGINE = "engine"
    #: The doors for mass writes check each row (`orion.data.bulk`). Nothing but their own guards stops them.
    DOORS = "doors"
    #: Row-level security on PostgreSQL (`orion.data.policies`).
    POLICIES = "policies"
    #: Views of SQLite's readers (`orion.data.views`).
    VIEWS = "views"
    #: Composite foreign keys, and unique keys that hold the owner.
    KEYS = "keys"


Listeners = Mapping[Height, Mapping[str, Callable[..., Any]]]
#: What sessions listen to, by event.
OF_SESSIONS: Listeners = {
    Height.STATEMENTS: {"do_orm_execute": wall._fence},
    Height.FLUSHES: {
        "before_flush": flush._check_flush,
        "after_flush": flush._flushed,
        "after_soft_rollback": flush._rolled_back,
        "detached_to_persistent": flush._reattached,
    },
}
#: What engines listen to.
OF_ENGINES: Listeners = {
    Height.ENGINE: {"before_cursor_execute": guard._check},
    Height.POLICIES: {"begin": role.take_on},
    Height.VIEWS: {"begin": views.show},
}
#: The heights inside of the databases, of which each has its own.
DATABASE = frozenset({Height.POLICIES, Height.VIEWS})
EVERYTHING = system_scope("verify_isolation")
#: What an application that writes has around it: SQLite gives views to readers alone.
ALL_HEIGHTS = frozenset(Height) - {Height.VIEWS}
NO_HEIGHT: frozenset[Height] = frozenset()
#: Heights that an arena can have alone. The others belong to all arenas, except to the one without any.
ALONE = (Height.STATEMENTS, Height.FLUSHES, Height.ENGINE, Height.KEYS, Height.POLICIES, Height.VIEWS)
#: Heights that only a superuser of the database could leave away.
KEPT = frozenset({Height.KEYS})
#: Heights that only one database has.
ONLY_ON = {Height.POLICIES: "postgresql", Height.VIEWS: "sqlite"}
#: Heights that no arena leaves away, but for the one without any.
STANDING = frozenset({Height.FRAMES, Height.DOORS})


def alone(height: Height, kept: frozenset[Height] = NO_HEIGHT) -> frozenset[Height]:
    """One height, with those that can't be taken from around it, and others that are kept."""
    return STANDING | {height} | kept


def session_class(heights: frozenset[Height], connection: Connection) -> type[Any]:
    """A class of sessions that work in a savepoint of one connection, with these heights of the session's."""
    whole = heights >= set(OF_SESSIONS)
    base: type[Any] = OrionSession if whole else BareSession

    class Attacked(base):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options | {"join_transaction_mode": "create_savepoint"})

        def get_bind(self, *_args: Any, **_options: Any) -> Connection:
            return connection

    event.listen(Attacked, "after_begin", _say_scope if heights & DATABASE else _say_everything)
    for height in () if whole else heights & set(OF_SESSIONS):
        for name, listener in OF_SESSIONS[height].items():
            event.listen(Attacked, name, listener)
    return Attacked


def _say_scope(session: Any, _transaction: Any, connection: Connection) -> None:
    """What the database is told with BEGIN it is told here with the savepoint."""
    say(connection, session.frame.scope if session.frame else None)


def _say_everything(_session: Any, _transaction: Any, connection: Connection) -> None:
    say(connection, EVERYTHING)


def say(connection: Connection, scope: Scope | None) -> None:
    """Tell the database the scope of what follows in this savepoint or transaction."""
    if views.FENCE in connection.info:
        connection.info[views.FENCE].show(scope)
    if connection.dialect.name == "postgresql":
        send(connection, "; ".join(settings(scope)), prepare=False)


class BareSession(FlaskSession):
    """What OrionSession is before anybody listens to it."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db=db, **options)
        self.frame = current_frame()


def without_guard(engine: Engine) -> None:
    """Let an engine send what it is told to send."""
    for name, listener in OF_ENGINES[Height.ENGINE].items():
        event.remove(engine, name, listener)
