"""Taking back what was done to stock."""

from datetime import UTC, datetime

from modules.inventory import services
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("inventory.move")
def movement(scope: Scope, batch: str) -> None:
    """Move back what a batch of movements moved."""
    services.take_back(scope, batch, now=datetime.now(UTC))
