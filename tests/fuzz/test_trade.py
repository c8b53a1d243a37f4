"""Whatever is done to orders and stock, and in which order: the books agree after every step."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from orion.testing import settings_in, shared_app
from orion.testing.databases import Databases
from tests.fuzz.trade import NEEDED, STEPS, trade

SEED, RUNS = 20_26, 100


@pytest.fixture
def shop(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    with shared_app(databases, settings_in(tmp_path)) as app:
        yield app


@pytest.mark.long
def test_the_books_agree_after_every_step_of_any_trade(shop: Flask) -> None:
    if not shop.extensions["orion"].modules.keys() >= set(NEEDED):
        pytest.skip("needs a portal that sells what it keeps")
    market = trade(shop, RUNS, SEED)
    print(market.done, market.refused, sep="\n")
    assert market.done.total() + market.refused.total() > RUNS * STEPS / 2
    assert min(market.done.values()) > RUNS / 50
