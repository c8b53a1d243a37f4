"""The cache: never older than a write, never another person's, and never a fault."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from orion.contracts.metrics import MetricContext, MetricValue
from orion.metrics.cache import ValueCache, backend
from orion.testing import need

from .stage import NOON, Stage

REDIS = "redis://127.0.0.1:6379/5"


@pytest.fixture
def counter(stage: Stage) -> Stage:
    """A metric `sales` that answers how often it was asked."""

    @stage.metric("sales", period=True)
    def sales(scope: Any, context: MetricContext) -> MetricValue:
        return MetricValue(len(stage.calls))

    return stage


def test_the_same_question_is_computed_once(counter: Stage) -> None:
    assert [counter.ask("sales").value for _ in range(3)] == [MetricValue(1)] * 3


def test_the_moment_of_a_kept_answer_is_the_moment_it_was_computed(counter: Stage) -> None:
    counter.ask("sales")
    counter.forward(100)
    assert counter.ask("sales").as_of == NOON


def test_a_write_to_the_module_s_rows_is_seen_at_once(counter: Stage) -> None:
    counter.ask("sales")
    counter.wrote()
    assert counter.ask("sales").value == MetricValue(2)


def test_a_write_to_another_module_s_rows_leaves_it(counter: Stage) -> None:
    counter.ask("sales")
    counter.wrote("other")
    assert counter.ask("sales").value == MetricValue(1)


def test_a_scope_that_knows_no_versions_gets_nothing_kept(counter: Stage) -> None:
    unknown = replace(counter.scope, versions={})
    assert [counter.ask("sales", scope=unknown).value for _ in range(2)] == [MetricValue(1), MetricValue(2)]


@pytest.mark.parametrize(
    "change",
    [
        {"vendors": frozenset({2})},
        {"platforms": frozenset({2})},
        {"permissions": frozenset({"shop.view", "shop.more"})},
        {"features": frozenset({"shop", "shop.more"})},
        {"zone": "Asia/Tokyo"},
        {"currency": "USD"},
    ],
)
def test_another_place_or_person_has_another_answer(counter: Stage, change: dict[str, Any]) -> None:
    counter.ask("sales")
    assert counter.ask("sales", scope=replace(counter.scope, **change)).value == MetricValue(2)


def test_the_same_rights_share_an_answer(counter: Stage) -> None:
    counter.ask("sales")
    assert counter.ask("sales", scope=replace(counter.scope, user_id=8)).value == MetricValue(1)


def test_another_period_has_another_answer(counter: Stage) -> None:
    counter.ask("sales", "30d")
    assert counter.ask("sales", "7d").value == MetricValue(2)


def test_a_metric_without_a_period_has_one_answer_for_all(counter: Stage) -> None:
    counter.metric("stock")(lambda scope, context: MetricValue(len(counter.calls)))
    assert counter.ask("stock", "30d").value == counter.ask("stock", "7d").value
    assert counter.ask("stock", "7d").period is None


def test_an_edited_manifest_empties_it(counter: Stage) -> None:
    counter.ask("sales")
    counter.register(version="2")
    assert counter.ask("sales").value == MetricValue(2)


def test_fresh_for_ends_an_answer_after_so_many_seconds(counter: Stage) -> None:
    counter.metric("age", fresh_for=60)(lambda scope, context: MetricValue(len(counter.calls)))
    assert counter.ask("age").value == MetricValue(1)
    counter.forward(59)
    assert counter.ask("age").value == MetricValue(1)
    counter.forward(2)
    assert counter.ask("age").value == MetricValue(2)


def test_fresh_for_does_not_hide_a_write(counter: Stage) -> None:
    counter.metric("age", fresh_for=3600)(lambda scope, context: MetricValue(len(counter.calls)))
    counter.ask("age")
    counter.wrote()
    assert counter.ask("age").value == MetricValue(2)


def test_a_failure_is_not_kept(counter: Stage) -> None:
    def broken(scope: Any, context: MetricContext) -> MetricValue:
        raise ValueError

    counter.metric("bad")(broken)
    counter.ask("bad")
    counter.metric("bad")(lambda scope, context: MetricValue(1))
    assert counter.ask("bad").state == "ok"


def test_a_kept_answer_costs_no_statement(counter: Stage, count_sql: Any) -> None:
    counter.ask("sales")
    counter.settle()
    with count_sql(counter.app) as statements:
        counter.ask("sales")
    assert statements == []


# -- Redis ----------------------------------------------------------------------------------------


@pytest.fixture
def shared(stage: Stage) -> Iterator[Stage]:
    """A stage whose processes share a Redis."""
    try:
        Redis.from_url(REDIS).ping()
    except RedisError:
        need("Redis", False)
    stage.settings = replace(stage.settings, cache_url=REDIS)
    # A vendor of this test's own: the Redis may hold what other tests left there.
    stage.scope = replace(stage.scope, vendors=frozenset({uuid.uuid4().int % 10**12}))
    stage.new_process()
    yield stage


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_processes_share_what_redis_keeps(shared: Stage) -> None:
    shared.metric("sales")(lambda scope, context: MetricValue(len(shared.calls)))
    shared.ask("sales")
    shared.new_process()
    assert shared.ask("sales").value == MetricValue(1)


def test_a_redis_that_is_away_is_an_empty_cache(stage: Stage) -> None:
    stage.metric("sales")(lambda scope, context: MetricValue(len(stage.calls)))
    stage.machine.cache = ValueCache(backend("redis://127.0.0.1:1/0"))
    assert [stage.ask("sales").value for _ in range(2)] == [MetricValue(1), MetricValue(2)]


def test_what_another_version_of_orion_wrote_is_computed_anew(stage: Stage) -> None:
    stage.metric("sales")(lambda scope, context: MetricValue(len(stage.calls)))
    stage.ask("sales")
    key = stage.question("sales").cache_key
    assert key
    for text in ("nonsense", '["x", "y"]', '[{"value": []}, "2026"]'):
        stage.machine.cache._cache.set(key, text)
        assert stage.ask("sales").state == "ok"
    assert len(stage.calls) == 4


def test_a_cache_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="ORION_CACHE_URL"):
        backend("memcached://x")
