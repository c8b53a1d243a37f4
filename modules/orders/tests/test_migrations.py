"""What becomes of the rows of a portal that is older than its tables."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from orion.app import create_app
from orion.settings import Settings
from orion.testing import close
from orion.testing.older import Older, older

CHILDREN = {
    "orders_line": "order_id",
    "orders_event": "order_id",
    "orders_invoice": "order_id",
    "orders_shipment": "order_id",
    "orders_shipment_line": "shipment_id",
}


@pytest.fixture
def before_platforms(own_database: str, settings: Settings) -> Iterator[Older]:
    """A portal with rows from before keys within an order held the platform."""
    app = create_app(replace(settings, database_url=own_database))
    yield older(app, "orders", "orders_0002")
    close(app)


def test_rows_stay_as_they_are_and_strays_come_to_the_platform_of_their_order(
    before_platforms: Older,
) -> None:
    portal, here, there = before_platforms, before_platforms.world.here, before_platforms.world.there
    before = portal.rows()
    assert all(len(before[table]) >= 4 for table in ("orders_order", *CHILDREN))
    for table in CHILDREN:
        strays = f"UPDATE {table} SET platform_id = :there WHERE platform_id = :here"
        assert portal.run(strays, here=here, there=there) == 2
    portal.upgrade()
    assert portal.rows_like(before) == before


def test_afterwards_nothing_of_an_order_can_be_on_another_platform(before_platforms: Older) -> None:
    portal, here, there = before_platforms, before_platforms.world.here, before_platforms.world.there
    portal.upgrade()
    for table in CHILDREN:
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            portal.run(
                f"UPDATE {table} SET platform_id = :there WHERE platform_id = :here", here=here, there=there
            )
    assert portal.run("DELETE FROM orders_invoice") and portal.run("DELETE FROM orders_order")
    assert not any(portal.rows()[table] for table in CHILDREN)
