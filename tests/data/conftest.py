"""Fenced tables on a database of either kind."""

from collections.abc import Iterator

import pytest
from flask import Flask

from orion.data.database import db
from orion.testing import Databases
from tests.data import fence


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A database with the fence's tables and rows, as they were made."""
    made = databases.lease("fence", fence.fill)
    yield made
    databases.give_back("fence", made)


@pytest.fixture
def app(url: str) -> Iterator[Flask]:
    """An application on it, within its context."""
    made = fence.application(url)
    with made.app_context():
        yield made
        _close()


@pytest.fixture(scope="module")
def shared(databases: Databases) -> Iterator[Flask]:
    """An application that the tests of a file share: they change nothing that stays."""
    url = databases.lease("fence", fence.fill)
    made = fence.application(url)
    with made.app_context():
        yield made
        _close()
    databases.give_back("fence", url)


def _close() -> None:
    for engine in db.engines.values():
        engine.dispose()
