"""Whatever modules there are: each tile says what the list behind its link shows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.settings import Settings
from tests.contracts.tiles import is_true, tiles

PLACES = [
    ("owner@orion.example", "/vendor/WIZAMART/", {}),
    ("owner@orion.example", "/vendor/WIZAMART/", {"platform": "letz"}),
    ("books@orion.example", "/vendor/LUXBOOKS/", {}),
    ("platform@orion.example", "/admin/", {}),
    ("admin@orion.example", "/admin/", {}),
    ("admin@orion.example", "/admin/", {"platform": "letz"}),
]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Patient ones: here figures must be right, and elsewhere in time."""
    return replace(settings, metric_statement_deadline=20, metric_deadline=25, batch_deadline=60)


@pytest.mark.parametrize("period", ["today", "7d", "30d", "12m"])
@pytest.mark.parametrize(("email", "place", "query"), PLACES, ids=str)
def test_each_tile_is_what_its_list_shows(
    demo: Flask,
    sign_in: Callable[..., FlaskClient],
    email: str,
    place: str,
    query: dict[str, str],
    period: str,
) -> None:
    client = sign_in(email)
    asked = {**query, "period": period}
    found = tiles(demo, client, place, asked)
    assert [tile.metric.query for tile in found if not is_true(tile)] == []
    # From the cache they say the same.
    assert [tile.answer["value"] for tile in tiles(demo, client, place, asked)] == [
        tile.answer["value"] for tile in found
    ]
