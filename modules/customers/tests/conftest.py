"""Two vendors with customers: SHOP on the platforms east and west, RIVAL on west."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

import modules.tenancy.api as tenants
from modules.customers.api import ensure, record_activity
from modules.tenancy.api import Platform, Vendor
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import create_user
from orion.contracts.scope import Scope
from orion.testing import settings_in, shared_app
from orion.testing.databases import Databases
from orion.testing.kept import Kept

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SYSTEM = system_scope("seed")


@dataclass
class Market:
    """`ids` maps a reference to the row id of the customer of SHOP (of RIVAL: `RIVAL/reference`)."""

    app: Flask
    platforms: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    _platforms: dict[str, Platform] = field(default_factory=dict)
    _vendors: dict[str, Vendor] = field(default_factory=dict)

    @contextmanager
    def at(
        self, vendor: str | None = None, platform: str | None = None, write: bool = False
    ) -> Iterator[Scope]:
        """A frame at a place with every right; a writing one commits at its end."""
        with self.app.app_context():
            scope = self.app.extensions["orion"].command_scope(vendor=vendor, platform=platform)
            with entered(scope, write=write):
                yield scope
                if write:
                    session().commit()

    def customer(self, reference: str, joined: str, vendor: str = "SHOP", **facts: str) -> int:
        """A customer of a vendor."""
        row = {"reference": reference, "joined_on": date.fromisoformat(joined), **facts}
        with self.at(vendor, write=True) as scope:
            made = ensure(scope, [row])[reference]
        self.ids[reference if vendor == "SHOP" else f"{vendor}/{reference}"] = made
        return made

    def bought(self, who: str, on: str, platform: str = "east", times: int = 1, vendor: str = "SHOP") -> None:
        """Note purchases of a customer."""
        row: dict[str, Any] = {
            "customer_id": self.ids[who if vendor == "SHOP" else f"{vendor}/{who}"],
            "platform_id": self.platforms[platform],
            "business_date": date.fromisoformat(on),
            "times": times,
        }
        with self.at(vendor, write=True) as scope:
            record_activity(scope, [row])

    def person(self, email: str, level: str, place: str | None = None) -> str:
        """Somebody who may do everything at a place; gives the address."""
        with self.app.app_context():
            user_id = create_user(email, email, "orion-demo").id
            with entered(SYSTEM, write=True) as writing:
                role = tenants.create_role(SYSTEM, level, email)
                vendor = self._vendors.get(place or "") if level == "vendor" else None
                platform = self._platforms.get(place or "") if level == "platform" else None
                tenants.add_member(SYSTEM, user_id, role, NOW.date(), vendor=vendor, platform=platform)
                writing.commit()
        return email

    def build(self) -> "Market":
        """Make platforms and vendors."""
        with self.app.app_context(), entered(SYSTEM, write=True) as writing:
            for code in ("east", "west"):
                self._platforms[code] = tenants.create_platform(SYSTEM, code, code.title(), now=NOW)
            for code, platforms in {"SHOP": ("east", "west"), "RIVAL": ("west",)}.items():
                vendor = tenants.create_vendor(
                    SYSTEM, code, code.title(), currency="EUR", zone="UTC", now=NOW
                )
                for platform in platforms:
                    tenants.join_platform(SYSTEM, vendor, self._platforms[platform], vendor.created_on)
                self._vendors[code] = vendor
            writing.commit()
        self.platforms = {code: platform.id for code, platform in self._platforms.items()}
        return self

    def leave(self, vendor: str, platform: str) -> None:
        """Take a vendor off a platform."""
        with self.app.app_context(), entered(SYSTEM, write=True) as writing:
            tenants.leave_platform(SYSTEM, self._vendors[vendor], self._platforms[platform], NOW.date())
            writing.commit()


MARKET = Kept("customers.market", lambda app: Market(app).build())
BUSY = Kept("customers.busy", lambda app: filled(Market(app).build()))


@pytest.fixture
def portals() -> dict[str, Kept[Any]]:
    """The portals that tests begin with, by fixture."""
    return {"busy": BUSY, "market": MARKET}


@pytest.fixture
def market(request: pytest.FixtureRequest, app: Flask, database_kind: str) -> Market:
    """Vendors and platforms without customers."""
    return (BUSY if "busy" in request.fixturenames else MARKET).again(app, database_kind)


@pytest.fixture
def busy(market: Market) -> Market:
    """The market with four customers of SHOP and one of RIVAL."""
    return market


@pytest.fixture(scope="module")
def settled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """The same, for all tests of a file that only read."""
    with shared_app(databases, settings_in(tmp_path_factory.mktemp("settled"))) as app:
        yield filled(Market(app).build())


def filled(market: Market) -> Market:
    """Four customers of SHOP and one of RIVAL, and what they bought."""
    market.customer("A-1", "2026-01-10", name="Zoë Ångström", email="zoe@mail.example", country="SE")
    market.customer("A-2", "2026-10-30", name="Bruno Keller", email="bruno@mail.example", country="DE")
    market.customer("A-3", "2026-11-20", email="only@mail.example", country="DE")
    market.customer("A-4", "2026-11-23")
    market.customer("A-1", "2026-11-01", vendor="RIVAL", name="Rita Rival", country="FR")
    market.bought("A-1", "2026-01-10", "west")
    market.bought("A-1", "2026-11-10", "east", times=2)
    market.bought("A-2", "2026-10-30", "east")
    market.bought("A-2", "2026-11-23", "west")
    market.bought("A-3", "2026-11-20", "east", times=0)
    market.bought("A-1", "2026-11-02", "west", vendor="RIVAL")
    return market


@pytest.fixture
def owner(busy: Market, sign_in):
    """SHOP's owner, signed in."""
    return sign_in(busy.person("owner@x.example", "vendor", "SHOP"), app=busy.app)


@pytest.fixture
def admin(busy: Market, sign_in):
    """An administrator of the installation, signed in."""
    return sign_in(busy.person("admin@x.example", "installation"), app=busy.app)


@pytest.fixture
def easterner(busy: Market, sign_in):
    """The administrator of the platform east, signed in."""
    return sign_in(busy.person("east@x.example", "platform", "east"), app=busy.app)
