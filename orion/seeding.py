"""Sample data from every module's own seed, in the order in which modules require each other."""

import random
from datetime import UTC, datetime

from flask import Flask

from orion.contracts.data import analyse
from orion.contracts.seed import SeedContext
from orion.installation import Installation


def seed(
    app: Flask,
    *,
    size: str = "small",
    demo: bool = False,
    vendors: int | None = None,
    orders: int | None = None,
    now: datetime | None = None,
) -> None:
    """Run the seeds of the modules that are on. `size` is small or large."""
    orion: Installation = app.extensions["orion"]
    now = now or datetime.now(UTC)
    with app.app_context():
        for code in orion.registry.on:
            function = orion.modules[code].functions("seed").get("seed")
            if function is not None:
                rng = random.Random(f"orion {code}")
                scope = orion.command_scope
                function(SeedContext(rng, now, now.date(), size, demo, scope, vendors, orders))
        analyse()
