"""StatsAggregatorService: the one way to a metric's answer, for tiles, commands and JSON alike."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from flask import Flask
from flask_babel import get_locale

from orion.contracts.periods import Period, resolve
from orion.contracts.scope import Scope
from orion.i18n.catalogs import words_here
from orion.metrics import discovery
from orion.metrics.answers import answers
from orion.metrics.machine import Machine
from orion.metrics.question import Question
from orion.metrics.results import Result, answered

if TYPE_CHECKING:
    from orion.registry import Registry


class _HasRegistry(Protocol):
    registry: "Registry"


class StatsAggregatorService:
    """Asks the modules' providers, and never raises for a metric's fault.

    Only this service runs metrics: it finds them, keeps their time, and keeps their answers.
    """

    def __init__(
        self, app: Flask, registry: "Registry | None" = None, machine: Machine | None = None
    ) -> None:
        orion: _HasRegistry = app.extensions["orion"]
        self._registry = registry or orion.registry
        self._machine = machine or app.extensions["orion_metrics"]

    def one(self, scope: Scope, frontend: str, query: str, period: Period) -> Result:
        """The answer to one metric, within that metric's own time."""
        return _told(answers(self._machine, [self._asked(scope, frontend, query, period)]))[0]

    def many(
        self,
        scope: Scope,
        frontend: str,
        queries: Iterable[str],
        period: Period,
        seconds: float | None = None,
    ) -> list[Result]:
        """The answers to several, in their order, all within the batch's time (or `seconds`).

        What was not begun by then is answered as `retry`.
        """
        asked = [self._asked(scope, frontend, query, period) for query in dict.fromkeys(queries)]
        limit = self._machine.batch_deadline if seconds is None else seconds
        return _told(answers(self._machine, asked, time.monotonic() + limit))

    def all(self, scope: Scope, frontend: str, period: Period, seconds: float | None = None) -> list[Result]:
        """The answers to all metrics that this person sees on a dashboard."""
        tiles = discovery.tiles(self._registry, scope, frontend)
        return self.many(scope, frontend, [metric.query for metric in tiles], period, seconds)

    # -- what is asked ------------------------------------------------------------------------

    def _asked(self, scope: Scope, frontend: str, query: str, period: Period) -> Question | Result:
        metric = discovery.find(self._registry, scope, query)
        if metric is None or frontend not in metric.frontends:
            return Result(query, "off")
        if not discovery.is_broken(self._registry, metric) and not self._registry.allows(scope, metric):
            missing = metric.permission and scope.has(metric.module) and not scope.allows(metric.permission)
            return Result(query, "forbidden" if missing else "off", metric)
        now = self._machine.now()
        return Question(
            metric=metric,
            provider=self._registry.provider(metric.module),
            scope=scope,
            period=period if metric.period else resolve(None, scope.zone, now),
            now=now,
            locale=str(get_locale() or "en"),
            words=words_here().revision,
            registry=self._registry.version,
        )


def _told(results: list[Result]) -> list[Result]:
    for result in results:
        answered.send(result)
    return results
