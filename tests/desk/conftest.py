"""The demo, shared by the tests of a file: each signs in as whom it needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from orion.contracts.notices import kind
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.data.tables import metadata
from orion.desk.models import Kept, Notice
from orion.testing import PASSWORD, csrf_token, settings_in, shared_demo
from orion.testing.databases import Databases

OWNER, STAFF, BOOKS = "owner@orion.example", "staff@orion.example", "books@orion.example"
ADMIN, PLATFORM = "admin@orion.example", "platform@orion.example"
SHOP = "/vendor/WIZAMART"
#: What the tests tell: to those who may see customers.
TESTED = kind(
    "customers.tested", "customers.view", "Customer %(number)s was tested.", page="customer", key="customer"
)


@dataclass
class Person:
    """Somebody who is signed in."""

    client: FlaskClient

    def get(self, address: str, **arguments: Any) -> Any:
        """A page."""
        return self.client.get(address, **arguments)

    def post(self, address: str, **form: Any) -> Any:
        """Send a form with its token; gives the page that it leads to."""
        token = csrf_token(self.client.get("/account/sessions").text)
        return self.client.post(address, data={"csrf_token": token, **form}, follow_redirects=True)


@contextmanager
def writing(app: Flask) -> Iterator[Connection]:
    """The tables themselves, behind everybody's back."""
    with app.app_context(), db.engines["write"].begin() as connection:
        yield connection.execution_options(**AS_OWNER)


@pytest.fixture(scope="module")
def portal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo, where the staff of WIZAMART may see customers too."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("desk"))) as app:
        with writing(app) as connection:
            roles = metadata.tables["tenancy_role"]
            staff = roles.c.name == "Orders and products"
            done = connection.execute(roles.update().where(staff).values(permissions=["customers.view"]))
            assert done.rowcount == 1
        yield app


@pytest.fixture(scope="module")
def people(portal: Flask) -> Callable[[str], Person]:
    """`people(email)` → that person, signed in once."""
    known: dict[str, Person] = {}

    def person(email: str) -> Person:
        if email not in known:
            client = portal.test_client()
            token = csrf_token(client.get("/login").text)
            client.post("/login", data={"email": email, "password": PASSWORD, "csrf_token": token})
            known[email] = Person(client)
        return known[email]

    return person


@pytest.fixture
def owner(people: Callable[[str], Person]) -> Person:
    """The owner of WIZAMART."""
    return people(OWNER)


@pytest.fixture(autouse=True)
def _tidy(portal: Flask) -> None:
    """Every test finds empty desks."""
    with writing(portal) as connection:
        for model in (Kept, Notice):
            connection.execute(model.__table__.delete())
    portal.extensions["orion_desk"].forget()
