"""Whatever modules there are: each tile says what the list behind its link shows."""

from collections.abc import Iterator

import pytest
from flask import Flask

from orion.testing import client_of, settings_in, shared_demo
from orion.testing.databases import Databases
from tests.contracts.conftest import PATIENT
from tests.contracts.tiles import figure, is_true, tiles

OWNER = ("owner@orion.example", "/vendor/WIZAMART/", {})
ADMINISTRATOR = ("admin@orion.example", "/admin/", {})
OTHERS = [
    ("owner@orion.example", "/vendor/WIZAMART/", {"platform": "letz"}),
    ("books@orion.example", "/vendor/LUXBOOKS/", {}),
    ("platform@orion.example", "/admin/", {}),
    ("admin@orion.example", "/admin/", {"platform": "letz"}),
]
PERIODS = ["today", "7d", "30d", "12m"]
#: A whole place with every period, and each other place with one that is short and one that is long.
SOME = [(*place, period) for place in (OWNER, ADMINISTRATOR) for period in PERIODS]
SOME += [(*place, period) for n, place in enumerate(OTHERS) for period in PERIODS[n % 2 :: 2]]
REST = [(*place, period) for place in OTHERS for period in PERIODS if (*place, period) not in SOME]


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One demo for all tests here, which only read. It is patient: here figures must be right, and
    elsewhere in time."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("tiles"), **PATIENT)) as made:
        yield made


def _is_what_its_list_shows(demo: Flask, email: str, place: str, query: dict[str, str], period: str) -> None:
    client, asked = client_of(demo, email), {**query, "period": period}
    found = tiles(demo, client, place, asked)
    assert [tile.metric.query for tile in found if not is_true(tile)] == []
    # From the cache they say the same.
    assert [figure(client, place, asked, tile.metric.query)["value"] for tile in found] == [
        tile.answer["value"] for tile in found
    ]


@pytest.mark.by_turns
@pytest.mark.parametrize(("email", "place", "query", "period"), SOME, ids=str)
def test_each_tile_is_what_its_list_shows(
    demo: Flask, email: str, place: str, query: dict[str, str], period: str
) -> None:
    _is_what_its_list_shows(demo, email, place, query, period)


@pytest.mark.long
@pytest.mark.parametrize(("email", "place", "query", "period"), REST, ids=str)
def test_each_tile_is_what_its_list_shows_in_every_place_and_period(
    demo: Flask, email: str, place: str, query: dict[str, str], period: str
) -> None:
    _is_what_its_list_shows(demo, email, place, query, period)
