"""Sessions: one a frame. A frame is a scope that was entered, for reading or for writing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from orion.contracts.errors import WallError
from orion.contracts.scope import Scope
from orion.data.faults import DatabaseGone
from orion.data.tables import metadata


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What is entered now. `deadline` is in seconds a statement; `started` is monotonic time."""

    scope: Scope
    write: bool = False
    deadline: float | None = None
    started: float = field(default_factory=time.monotonic)


_frame: ContextVar[Frame | None] = ContextVar("orion_frame", default=None)


def current_frame() -> Frame | None:
    """The frame entered here, or None: then no tenant's row can be read."""
    return _frame.get()


class OrionSession(FlaskSession):
    """Reads on the reading engine, writes on the writing one; knows its frame for ever."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db=db, **options)
        self.frame = _frame.get()

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine:
        frame = self.frame
        return self._db.engines["write" if frame is not None and frame.write else None]


db = SQLAlchemy(
    metadata=metadata,
    session_options={"class_": OrionSession, "scopefunc": _frame.get, "expire_on_commit": False},
)


def session() -> Session:
    """The session of the frame entered here. Services and queries never commit it.

    Raises WallError where no frame was entered: such a session would be shared by all who did not.
    """
    if _frame.get() is None:
        raise WallError("no frame was entered: use `with entered(scope)`")
    return db.session()


@contextmanager
def entered(scope: Scope, *, write: bool = False, deadline: float | None = None) -> Iterator[Session]:
    """Enter a scope: everything inside reads (or writes) with a session of its own under that scope.

    Leaving rolls back what was not committed and forgets every loaded object, so that no row of
    one scope is ever met in another. Commit explicitly: `with entered(scope, write=True) as s: …;
    s.commit()`.
    """
    token = _frame.set(Frame(scope, write, deadline))
    try:
        yield db.session()
    finally:
        try:
            _forget()
        finally:
            _frame.reset(token)


def _forget() -> None:
    """Roll back what was not committed, and give the connection back."""
    try:
        db.session.remove()
    except DatabaseGone:
        # It is gone with the connection: whoever has an answer by now may give it.
        db.session.registry.clear()
