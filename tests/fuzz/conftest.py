"""A portal to attack, made once a kind of database and put back after each test."""

import os
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import RedisError

from orion.testing import need, settings_in
from orion.testing.databases import Databases
from tests.fuzz.run import Run
from tests.fuzz.stage import Stage, staged

SEED = 20_26
#: Caches in memory are attacked with SQLite, those in Redis with PostgreSQL.
REDIS = os.environ.get("ORION_TEST_REDIS_URL", "redis://127.0.0.1:6379/5")


@pytest.fixture(scope="session")
def stage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo with more people, and a canary word in every text."""
    cache = ""
    if databases.kind == "postgresql":
        need("Redis", _redis_answers())
        cache = REDIS
    with staged(databases, settings_in(tmp_path_factory.mktemp("fuzz")), SEED, cache) as made:
        yield made


@pytest.fixture(scope="session")
def everybody(stage: Stage) -> Run:
    """Everybody's browsers. Walking through all pages takes half a minute: it is done once."""
    made = Run(stage, SEED)
    made.close()
    return made


@pytest.fixture
def run(everybody: Run) -> Iterator[Run]:
    """The same at a stage as it was at first."""
    everybody.begin()
    yield everybody
    everybody.close()


def _redis_answers() -> bool:
    try:
        return bool(Redis.from_url(REDIS).ping())
    except RedisError:
        return False
