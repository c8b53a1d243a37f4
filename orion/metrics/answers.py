"""From questions to results: the cache first, then the metric itself, and at last what is remembered."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orion.contracts.metrics import MetricValue
from orion.metrics.breaker import Trouble
from orion.metrics.machine import Machine
from orion.metrics.memory import Remembered
from orion.metrics.question import Question
from orion.metrics.results import Failure, Result
from orion.metrics.runner import MetricFailed

#: Failures that say nothing new about the metric.
UNCOUNTED = frozenset({"paused"})


@dataclass(frozen=True, slots=True)
class _Failed:
    """A question without an answer, until the memory has been asked."""

    question: Question
    kind: str
    seconds: float = 0.0


def answers(machine: Machine, asked: Sequence[Question | Result], until: float | None = None) -> list[Result]:
    """The results, in order; what already is a result stays as it is. Never raises for a metric's fault.

    `until` is the monotonic time after which no metric is begun any more.
    """
    keys = [key for item in asked if isinstance(item, Question) and (key := item.cache_key)]
    kept = machine.cache.get(keys)
    found: list[Result | _Failed] = []
    for item in asked:
        if isinstance(item, Question):
            answer = kept.get(item.cache_key or "")
            found.append(_ok(item, *answer) if answer else _run(machine, item, until))
        else:
            found.append(item)
    failed = [item for item in found if isinstance(item, _Failed)]
    memories = machine.memory.recall([key for f in failed for key in _keys(f.question)]) if failed else {}
    return [_failure(machine, item, memories) if isinstance(item, _Failed) else item for item in found]


def _keys(question: Question) -> tuple[str, str]:
    return question.memory_key, question.place_key


def _run(machine: Machine, question: Question, until: float | None) -> Result | _Failed:
    module = question.metric.module
    if question.provider is None:
        return _Failed(question, "quarantined")
    machine.noticed(module, wrong=False)
    budget = machine.runner.budget(question)
    left = budget if until is None else min(budget, until - time.monotonic())
    if left <= 0:
        return _retry(question)
    if not machine.breaker.admits(question.place_key):
        return _Failed(question, "paused")
    try:
        value = machine.runner.run(question, left)
    except MetricFailed as error:
        # With less time than its own it isn't to blame: it will be asked again, alone.
        short = error.kind == "slow" and left < budget
        return _retry(question) if short else _Failed(question, error.kind, error.seconds)
    return _good(machine, question, value)


def _good(machine: Machine, question: Question, value: MetricValue) -> Result:
    at = question.now
    if machine.breaker.succeeded(question.place_key):
        machine.memory.keep_trouble(question.place_key, None)
    machine.memory.keep_value(question.memory_key, value, at)
    if question.cache_key:
        machine.cache.put(question.cache_key, value, at, question.metric.fresh_for)
    return _ok(question, value, at)


def _failure(machine: Machine, failed: _Failed, memories: dict[str, Remembered]) -> Result:
    question = failed.question
    last = memories.get(question.memory_key, Remembered())
    since = _since(machine, failed, memories.get(question.place_key, Remembered()).trouble)
    module = question.metric.module
    failure = Failure(failed.kind, module, since, last.value, last.value_at if last.value else None)
    at = failure.last_good_at or question.now
    return Result(question.query, "failed", question.metric, None, question.asked_period, at, failure)


def _since(machine: Machine, failed: _Failed, elsewhere: Trouble | None) -> datetime | None:
    key = failed.question.place_key
    if failed.kind == "quarantined":
        return machine.noticed(failed.question.metric.module)
    if failed.kind in UNCOUNTED:
        known = machine.breaker.trouble(key) or elsewhere
        return known.since if known else None
    trouble = machine.breaker.failed(key, failed.seconds, elsewhere)
    machine.memory.keep_trouble(key, trouble)
    return trouble.since


def _ok(question: Question, value: MetricValue, at: datetime) -> Result:
    return Result(question.query, "ok", question.metric, value, question.asked_period, at)


def _retry(question: Question) -> Result:
    return Result(question.query, "retry", question.metric, period=question.asked_period)
