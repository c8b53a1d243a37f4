"""A house with the engine alone, and the steps that every test of signing in takes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.identity.models import User
from orion.testing import House, csrf_token

KEEPER = "keeper@orion.example"


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with one person, the keeper, and no module but theirs."""
    return house.app()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A stranger's browser."""
    return site.test_client()


@pytest.fixture
def post() -> Callable[..., Any]:
    """`post(client, page, to=…, **fields)` fills in the form of a page and sends it."""

    def send(client: FlaskClient, page: str, to: str | None = None, **fields: str) -> Any:
        token = csrf_token(client.get(page).text)
        return client.post(to or page, data={"csrf_token": token, **fields})

    return send


@pytest.fixture
def rows(site: Flask) -> Callable[[], Any]:
    """`with rows() as session:` reads and writes users and sessions as a command would; it commits."""

    @contextmanager
    def opened() -> Iterator[Session]:
        with site.app_context(), entered(system_scope("command"), write=True) as session:
            yield session
            session.commit()

    return opened


@pytest.fixture
def person(rows: Callable[[], Any]) -> Callable[[], User]:
    """The keeper as the database knows them now."""

    def found() -> User:
        with rows() as session:
            return session.scalars(select(User).where(User.email == KEEPER)).one()

    return found


def cookie(client: FlaskClient, name: str = "orion_staff") -> str | None:
    """The value of a cookie in this browser."""
    found = client.get_cookie(name)
    return found.value if found else None


def words(html: str) -> str:
    """The text of a page without tags and tokens."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
