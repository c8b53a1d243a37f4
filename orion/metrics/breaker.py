"""The breaker: what failed again and again is left alone for a while, so that it costs nothing."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blinker import Signal

#: Sent by a breaker that opens.
opened = Signal()
#: So many failures in a row, or so many seconds of hanging, open it for so long.
FAILURES = 3
HANGING = 2.0
OPEN_FOR = timedelta(seconds=60)
#: How long others wait for the one that tries again.
TRIAL = timedelta(seconds=5)
#: Troubles that a process keeps in mind.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """A metric that fails at a place, since when, and until when it isn't asked."""

    failures: int
    since: datetime
    open_until: datetime | None = None
    trial_until: datetime | None = None


class Breaker:
    """Troubles by key. A key without trouble costs one look into a dictionary."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._troubles: OrderedDict[str, Trouble] = OrderedDict()
        self._lock = threading.Lock()

    def trouble(self, key: str) -> Trouble | None:
        """What is the matter with a key, if anything is."""
        return self._troubles.get(key)

    def admits(self, key: str) -> bool:
        """Whether it may be asked now. After the pause one question is let through, to try."""
        if key not in self._troubles:
            return True
        with self._lock:
            trouble, now = self._troubles.get(key), self._clock()
            if trouble is None or trouble.open_until is None:
                return True
            if now < trouble.open_until or (trouble.trial_until is not None and now < trouble.trial_until):
                return False
            self._troubles[key] = replace(trouble, trial_until=now + TRIAL)
            return True

    def failed(self, key: str, hung: float = 0.0, elsewhere: Trouble | None = None) -> Trouble:
        """Note a failure, `hung` seconds long; `elsewhere` is what other processes know of it."""
        with self._lock:
            now = self._clock()
            known = _both(self._troubles.get(key), elsewhere) or Trouble(0, now)
            failures = known.failures + 1
            opens = failures >= FAILURES or hung >= HANGING
            until = now + OPEN_FOR if opens else known.open_until
            self._troubles[key] = trouble = Trouble(failures, known.since, until)
            self._troubles.move_to_end(key)
            while len(self._troubles) > MOST:
                self._troubles.popitem(last=False)
        if opens:
            opened.send(self)
        return trouble

    def succeeded(self, key: str) -> bool:
        """Note a good answer; True when there had been trouble."""
        if key not in self._troubles:
            return False
        with self._lock:
            return self._troubles.pop(key, None) is not None


def _both(here: Trouble | None, there: Trouble | None) -> Trouble | None:
    if here is None or there is None:
        return here or there
    untils = [until for until in (here.open_until, there.open_until) if until is not None]
    return Trouble(
        max(here.failures, there.failures), min(here.since, there.since), max(untils, default=None)
    )
