"""The engine's own MetricsProviderProtocol: a module's metrics.py."""

import inspect
from collections.abc import Sequence
from types import ModuleType

from orion.contracts.metrics import MetricContext, MetricValue


class ModuleProvider:
    """Answers `orders.revenue` with the function `revenue` of the module's metrics.py.

    The function is looked up at each call, so that what the module says now is what counts.
    """

    def __init__(self, module: str, functions: ModuleType | None) -> None:
        self.module = module
        self._functions = functions

    def names(self) -> Sequence[str]:
        """The public functions that metrics.py defines itself."""
        found = vars(self._functions) if self._functions else {}
        return tuple(
            name for name, value in found.items() if not name.startswith("_") and self._is_own(value)
        )

    def query(self, name: str, context: MetricContext) -> MetricValue:
        """Ask the function. Raises LookupError when there is none, and whatever the function raises."""
        function = None if name.startswith("_") else getattr(self._functions, name, None)
        if function is None or not self._is_own(function):
            raise LookupError(f"{self.module} has no metric {name!r}")
        value: MetricValue = function(context.scope, context)
        return value

    def _is_own(self, value: object) -> bool:
        return (
            inspect.isfunction(value)
            and self._functions is not None
            and value.__module__ == self._functions.__name__
        )
