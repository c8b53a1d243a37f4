"""The demo that tests of product owners' commands only read."""

from collections.abc import Iterator

import pytest
from flask import Flask

from orion.testing import settings_in, shared_demo
from orion.testing.databases import Databases


@pytest.fixture(scope="module")
def portal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The small demo, for all tests of a module."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("portal"))) as made:
        yield made
