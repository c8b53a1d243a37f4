"""A stage for metrics: a registry with one module whose metrics the test writes, on a real database."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

from flask import Flask

from orion.contracts.metrics import MetricContext, MetricValue
from orion.contracts.periods import Period, resolve
from orion.contracts.scope import Scope, ScopeKind, VendorRef
from orion.data import bookkeeping
from orion.manifest.model import Manifest, Metric
from orion.metrics.aggregator import StatsAggregatorService
from orion.metrics.machine import Machine
from orion.metrics.provider import ModuleProvider
from orion.metrics.question import Question
from orion.metrics.results import Result
from orion.registry import ModuleState, Registry, State
from orion.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME = Scope(
    kind=ScopeKind.VENDOR,
    vendors=frozenset({1}),
    platforms=frozenset({1}),
    user_id=7,
    permissions=frozenset({"shop.view"}),
    features=frozenset({"shop"}),
    vendor=VendorRef(1, "ACME", "Acme"),
    versions={"shop": 1},
)


#: Time enough on any machine, for tests in which nothing hangs.
PATIENT = {"metric_statement_deadline": 10.0, "metric_deadline": 15.0, "batch_deadline": 30.0}


@dataclass
class Stage:
    """`stage.metric("sales")(function)`, then `stage.ask("sales")`."""

    app: Flask
    settings: Settings
    now: datetime = NOON
    scope: Scope = ACME
    release: threading.Event = field(default_factory=threading.Event)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.functions = ModuleType("stage_shop.metrics")
        self.metrics: dict[str, Metric] = {}
        self.registry = Registry("1", {}, {})
        self.app.extensions["orion"] = SimpleNamespace(registry=self.registry)
        self._real = self.settings
        self.settings = replace(self._real, **PATIENT)  # type: ignore[arg-type]
        self.machine = self.new_process()

    def hurry(self) -> None:
        """From now on with the deadlines that Orion really has."""
        self.settings = self._real
        self.new_process()

    def take_time(self) -> None:
        """Time enough again, for the process that is there."""
        runner = self.machine.runner
        runner._statement_deadline = PATIENT["metric_statement_deadline"]
        runner._deadline = PATIENT["metric_deadline"]

    def new_process(self) -> Machine:
        """What another process of the same installation has: nothing in common but the database."""
        machine = Machine(self.app, self.settings)
        machine.clock = lambda: self.now
        self.app.extensions["orion_metrics"] = machine
        self.machine = machine
        return machine

    def metric(self, name: str, **keys: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add a metric of the module `shop`: of kind count, without a period, for people with shop.view."""
        keys = {
            "kind": "count",
            "frontends": ("vendor",),
            "permission": "shop.view",
            "label": name.title(),
        } | keys

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            def counted(scope: Scope, context: MetricContext) -> MetricValue:
                self.calls.append(name)
                value: MetricValue = function(scope, context)
                return value

            counted.__module__ = self.functions.__name__
            setattr(self.functions, name, counted)
            self.metrics[name] = Metric(f"shop.{name}", label_key=f"shop.metrics.{name}", **keys)
            self.register()
            return function

        return add

    def register(self, state: State = State.ON, version: str = "1") -> None:
        """Swap the registry."""
        manifest = Manifest("shop", "Shop", "A shop.", "1.0.0", metrics=tuple(self.metrics.values()))
        provider = {"shop": ModuleProvider("shop", self.functions)} if state is State.ON else {}
        states = {"shop": ModuleState("shop", state)}
        self.registry = Registry(version, states, {"shop": manifest}, providers=provider)
        self.app.extensions["orion"].registry = self.registry

    def ask(self, name: str, period: str = "30d", scope: Scope | None = None) -> Result:
        """One answer, as a tile's own request gets it."""
        with self.app.app_context():
            return self.service.one(scope or self.scope, "vendor", f"shop.{name}", self.period(period))

    def ask_many(self, *names: str, seconds: float | None = None) -> list[Result]:
        """Several answers, as a batch gets them."""
        with self.app.app_context():
            queries = [f"shop.{name}" for name in names]
            return self.service.many(self.scope, "vendor", queries, self.period(), seconds)

    def question(self, name: str, period: str = "30d", scope: Scope | None = None) -> Question:
        """What the service makes of a question, before anything is answered."""
        with self.app.app_context():
            made = self.service._asked(scope or self.scope, "vendor", f"shop.{name}", self.period(period))
        assert isinstance(made, Question)
        return made

    def remembered(self, name: str) -> MetricValue | None:
        """The last good value that the database has."""
        key = self.question(name).memory_key
        with self.app.app_context():
            return self.machine.memory.recall([key])[key].value

    @property
    def service(self) -> StatsAggregatorService:
        return StatsAggregatorService(self.app)

    def period(self, key: str = "30d") -> Period:
        return resolve(key, "UTC", self.now)

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def wrote(self, module: str = "shop") -> None:
        """What a write does to the next request: it sees the next data version."""
        versions = dict(self.scope.versions)
        versions[module] = versions.get(module, 0) + 1
        self.scope = replace(self.scope, versions=versions)

    def settle(self) -> None:
        """Wait for what is written after the response."""
        assert bookkeeping.flush(self.app)
