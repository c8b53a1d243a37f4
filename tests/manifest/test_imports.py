"""Who may import whom."""

from pathlib import Path

import pytest

from orion.manifest.imports import check_engine, check_imports


def codes(
    folder: Path, source: str, file: str = "services.py", requires: tuple[str, ...] = ("till",)
) -> list[str]:
    """The codes that one file of the module `shop` in the package `rooms` earns."""
    path = folder / "rooms" / "shop" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return [one.code for one in check_imports(folder / "rooms", "rooms", "shop", requires)]


@pytest.mark.parametrize(
    "source",
    [
        "import json, sqlalchemy.orm",
        "from orion.contracts import metrics",
        "from orion.contracts.lists import ListPage",
        "import orion.contracts.money",
        "from rooms.shop.models import Good",
        "from . import models",
        "from .models import Good",
        "from rooms.till.api import Receipt",
        "from rooms.till import api",
        "import rooms.till.api as till",
        "from ..till.api import Receipt",
        "from ..till import api",
    ],
)
def test_a_module_may_import_the_contracts_itself_and_the_api_of_what_it_requires(
    tmp_path: Path, source: str
) -> None:
    assert codes(tmp_path, source) == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import orion", "ORN340"),
        ("from orion import contracts_of_others", "ORN340"),
        ("from orion.data.database import session", "ORN340"),
        ("def late():\n    from orion.registry import Registry", "ORN340"),
        ("from rooms.cellar.api import Barrel", "ORN341"),
        ("from rooms import cellar", "ORN341"),
        ("from ..cellar import api", "ORN341"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from rooms.cellar.api import Barrel",
            "ORN341",
        ),
        ("import importlib\nimportlib.import_module('rooms.cellar.api')", "ORN341"),
        ("__import__('rooms.cellar')", "ORN341"),
        ("from rooms.till.models import Receipt", "ORN342"),
        ("from rooms.till import models", "ORN342"),
        ("from rooms import till", "ORN342"),
        ("import rooms.till.api, rooms.till.services", "ORN342"),
        ("from ..till.models import Receipt", "ORN342"),
    ],
)
def test_a_module_may_import_nothing_else_of_ours(tmp_path: Path, source: str, code: str) -> None:
    assert codes(tmp_path, source) == [code]


def test_a_modules_tests_may_import_the_engine_but_no_stranger(tmp_path: Path) -> None:
    assert (
        codes(tmp_path, "from orion.testing import PASSWORD\nimport orion.registry", "tests/test_it.py") == []
    )
    assert codes(tmp_path, "from rooms.cellar.api import Barrel", "tests/test_it.py") == ["ORN341"]


def test_relative_imports_count_from_the_files_own_folder(tmp_path: Path) -> None:
    assert codes(tmp_path, "from ..models import Good\nfrom .. import queries", "routes/vendor.py") == []
    assert codes(tmp_path, "from ...cellar.api import Barrel", "routes/vendor.py") == ["ORN341"]
    assert codes(tmp_path, "from ..cellar.api import Barrel", "__init__.py") == ["ORN341", "ORN341"]


def engine(folder: Path, source: str) -> list[tuple[int, int, str]]:
    """Line, column and message of what one engine file earns where the modules shop and till exist."""
    path = folder / "orion" / "web" / "pages.py"
    path.parent.mkdir(parents=True)
    path.write_text(source)
    return [
        (one.line, one.column, one.message)
        for one in check_engine(folder / "orion", "rooms", {"shop", "till"})
    ]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("import rooms.shop.api", (1, 1)),
        ("x = 1\nfrom rooms.shop import api", (2, 1)),
        ("x = 'rooms.till'", (1, 6)),
        ('"""As in rooms.shop."""', (1, 10)),
        ("# rooms.shop", (1, 3)),
        ("import rooms", (1, 1)),
    ],
)
def test_the_engine_neither_imports_nor_names_a_module(
    tmp_path: Path, source: str, place: tuple[int, int]
) -> None:
    assert [found[:2] for found in engine(tmp_path, source)] == [place]


@pytest.mark.parametrize(
    "source", ["x = 'rooms.shopping'", "x = 'bedrooms.shop'", "x = 'rooms.shop_2'", "shop = till = 1"]
)
def test_other_words_are_not_modules(tmp_path: Path, source: str) -> None:
    assert engine(tmp_path, source) == []
