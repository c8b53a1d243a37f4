"""What the tables of tenancy have in common."""

from datetime import UTC, datetime
from typing import Any

from orion.contracts.models import module_base

Base: Any = module_base(__name__)

LEVELS = ("installation", "platform", "vendor")


def now() -> datetime:
    """This moment in UTC, aware."""
    return datetime.now(UTC)
