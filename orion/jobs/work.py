"""What a job's function gets: `def read(scope: Scope, work: Work) -> None`."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from orion.contracts.scope import Scope
from orion.data import room
from orion.data.database import entered
from orion.jobs import claiming
from orion.jobs.asking import noted
from orion.jobs.claiming import Claim

Thing = TypeVar("Thing")
Function = TypeVar("Function", bound=Callable[..., Any])
#: Hears how much of a job is done, and of how much; that is 0 where it isn't known.
Told = Callable[[int, int], None]
#: Things of a long pass between two looks at the clock.
_OFTEN = 500
#: Seconds after which a job that can take hours lets others go first.
TURN = 60.0


def untold(done: int, total: int) -> None:
    """Nobody waits for it."""


class Stopped(Exception):
    """Somebody has cancelled the job."""


class GaveWay(Exception):
    """The job lets others go first, and waits to be gone on with."""


def job(permission: str) -> Callable[[Function], Function]:
    """Mark a function of a jobs.py; whoever asked for it must hold the permission still when it runs."""

    def marked(function: Function) -> Function:
        function.permission = permission  # type: ignore[attr-defined]
        return function

    return marked


@dataclass(slots=True)
class Chunk:
    """A transaction of a job: set `cursor` (JSON's types) to where the next one goes on, add to `done`."""

    session: Session
    cursor: Any
    done: int
    total: int


@dataclass(slots=True)
class Work:
    """A job that is being done: `arguments` as it was started with.

    `cursor` is None at the beginning, afterwards what the last chunk left: a function begins there, since it
    may be the second worker that does the job.
    """

    scope: Scope
    claim: Claim
    arguments: dict[str, Any]
    cursor: Any
    done: int
    total: int
    told: Told = untold
    _begun: float = field(default_factory=time.monotonic)
    _renewed: float = field(default_factory=time.monotonic)
    _moved: bool = False

    @classmethod
    def of(cls, scope: Scope, claimed: Claim, told: Told = untold) -> "Work":
        """The work of a claimed job."""
        row = claimed.job
        cursor = json.loads(row.cursor) if row.cursor else None
        return cls(scope, claimed, json.loads(row.arguments), cursor, row.done, row.total, told)

    @property
    def public_id(self) -> str:
        """What the job is called."""
        return self.claim.job.public_id

    @contextmanager
    def chunk(self) -> Iterator[Chunk]:
        """A part of the work: what is written inside is committed together with the cursor, or not at all.

        Nothing else of the job can be at work meanwhile. Raises Stopped where somebody has cancelled, and
        NoRoom where the disk is all but full.
        """
        room.refuse_without_room()
        with entered(self.scope, write=True) as writing:
            held = claiming.hold(self.claim)
            if held.stopping:
                raise Stopped
            part = Chunk(writing, self.cursor, self.done, self.total)
            yield part
            writing.flush()
            claiming.advance(self.claim, cursor=json.dumps(part.cursor), done=part.done, total=part.total)
            noted(held)
            writing.commit()
        self.cursor, self.done, self.total = part.cursor, part.done, part.total
        self._renewed, self._moved = time.monotonic(), True
        self.told(self.done, self.total)

    def beat(self) -> None:
        """Say, between chunks and outside of frames, that this worker is alive. Raises Stopped and Lost."""
        if time.monotonic() - self._renewed > claiming.lease().total_seconds() / 4:
            if claiming.renew(self.claim):
                raise Stopped
            self._renewed = time.monotonic()

    def give_way(self) -> None:
        """Let others go first, between chunks, where this worker has got on and been at the job for TURN
        seconds: it is gone on with at the cursor. For work that takes hours. Raises GaveWay."""
        if self._moved and time.monotonic() - self._begun > TURN:
            raise GaveWay

    def through(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The things, with a beat now and then: for long passes that write nothing."""
        for number, thing in enumerate(things):
            if not number % _OFTEN:
                self.beat()
            yield thing
