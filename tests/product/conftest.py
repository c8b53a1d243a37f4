"""The demo that tests of product owners' commands only read."""

from collections.abc import Iterator

import pytest
from flask import Flask

from orion.settings import ROOT
from orion.testing import settings_in, shared_demo
from orion.testing.databases import Databases

#: What these tests switch, and what requires what.
SWITCHED = ("catalog", "cms", "inventory", "marketplace", "orders")


@pytest.fixture(autouse=True, scope="session")
def _modules() -> None:
    """In a portal from which these modules were removed there is nothing to switch."""
    gone = [code for code in SWITCHED if not (ROOT / "manifests" / f"{code}.yaml").exists()]
    if gone:
        pytest.skip(f"switches modules that are not here: {', '.join(gone)}")


@pytest.fixture(scope="module")
def portal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The small demo, for all tests of a module."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("portal"))) as made:
        yield made
