"""The aggregator: whatever a metric does, its own result says so and nothing else notices."""

import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, select, text

from orion.contracts.metrics import MetricContext, MetricValue, Part
from orion.contracts.scope import VendorRef
from orion.data import bookkeeping
from orion.data.engine_tables import metric_state
from orion.metrics import runner
from orion.registry import State

from .stage import NOON, Stage

pytestmark = pytest.mark.by_turns

ENDLESS = {
    "sqlite": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(20)",
}


def one(scope: Any, context: MetricContext) -> MetricValue:
    return MetricValue(1)


def broken(scope: Any, context: MetricContext) -> MetricValue:
    raise ZeroDivisionError("nothing to divide by")


def endless_sql(scope: Any, context: MetricContext) -> MetricValue:
    context.session.execute(text(ENDLESS[context.session.get_bind().dialect.name]))
    return MetricValue(1)


def endless_python(scope: Any, context: MetricContext) -> MetricValue:
    while True:
        pass


# -- healthy --------------------------------------------------------------------------------------


def test_an_answer_comes_with_its_moment_and_period(stage: Stage) -> None:
    stage.metric("sales", period=True)(lambda scope, context: MetricValue(3, previous=2))
    result = stage.ask("sales", "7d")
    assert (result.state, result.value) == ("ok", MetricValue(3, previous=2))
    assert result.as_of == NOON
    assert result.period == stage.period("7d")
    assert not result.stale


def test_a_metric_gets_scope_period_session_and_moment(stage: Stage) -> None:
    seen: list[MetricContext] = []

    @stage.metric("sales", period=True)
    def sales(scope: Any, context: MetricContext) -> MetricValue:
        assert scope is context.scope
        seen.append(context)
        return MetricValue(context.session.scalar(select(1)))

    assert stage.ask("sales", "7d").state == "ok"
    assert (seen[0].scope, seen[0].period, seen[0].now) == (stage.scope, stage.period("7d"), NOON)


def test_a_metric_cannot_write(stage: Stage) -> None:
    @stage.metric("sales")
    def sales(scope: Any, context: MetricContext) -> MetricValue:
        context.session.execute(metric_state.insert().values(key="forged", failures=0))
        context.session.commit()
        return MetricValue(1)

    assert stage.ask("sales").failure.kind == "raised"  # type: ignore[union-attr]


def test_the_function_is_looked_up_at_each_call(stage: Stage) -> None:
    stage.metric("sales")(one)
    assert stage.ask("sales").value == MetricValue(1)

    def two(scope: Any, context: MetricContext) -> MetricValue:
        return MetricValue(2)

    two.__module__ = stage.functions.__name__
    stage.functions.sales = two  # type: ignore[attr-defined]
    stage.wrote()
    assert stage.ask("sales").value == MetricValue(2)


def test_a_good_answer_costs_its_own_statement_alone(stage: Stage, count_sql: Any) -> None:
    stage.metric("sales")(lambda scope, context: MetricValue(context.session.scalar(select(1))))
    with count_sql(stage.app) as statements:
        assert stage.ask("sales").state == "ok"
        seen = [s for s in statements if "orion_metric_state" not in s and "SAVEPOINT" not in s]
    assert len(seen) == 1


def test_several_are_answered_in_the_order_asked_and_each_once(stage: Stage) -> None:
    for name in ("a", "b", "c"):
        stage.metric(name)(one)
    results = stage.ask_many("c", "a", "c", "b")
    assert [r.query for r in results] == ["shop.c", "shop.a", "shop.b"]


# -- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(2), KeyboardInterrupt(), MemoryError()])
def test_a_metric_that_raises_fails_alone(stage: Stage, error: BaseException) -> None:
    @stage.metric("bad")
    def bad(scope: Any, context: MetricContext) -> MetricValue:
        raise error

    stage.metric("good")(one)
    results = stage.ask_many("bad", "good")
    assert [r.state for r in results] == ["failed", "ok"]
    failure = results[0].failure
    assert failure is not None
    assert (failure.kind, failure.module, failure.since) == ("raised", "shop", NOON)


def test_a_statement_that_runs_for_ever_is_stopped(stage: Stage) -> None:
    stage.hurry()
    stage.metric("bad")(endless_sql)
    stage.metric("good")(lambda scope, context: MetricValue(context.session.scalar(select(5))))
    began = time.monotonic()
    result = stage.ask("bad")
    assert time.monotonic() - began < 1.0
    assert result.failure is not None
    assert result.failure.kind == "slow"
    stage.take_time()
    assert stage.ask("good").value == MetricValue(5)


def test_a_loop_that_runs_for_ever_is_given_up_and_ended(stage: Stage) -> None:
    stage.hurry()
    stage.metric("bad")(endless_python)
    began = time.monotonic()
    result = stage.ask("bad")
    assert time.monotonic() - began < 1.2
    assert result.failure is not None
    assert result.failure.kind == "slow"
    stuck = stage.machine.runner._stuck["shop.bad"]
    assert all(run.done.wait(5) for run in stuck)


def test_what_hangs_where_python_cannot_reach_takes_one_thread_only(stage: Stage) -> None:
    stage.hurry()

    @stage.metric("bad")
    def bad(scope: Any, context: MetricContext) -> MetricValue:
        stage.release.wait(30)
        return MetricValue(1)

    assert stage.ask("bad").failure.kind == "slow"  # type: ignore[union-attr]
    began = time.monotonic()
    assert stage.ask("bad").failure.kind == "hanging"  # type: ignore[union-attr]
    assert time.monotonic() - began < 0.3
    assert stage.calls == ["bad"]
    stuck = stage.machine.runner._stuck["shop.bad"]
    stage.release.set()
    assert all(run.done.wait(5) for run in stuck)
    assert stage.ask("bad").state == "ok"


def test_garbage_is_a_failure(stage: Stage) -> None:
    stage.metric("bad")(lambda scope, context: "<script>")
    assert stage.ask("bad").failure.kind == "garbage"  # type: ignore[union-attr]


def test_a_metric_without_a_function_fails(stage: Stage) -> None:
    stage.metric("bad")(one)
    del stage.functions.bad  # type: ignore[attr-defined]
    assert stage.ask("bad").failure.kind == "raised"  # type: ignore[union-attr]


def test_all_failing_at_once_is_answered_with_one_statement_of_our_own(stage: Stage, count_sql: Any) -> None:
    for name in ("a", "b", "c", "d"):
        stage.metric(name)(broken)
    with count_sql(stage.app) as statements:
        results = stage.ask_many("a", "b", "c", "d")
        reads = [s for s in statements if s.startswith("SELECT")]
    assert {r.state for r in results} == {"failed"}
    assert len(reads) == 1


def test_a_failing_statement_leaves_the_next_metric_alone(stage: Stage) -> None:
    stage.metric("bad")(lambda scope, context: context.session.execute(text("SELECT nonsense FROM nowhere")))
    stage.metric("good")(lambda scope, context: MetricValue(context.session.scalar(select(5))))
    assert [r.state for r in stage.ask_many("bad", "good")] == ["failed", "ok"]


# -- time -----------------------------------------------------------------------------------------


def test_what_a_batch_has_no_time_to_begin_is_to_be_asked_again(stage: Stage) -> None:
    stage.hurry()
    stage.metric("bad")(endless_python)
    stage.metric("good")(one)
    results = stage.ask_many("bad", "good", seconds=0.3)
    assert [r.state for r in results] == ["retry", "retry"]
    assert stage.calls == ["bad"]


def test_a_metric_that_was_cut_short_by_its_batch_is_not_blamed(stage: Stage) -> None:
    stage.hurry()
    stage.metric("bad")(endless_python)
    for _ in range(3):
        stage.ask_many("bad", seconds=0.05)
        assert all(run.done.wait(5) for run in stage.machine.runner._stuck["shop.bad"])
    assert stage.machine.breaker._troubles == {}


def test_two_that_hang_do_not_take_the_others_with_them(stage: Stage) -> None:
    stage.hurry()
    stage.metric("bad")(endless_python)
    stage.metric("good")(one)
    began = time.monotonic()
    results = stage.ask_many("bad", "good")
    assert time.monotonic() - began < 1.5
    assert [r.state for r in results] == ["failed", "ok"]


def test_a_slow_metric_has_more_time(stage: Stage) -> None:
    stage.metric("fast")(one)
    stage.metric("slow", cost="slow")(one)
    fast, slow = (stage.machine.runner.budget(stage.question(name)) for name in ("fast", "slow"))
    assert slow == runner.SLOW * fast


# -- the breaker ----------------------------------------------------------------------------------


def test_after_three_failures_it_is_left_alone_for_a_minute(stage: Stage) -> None:
    stage.metric("bad")(broken)
    kinds = [stage.ask("bad").failure.kind for _ in range(5)]  # type: ignore[union-attr]
    assert kinds == ["raised", "raised", "raised", "paused", "paused"]
    assert len(stage.calls) == 3
    stage.forward(61)
    assert stage.ask("bad").failure.kind == "raised"  # type: ignore[union-attr]
    assert len(stage.calls) == 4


def test_a_metric_that_works_again_is_shown_again(stage: Stage) -> None:
    stage.metric("bad")(broken)
    for _ in range(4):
        stage.ask("bad")
    stage.metric("bad")(one)
    stage.forward(61)
    assert stage.ask("bad").state == "ok"
    stage.wrote()
    assert stage.ask("bad").state == "ok"


def test_hanging_for_two_seconds_opens_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.hurry()
    monkeypatch.setattr("orion.metrics.breaker.HANGING", 0.3)

    @stage.metric("bad")
    def bad(scope: Any, context: MetricContext) -> MetricValue:
        stage.release.wait(30)
        return MetricValue(1)

    assert stage.ask("bad").failure.kind == "slow"  # type: ignore[union-attr]
    assert stage.ask("bad").failure.kind == "paused"  # type: ignore[union-attr]


def test_another_process_learns_of_it_at_its_first_failure(stage: Stage) -> None:
    stage.metric("bad")(broken)
    for _ in range(3):
        stage.ask("bad")
    stage.settle()
    stage.forward(10)
    stage.new_process()
    result = stage.ask("bad")
    assert result.failure is not None
    assert result.failure.since == NOON
    assert stage.ask("bad").failure.kind == "paused"  # type: ignore[union-attr]


def test_one_vendor_s_trouble_is_not_another_s(stage: Stage) -> None:
    @stage.metric("sales")
    def sales(scope: Any, context: MetricContext) -> MetricValue:
        if scope.vendor.code == "ACME":
            raise ValueError
        return MetricValue(1)

    for _ in range(4):
        stage.ask("sales")
    other = replace(stage.scope, vendors=frozenset({2}), vendor=VendorRef(2, "OTHER", "Other"))
    assert stage.ask("sales", scope=other).state == "ok"


# -- the last good value --------------------------------------------------------------------------


def test_a_failure_shows_the_last_good_value_with_its_age(stage: Stage) -> None:
    stage.metric("sales", period=True)(lambda scope, context: MetricValue(42))
    stage.ask("sales")
    stage.settle()
    stage.metric("sales", period=True)(broken)
    stage.wrote()
    stage.forward(300)
    result = stage.ask("sales")
    assert result.failure is not None
    assert (result.failure.last_good, result.failure.last_good_at) == (MetricValue(42), NOON)
    assert result.stale
    assert result.as_of == NOON


def test_the_last_good_value_outlives_the_process(stage: Stage) -> None:
    stage.metric("sales")(lambda scope, context: MetricValue(42))
    stage.ask("sales")
    stage.settle()
    stage.new_process()
    stage.metric("sales")(broken)
    assert stage.ask("sales").shown == MetricValue(42)


def test_the_last_good_value_of_another_period_or_vendor_is_not_shown(stage: Stage) -> None:
    stage.metric("sales", period=True)(lambda scope, context: MetricValue(42))
    stage.ask("sales", "30d")
    stage.settle()
    stage.metric("sales", period=True)(broken)
    stage.wrote()
    assert stage.ask("sales", "7d").shown is None
    other = replace(stage.scope, vendors=frozenset({2}))
    assert stage.ask("sales", "30d", other).shown is None
    fewer = replace(stage.scope, permissions=frozenset({"shop.view", "shop.more"}))
    assert stage.ask("sales", "30d", fewer).shown is None


def test_the_good_values_of_a_dashboard_are_written_together(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, notes = ("first", "second", "third"), set()
    for name in names:
        stage.metric(name)(one)
    monkeypatch.setattr(bookkeeping, "later", lambda _app, _note, key: notes.add(key))
    stage.ask_many(*names)
    assert notes == {"metric values"}


def test_good_values_are_written_once_a_minute_at_most(stage: Stage) -> None:
    numbers = iter(range(10))
    stage.metric("sales")(lambda scope, context: MetricValue(next(numbers)))
    for seconds in (0, 30, 40):
        stage.forward(seconds)
        stage.wrote()
        stage.ask("sales")
        stage.settle()
        assert stage.remembered("sales") == MetricValue({0: 0, 30: 0, 40: 2}[seconds])


def test_a_memory_that_cannot_be_read_takes_only_the_last_good_value_with_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.metric("bad")(broken)
    monkeypatch.setattr("orion.metrics.memory.metric_state", Table("gone", MetaData(), *_columns()))
    result = stage.ask("bad")
    assert result.failure is not None
    assert (result.failure.kind, result.failure.last_good) == ("raised", None)
    stage.settle()


def _columns() -> list[Column[Any]]:
    return [
        Column(column.name, column.type, primary_key=column.primary_key) for column in metric_state.columns
    ]


# -- who may see what -----------------------------------------------------------------------------


def test_what_nobody_declares_is_off(stage: Stage) -> None:
    stage.metric("sales")(one)
    assert stage.ask("forged").state == "off"


def test_a_metric_of_another_frontend_is_off(stage: Stage) -> None:
    stage.metric("sales", frontends=("admin",))(one)
    assert stage.ask("sales").state == "off"


def test_without_the_permission_it_is_forbidden_and_not_run(stage: Stage) -> None:
    stage.metric("sales")(one)
    assert stage.ask("sales", scope=replace(stage.scope, permissions=frozenset())).state == "forbidden"
    assert stage.calls == []


def test_without_the_module_or_the_feature_it_is_off(stage: Stage) -> None:
    stage.metric("sales", feature="shop_extra")(one)
    assert stage.ask("sales").state == "off"
    with_feature = replace(stage.scope, features=frozenset({"shop", "shop.shop_extra"}))
    assert stage.ask("sales", scope=with_feature).state == "ok"
    assert stage.ask("sales", scope=replace(stage.scope, features=frozenset())).state == "off"


def test_a_quarantined_module_s_tile_says_so_and_keeps_its_last_good_value(stage: Stage) -> None:
    stage.metric("sales")(lambda scope, context: MetricValue(42))
    stage.ask("sales")
    stage.settle()
    stage.register(State.QUARANTINED, version="2")
    stage.scope = replace(stage.scope, features=frozenset())
    result = stage.ask("sales")
    assert result.failure is not None
    assert (result.failure.kind, result.failure.since) == ("quarantined", NOON)
    assert result.shown == MetricValue(42)
    assert stage.ask("sales", scope=replace(stage.scope, permissions=frozenset())).state == "off"


def test_all_answers_every_tile_that_the_person_sees(stage: Stage) -> None:
    stage.metric("b", order=2)(one)
    stage.metric("a", order=3)(broken)
    stage.metric("c", permission="shop.secret")(one)
    stage.metric("d", frontends=("admin",))(one)
    with stage.app.app_context():
        results = stage.service.all(stage.scope, "vendor", stage.period())
    assert [(r.query, r.state) for r in results] == [("shop.b", "ok"), ("shop.a", "failed")]


# -- words ----------------------------------------------------------------------------------------


def test_labels_are_in_the_language_of_whoever_asks(stage: Stage) -> None:
    from flask_babel import force_locale, get_locale

    class Language:
        def __str__(self) -> str:
            return str(get_locale())

    stage.metric("states", kind="status")(
        lambda scope, context: MetricValue(1, parts=[Part("open", 1, Language())])
    )
    for language in ("de", "fr"):
        with stage.app.app_context(), force_locale(language):
            result = stage.service.one(stage.scope, "vendor", "shop.states", stage.period())
            assert result.value is not None
            assert result.value.parts[0].label == language
