"""Sample tenants: a second run changes nothing, and logins are for the demo alone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from modules.tenancy import seed as seeds
from modules.tenancy.models import Membership, Platform, Role, Vendor, VendorDomain, VendorPlatform
from orion.contracts.data import entered, system_scope
from orion.contracts.people import User
from orion.seeding import seed

TABLES = (Platform, Vendor, VendorPlatform, VendorDomain, Role, Membership, User)


def counts(app) -> list[int]:
    with app.app_context(), entered(system_scope("seed")) as reading:
        return [reading.scalar(select(func.count()).select_from(table)) for table in TABLES]


def test_a_second_run_adds_nothing(demo) -> None:
    before = counts(demo)
    seed(demo, demo=True, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert counts(demo) == before == [2, 3, 4, 3, 4, 5, 5]


@pytest.mark.by_turns
def test_outside_of_the_demo_nobody_is_made(app) -> None:
    seed(app, vendors=1, orders=0)
    assert counts(app)[-2:] == [0, 0]


def test_as_many_vendors_as_are_asked_for_are_there(app, monkeypatch) -> None:
    others = [module for code, module in app.extensions["orion"].modules.items() if code != "tenancy"]
    for module in others:  # What they would fill seven vendors with takes long.
        monkeypatch.delitem(module.parts, "seed", raising=False)
    seed(app, vendors=7, orders=0)
    assert counts(app)[1] == 7


def test_the_demos_owner_works_for_a_vendor_on_two_platforms(demo) -> None:
    with demo.app_context():
        scope = demo.extensions["orion"].command_scope(vendor="WIZAMART")
        assert len(scope.platforms) == len(seeds.PLATFORMS) == 2
