"""Running one metric: in a thread of its own, within its time, and with a checked answer."""

import logging
from contextlib import suppress
from functools import partial

from flask import Flask

from orion.contracts.metrics import MetricContext, MetricValue
from orion.data.database import entered
from orion.data.engines import DatabaseGone, DeadlineExceeded
from orion.i18n import speaking
from orion.metrics.question import Question
from orion.metrics.values import Garbage, checked
from orion.metrics.workers import Abandoned, Run, Workers

log = logging.getLogger("orion.metrics")
#: What a metric with `cost: slow` may take, in multiples of what others may.
SLOW = 2


class MetricFailed(Exception):
    """No answer. `kind` is raised, slow, hanging, garbage or away; `seconds` is how long it has hung."""

    def __init__(self, kind: str, seconds: float = 0.0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.seconds = seconds


class Runner:
    """Runs metrics. Both times are in seconds: a metric's statements, and a metric in all."""

    def __init__(self, app: Flask, statement_deadline: float, deadline: float) -> None:
        self._app = app
        self._statement_deadline = statement_deadline
        self._deadline = deadline
        self._workers = Workers("orion-metric")
        self._stuck: dict[str, list[Run]] = {}

    def budget(self, question: Question) -> float:
        """Seconds that this metric may take in all."""
        return self._deadline * self._factor(question)

    def run(self, question: Question, seconds: float) -> MetricValue:
        """The metric's answer, at the latest after so many seconds. Raises MetricFailed.

        While a run that was given up is still alive, the same metric isn't run again: what hangs
        must not take more than one thread.
        """
        self._refuse_stuck(question.metric.query)
        limit = min(self._statement_deadline * self._factor(question), seconds)
        run = self._workers.start(partial(self._answer, question, limit))
        if not run.done.wait(seconds):
            run.abandon()
            self._stuck.setdefault(question.metric.query, []).append(run)
            log.warning(
                "metric is slow", extra={"metric": question.metric.query, "seconds": round(run.age, 2)}
            )
            raise MetricFailed("slow", run.age)
        return _result(run, question.metric.query)

    def _factor(self, question: Question) -> int:
        return SLOW if question.metric.cost == "slow" else 1

    def _refuse_stuck(self, query: str) -> None:
        alive = [run for run in self._stuck.get(query, ()) if run.alive]
        if not alive:
            self._stuck.pop(query, None)
            return
        self._stuck[query] = alive
        for run in alive:
            run.abandon()  # again: the first blow may have been swallowed
        raise MetricFailed("hanging", max(run.age for run in alive))

    def _answer(self, question: Question, limit: float, run: Run) -> MetricValue:
        with (
            self._app.app_context(),
            speaking(question.locale),
            entered(question.scope, deadline=limit) as session,
        ):
            context = MetricContext(question.scope, question.period, session, question.now)
            try:
                return run.interruptible(partial(_ask, question, context))
            except Abandoned:
                with suppress(Exception):  # its connection may be in the middle of anything
                    session.invalidate()
                raise


def _ask(question: Question, context: MetricContext) -> MetricValue:
    if question.provider is None:
        raise LookupError(f"{question.metric.module} has no metrics")
    return checked(question.provider.query(question.metric.name, context), question.metric.kind)


def _result(run: Run, query: str) -> MetricValue:
    error = run.error
    if error is None:
        return run.value
    kind = _kind(error)
    log.warning("metric failed", extra={"metric": query, "kind": kind}, exc_info=error)
    raise MetricFailed(kind) from error


def _kind(error: BaseException) -> str:
    match error:
        case Garbage():
            return "garbage"
        case DeadlineExceeded() | Abandoned():
            return "slow"
        case DatabaseGone():
            return "away"
    return "raised"
