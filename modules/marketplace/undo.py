"""Taking back what was decided on what is staged."""

from collections.abc import Mapping, Sequence

from modules.marketplace import services
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("marketplace.import")
def decisions(scope: Scope, before: Mapping[str, Sequence[int]]) -> None:
    """Give what is staged the decisions that it had."""
    for decision, ids in before.items():
        services.decide(scope, ids, decision)
