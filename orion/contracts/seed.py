"""What a module's seed.py gets: `def seed(context: SeedContext) -> None`."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from orion.contracts.scope import Scope


@dataclass(frozen=True, slots=True)
class SeedContext:
    """Everything that seeds may depend on, so that the same call makes the same rows.

    Each seed enters its own frames (`entered(context.scope(...), write=True)`) and commits them.
    `demo` allows the well-known logins; it is true in the demo and in tests alone.
    `vendors` and `orders` ask for that many in all, beyond the named ones; None means what `size` says.
    """

    rng: random.Random
    now: datetime
    today: date
    size: str
    demo: bool
    scope: Callable[..., Scope]
    vendors: int | None = None
    orders: int | None = None
