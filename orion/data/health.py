"""Can this process serve? Asked at its start, and by whoever balances the load."""

from flask import Flask

from orion.contracts.scope import NOBODY
from orion.data import role
from orion.data.database import db, entered
from orion.data.faults import DatabaseGone, DeadlineExceeded, WallDown
from orion.data.histories import current, engine_history


def problem(app: Flask) -> str | None:
    """Why this process can't serve, or None: the database answers, no migration of the engine is pending,
    and the database itself holds back other tenants' rows.

    Answers within about two seconds, except where a connection can't even be refused.
    """
    history = engine_history()
    try:
        with app.app_context(), entered(NOBODY, deadline=2.0) as session:
            wrong = role.open_tables(session.connection())
            at = current(session.connection(), [history])[history.code]
    except WallDown as error:
        return str(error)
    except (DatabaseGone, DeadlineExceeded):
        return "the database can't be reached"
    if wrong:
        return f"{role.DOWN}: {wrong}"
    return None if at == history.revisions[-1] else "migrations are pending: orion db upgrade"


def refuse_without_wall(app: Flask) -> None:
    """Raise WallDown where the database is there and doesn't hold back other tenants' rows."""
    with app.app_context():
        try:
            with entered(NOBODY) as session:
                session.connection()
        except WallDown:
            for engine in db.engines.values():
                engine.dispose()
            raise
        except DatabaseGone:
            pass  # The first connection that it gives when it is back is asked as well.
