"""Which tiles a dashboard has: those of modules that are on, and of those that something is wrong with."""

from typing import TYPE_CHECKING

from orion.contracts.scope import Scope

if TYPE_CHECKING:
    from orion.manifest.model import Metric
    from orion.registry import Registry


def tiles(registry: "Registry", scope: Scope, frontend: str) -> "tuple[Metric, ...]":
    """The metrics that this person sees here, in order. Computes none.

    A tile of a quarantined module keeps its place: somebody looked at that figure yesterday, and a
    tile that is missing would not say why.
    """
    shown = {metric.query: metric for metric in registry.tiles(scope, frontend)}
    for metric in _broken(registry, scope):
        if frontend in metric.frontends:
            shown.setdefault(metric.query, metric)
    return tuple(sorted(shown.values(), key=lambda metric: (metric.order, metric.query)))


def find(registry: "Registry", scope: Scope, query: str) -> "Metric | None":
    """A metric by its name: of a module that is on, or of a quarantined one that this person would see."""
    return registry.metric(query) or next((m for m in _broken(registry, scope) if m.query == query), None)


def is_broken(registry: "Registry", metric: "Metric") -> bool:
    """Whether the metric's module is quarantined."""
    return registry.state(metric.module) == "quarantined"


def _broken(registry: "Registry", scope: Scope) -> "list[Metric]":
    return [
        metric
        for code, manifest in registry.manifests.items()
        if registry.state(code) == "quarantined" and _wanted(registry, scope, code)
        for metric in manifest.metrics
        if not metric.permission or scope.allows(metric.permission)
    ]


def _wanted(registry: "Registry", scope: Scope, code: str) -> bool:
    """Whether the platform that was asked for has the module, if it were in order."""
    platform = registry.platforms.get(scope.platform.code) if scope.platform else None
    return platform is None or platform.modules.get(code, True)
