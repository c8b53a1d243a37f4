"""Dashboards as their people have arranged them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from orion.desk.models import Kept
from orion.desk.tiles import Layout
from orion.metrics.results import answered
from tests.desk.conftest import ADMIN, BOOKS, OWNER, SHOP, STAFF, Person, writing

pytestmark = pytest.mark.by_turns

HOME, PAGE = f"{SHOP}/", f"{SHOP}/arrange"


@dataclass
class Tile:
    """A tile by its name."""

    query: str


def _tiles(person: Person, home: str = HOME) -> list[str]:
    return re.findall(r'<section class="tile[^"]*" id="tile-([^"]*)"', person.get(home).text)


def _rows(person: Person) -> list[str]:
    return re.findall(r'value="(?:hide|show):([^"]*)"', person.get(PAGE).text)


def test_a_tile_moves_up_and_down_and_the_dashboard_follows(owner: Person) -> None:
    before = _tiles(owner)
    second = _rows(owner)[1]
    owner.post(PAGE, do=f"up:{second}")
    assert _tiles(owner) == [before[1], before[0], *before[2:]]
    owner.post(PAGE, do=f"down:{second}")
    assert _tiles(owner) == before


def test_a_tile_is_hidden_and_shown(owner: Person) -> None:
    before, first = _tiles(owner), _rows(owner)[0]
    owner.post(PAGE, do=f"hide:{first}")
    assert _tiles(owner) == before[1:]
    assert first not in owner.get(HOME).text.partition("data-fills")[2].partition(">")[0]
    owner.post(PAGE, do=f"show:{first}")
    assert _tiles(owner) == before


def test_a_page_with_its_figures_asks_for_no_hidden_one(owner: Person) -> None:
    first, second = _rows(owner)[:2]
    owner.post(PAGE, do=f"hide:{first}")
    asked: list[str] = []
    with answered.connected_to(lambda result: asked.append(result.query)):
        owner.get(f"{HOME}?inline=1")
    assert second in asked and first not in asked


def test_the_focus_stays_on_the_button_that_was_pressed(owner: Person) -> None:
    second = _rows(owner)[1]
    page = owner.post(PAGE, do=f"up:{second}").text
    assert re.search(rf'value="up:{second}" (autofocus|disabled)', page)


def test_the_usual_order_comes_back_and_that_can_be_undone(owner: Person) -> None:
    before, first = _tiles(owner), _rows(owner)[0]
    owner.post(PAGE, do=f"hide:{first}")
    page = owner.post(PAGE, do="reset").text
    assert _tiles(owner) == before
    undo = re.search(r'action="([^"]*/undo/[^"]*)"', page)
    assert undo
    owner.post(undo[1])
    assert _tiles(owner) == before[1:]


def test_a_dashboard_whose_tiles_are_all_hidden_says_how_to_have_them_back(owner: Person) -> None:
    for name in _rows(owner):
        owner.post(PAGE, do=f"hide:{name}")
    page = owner.get(HOME).text
    assert _tiles(owner) == [] and "All figures are hidden" in page and f'href="{PAGE}"' in page


def test_an_arrangement_is_its_persons_at_its_place(people: Callable[[str], Person]) -> None:
    owner, staff, books, admin = (people(email) for email in (OWNER, STAFF, BOOKS, ADMIN))
    places = ((staff, HOME), (books, "/vendor/LUXBOOKS/"), (admin, "/admin/"))
    before = [_tiles(one, home) for one, home in places]
    for name in _rows(owner)[:2]:
        owner.post(PAGE, do=f"hide:{name}")
    assert [_tiles(one, home) for one, home in places] == before
    assert books.get(PAGE).status_code == 404


def test_names_of_tiles_that_are_not_there_are_kept_and_ignored(owner: Person, portal: Flask) -> None:
    owner.post(PAGE, do=f"hide:{_rows(owner)[0]}")
    with writing(portal) as connection:
        connection.execute(
            Kept.__table__.update().values(value='{"order": ["gone.tile"], "hidden": ["gone.other"]}')
        )
    portal.extensions["orion_desk"].forget()
    before = _tiles(owner)
    second = _rows(owner)[1]
    owner.post(PAGE, do=f"up:{second}")
    assert sorted(_tiles(owner)) == sorted(before) and _tiles(owner) != before
    with writing(portal) as connection:
        value = connection.scalar(select(Kept.__table__.c.value))
    assert "gone.tile" in value and "gone.other" in value


@pytest.mark.parametrize("did", ["up:no.such", "hide:no.such", "hide:"])
def test_what_is_no_tile_of_ones_own_is_not_found(owner: Person, did: str) -> None:
    assert owner.post(PAGE, do=did).status_code == 404


@pytest.mark.parametrize(
    ("order", "by", "there"),
    [
        ((), -1, ["a", "b", "c"]),
        ((), 1, ["b", "a", "c"]),
        (("a", "gone", "b"), 1, ["b", "a", "c"]),
        (("c", "b", "a"), 1, ["c", "b", "a"]),
    ],
)
def test_a_tile_moves_among_those_that_are_there(order: Any, by: int, there: list[str]) -> None:
    tiles = [Tile(name) for name in "abc"]
    moved = Layout(order).moved(tiles, "a", by)
    assert [tile.query for tile in moved.sorted(tiles)] == there
    assert set(order) <= set(moved.order)
