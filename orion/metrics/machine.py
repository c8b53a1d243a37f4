"""What lives as long as the application: threads, cache, breaker and memory, with one clock."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from orion.metrics.breaker import Breaker
from orion.metrics.cache import ValueCache, backend
from orion.metrics.memory import Memory
from orion.metrics.runner import Runner
from orion.settings import Settings

Clock = Callable[[], datetime]


class Machine:
    """`app.extensions["orion_metrics"]`. Times are in seconds; `clock` may be replaced."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.clock: Clock = lambda: datetime.now(UTC)
        self.batch_deadline = settings.batch_deadline
        self.runner = Runner(app, settings.metric_statement_deadline, settings.metric_deadline)
        self.cache = ValueCache(backend(settings.cache_url))
        self.breaker = Breaker(self.now)
        self.memory = Memory(app, self.now)
        self._noticed: dict[str, datetime] = {}

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.clock()

    def noticed(self, what: str, wrong: bool = True) -> datetime | None:
        """Since when this process knows that something is wrong; `wrong=False` ends it."""
        if wrong:
            return self._noticed.setdefault(what, self.now())
        self._noticed.pop(what, None)
        return None
