"""A portal to attack, made once a kind of database and put back after each test."""

import os
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import RedisError

from orion.settings import Settings
from orion.testing import need
from orion.testing.databases import Databases
from tests.fuzz.run import Run
from tests.fuzz.stage import Stage, staged

SEED = 20_26
#: Caches in memory are attacked with SQLite, those in Redis with PostgreSQL.
REDIS = os.environ.get("ORION_TEST_REDIS_URL", "redis://127.0.0.1:6379/5")


@pytest.fixture
def stage(databases: Databases, settings: Settings) -> Iterator[Stage]:
    """The demo with more people, and a canary word in every text."""
    cache = ""
    if databases.kind == "postgresql":
        need("Redis", _redis_answers())
        cache = REDIS
    with staged(databases, settings, SEED, cache) as made:
        yield made


@pytest.fixture
def run(stage: Stage) -> Iterator[Run]:
    """Everybody's browsers, signed in."""
    made = Run(stage, SEED)
    yield made
    made.close()


def _redis_answers() -> bool:
    try:
        return bool(Redis.from_url(REDIS).ping())
    except RedisError:
        return False
