"""What takes back a step of orders."""

from datetime import UTC, datetime

from flask_babel import ngettext

from modules.orders import services
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("orders.fulfil")
def step(scope: Scope, before: dict[str, str], action: str) -> str:
    """Put orders back to where they were before an action."""
    number = services.undo(scope, before, action, now=datetime.now(UTC))
    return ngettext("The order is back where it was.", "%(num)s orders are back where they were.", number)
