"""A small town of tenants: platforms oms and letz, ALPHA on both, BETA on letz alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from modules.tenancy import services
from modules.tenancy.api import permission_source
from modules.tenancy.models import Membership, Platform, Role, Vendor, VendorPlatform
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import User, create_user
from orion.contracts.permissions import Access, Place
from orion.contracts.scope import Scope
from orion.testing.kept import Kept

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
SCOPE = system_scope("seed")
_numbers = count()
#: What the tests' modules declare.
EVERY = frozenset({"tenancy.vendors_view", "tenancy.team_view", "customers.view"})


@dataclass
class Town:
    """Tenants by code, and hands to change them with."""

    app: Flask
    platforms: dict[str, Platform] = field(default_factory=dict)
    vendors: dict[str, Vendor] = field(default_factory=dict)
    scope: Scope = SCOPE

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that may write everything; committed at the end."""
        with self.app.app_context(), entered(SCOPE, write=True) as writing:
            yield
            writing.commit()

    @contextmanager
    def reading(self, vendor: str | None = None, platform: str | None = None) -> Iterator[Scope]:
        """A frame that reads at a place, with every right."""
        with self.app.app_context():
            scope = self.app.extensions["orion"].command_scope(vendor=vendor, platform=platform)
            with entered(scope):
                yield scope

    def platform(self, code: str) -> Platform:
        """A new platform."""
        with self.writing():
            self.platforms[code] = services.create_platform(SCOPE, code, code.title(), now=NOW)
        return self.platforms[code]

    def vendor(self, code: str, *platforms: str, born: datetime = NOW, name: str | None = None) -> Vendor:
        """A new vendor on platforms."""
        with self.writing():
            made = services.create_vendor(
                SCOPE, code, name or code.title(), currency="EUR", zone="Europe/Luxembourg", now=born
            )
            for platform in platforms:
                services.join_platform(SCOPE, made, self.platforms[platform], made.created_on)
        self.vendors[code] = made
        return made

    def person(
        self,
        email: str,
        level: str | None = None,
        permissions: list[str] | None = None,
        place: str | None = None,
        password: str | None = None,
    ) -> int:
        """A new person, with a role of a level where one is given; gives the user's id."""
        with self.app.app_context():
            user_id = create_user(email, email.partition("@")[0].title(), password).id
        if level is not None:
            self.work(user_id, level, permissions, place)
        return user_id

    def work(
        self, user_id: int, level: str, permissions: list[str] | None = None, place: str | None = None
    ) -> None:
        """Give a person a role of their own at a place; None stands for every permission."""
        with self.writing():
            role = services.create_role(SCOPE, level, f"Role {next(_numbers)}", permissions)
            services.add_member(
                SCOPE,
                user_id,
                role,
                TODAY,
                vendor=self.vendors[place or ""] if level == "vendor" else None,
                platform=self.platforms[place or ""] if level == "platform" else None,
            )

    def access(
        self, user_id: int, vendor: str | None = None, platform: str | None = None, frontend: str = ""
    ) -> Access:
        """What the engine is told about a person at a place."""
        place = Place(frontend or ("vendor" if vendor else "admin"), vendor, platform)
        with self.app.test_request_context(), entered(SCOPE) as reading:
            person = User.__table__.c.id
            rights = permission_source.rights(person, place)
            text = reading.scalar(select(rights).select_from(User).where(person == user_id))
            return permission_source.access(json.loads(text), place, EVERY)

    def close(self, code: str, status: str = "closed") -> None:
        """Set a vendor's status."""
        with self.writing():
            session().scalars(select(Vendor).where(Vendor.code == code)).one().status = status

    def suspend(self, vendor: str, platform: str) -> None:
        """Suspend a vendor on one platform."""
        here = {"vendor_id": self.vendors[vendor].id, "platform_id": self.platforms[platform].id}
        with self.writing():
            session().scalars(select(VendorPlatform).filter_by(**here)).one().status = "suspended"

    def leave(self, vendor: str, platform: str, on: date = TODAY) -> None:
        """Take a vendor off a platform."""
        with self.writing():
            services.leave_platform(SCOPE, self.vendors[vendor], self.platforms[platform], on)


def _build(app: Flask) -> Town:
    made = Town(app)
    made.platform("oms")
    made.platform("letz")
    made.vendor("ALPHA", "oms", "letz", born=datetime(2025, 3, 1, 12, tzinfo=UTC))
    made.vendor("BETA", "letz", born=datetime(2026, 11, 1, 12, tzinfo=UTC))
    return made


TOWN = Kept("tenancy.town", _build)


@pytest.fixture
def portals() -> dict[str, Kept[Any]]:
    """The portals that tests begin with, by fixture."""
    return {"town": TOWN}


@pytest.fixture
def town(app: Flask, database_kind: str) -> Town:
    """See the module."""
    return TOWN.again(app, database_kind)


@pytest.fixture
def role(town: Town) -> Role:
    """A vendor's role."""
    with town.writing():
        return services.create_role(SCOPE, "vendor", "Helper", ["customers.view"])


@pytest.fixture
def membership_count(town: Town):
    """How many memberships a person has."""

    def number(user_id: int) -> int:
        with town.app.app_context(), entered(SCOPE) as reading:
            return len(reading.scalars(select(Membership.id).where(Membership.user_id == user_id)).all())

    return number
