"""Demos for what product owners do: one that is only read, and one with manifests of its own."""

from collections.abc import Iterator

import pytest
from flask import Flask

from orion.settings import ROOT
from orion.testing import settings_in, shared_demo
from orion.testing.databases import Databases
from tests.product.board import Board, board

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


@pytest.fixture(scope="module")
def shared(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A demo in which things are switched, for all tests of a file."""
    with board(databases, tmp_path_factory.mktemp("board")) as made:
        yield made


@pytest.fixture
def at(shared: Board) -> Iterator[Board]:
    """The same, with its files as they were."""
    yield shared
    shared.put_back()
