"""How many statements a page may send: few, and as many tomorrow as today."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.settings import Settings

pytestmark = pytest.mark.by_turns

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept": "text/html"}
PEOPLE = {"admin": "admin@orion.example", "vendor": "owner@orion.example"}
#: Of a page, of a tile, beyond the statement that reads session, person, rights and data versions.
SHELL, TILE = 3, 1

Asks = Callable[..., list[str]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Time enough: on a busy machine a batch would leave figures out."""
    return replace(settings, metric_statement_deadline=30.0, metric_deadline=40.0, batch_deadline=60.0)


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """Somebody who may see everything on a frontend."""
    client = sign_in(PEOPLE[request.param])
    client.get("/")
    return client


@pytest.fixture
def asks(
    person: FlaskClient, count_sql: Callable[[Flask], AbstractContextManager[list[str]]]
) -> Callable[..., list[str]]:
    """`asks(address, …)` → the statements that one request sends beyond the visit's."""

    def statements(address: str, **arguments: Any) -> list[str]:
        with count_sql(person.application) as sent:
            answer = person.get(address, **arguments)
        assert answer.status_code == 200, address
        assert ["FROM orion_session" in one and "orion_data_version" in one for one in sent].count(True) == 1
        return [one for one in sent if "FROM orion_session" not in one]

    return statements


def _home(person: FlaskClient) -> str:
    return str(person.get("/").location)


def _tiles(person: FlaskClient) -> list[str]:
    """The names of the tiles on this person's dashboard."""
    home = _home(person)
    found = re.findall(rf'"{home}tiles/([a-z_.]+)', person.get(home).text)
    assert found
    return sorted(set(found))


def test_a_dashboard_sends_no_more_statements_than_its_shell_may(person: FlaskClient, asks: Asks) -> None:
    assert len(asks(_home(person))) <= SHELL


def test_a_tile_sends_one_statement(person: FlaskClient, asks: Asks) -> None:
    home = _home(person)
    sent = {tile: asks(f"{home}tiles/{tile}", headers=HTMX) for tile in _tiles(person)}
    assert {tile: found for tile, found in sent.items() if len(found) != TILE} == {}


def test_a_tile_that_is_known_sends_none(person: FlaskClient, asks: Asks) -> None:
    home, tile = _home(person), _tiles(person)[0]
    asks(f"{home}tiles/{tile}", headers=HTMX)
    assert asks(f"{home}tiles/{tile}", headers=HTMX) == []


def test_a_batch_sends_one_statement_a_tile(person: FlaskClient, asks: Asks) -> None:
    tiles = _tiles(person)
    sent = asks(f"{_home(person)}tiles", query_string={"ids": ",".join(tiles)}, headers=HTMX)
    assert TILE <= len(sent) <= len(tiles) + 1


def test_a_list_sends_no_more_statements_than_its_shell_may(person: FlaskClient, asks: Asks) -> None:
    nav = person.get(_home(person)).text.partition("<nav")[2].partition("</nav>")[0]
    lists = set(re.findall(r'<a\b[^>]*?href="(/[^"]*)"', nav)) - {_home(person)}
    assert lists
    # What is remembered until the data change is asked by the first who comes, and by nobody after.
    first = {address: asks(address) for address in sorted(lists)}
    sent = {address: asks(address) for address in sorted(lists)}
    assert {address: found for address, found in sent.items() if len(found) > SHELL} == {}
    assert {address: found for address, found in first.items() if len(found) > SHELL + 1} == {}
