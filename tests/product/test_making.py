"""`orion modules new`: what it refuses, and that what it writes holds all that holds for every module."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from orion.contracts.errors import Conflict, Invalid
from orion.manifest.load import parse_module
from orion.product.making import Making
from tests.drill import copy_checkout

#: Of the contracts those that ask about one module; the whole suite is for whoever adds one.
CONTRACTS = ("features", "pages", "search", "sources", "tables", "undo", "jobs")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Returns", "begins with a letter"),
        ("2returns", "begins with a letter"),
        ("re-turns", "lower-case letters"),
        ("r" * 31, "at most 30 characters"),
        ("orion", 'neither "orion"'),
        ("class", "a word of Python's own"),
        ("serve", "a command already"),
    ],
)
def test_what_cannot_be_an_id_is_refused_in_words(portal: Flask, code: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        Making(portal, code, commands=("serve",)).refuse()


@pytest.mark.parametrize(
    ("code", "said"),
    [("orders", "is there already"), ("team", "its pages would be where"), ("orders_x", None)],
)
def test_an_id_that_is_taken_is_refused_in_words(portal: Flask, code: str, said: str | None) -> None:
    making = Making(portal, code)
    if said is None:
        making.refuse()
        return
    with pytest.raises(Conflict, match=said):
        making.refuse()


def test_a_name_that_yaml_would_misread_is_refused(portal: Flask) -> None:
    with pytest.raises(Invalid, match="can't be a module's name"):
        Making(portal, "returns", 'Re"turns: all').refuse()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, into which a module may be written."""
    copy_checkout(tmp_path / "checkout")
    (tmp_path / "checkout" / "translations" / "de" / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    return tmp_path / "checkout"


@pytest.mark.long
@pytest.mark.only_on("sqlite")
def test_a_new_module_holds_what_holds_for_every_module(
    checkout: Path, tmp_path: Path, database_kind: str
) -> None:
    code = "long_lived_returns"

    def run(*command: str) -> str:
        env = os.environ | {"PYTHONPATH": str(checkout), "ORION_DATA": str(tmp_path / "data")}
        told = subprocess.run(
            [sys.executable, *command], cwd=checkout, env=env, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, f"{command}\n{told.stdout[-4000:]}{told.stderr[-4000:]}"
        return told.stdout

    run("-m", "orion", "db", "upgrade")
    assert "orion db upgrade" in run("-m", "orion", "modules", "new", code, "--name", "Returns")
    text = (checkout / "manifests" / f"{code}.yaml").read_bytes()
    manifest, wrong = parse_module(text, f"{code}.yaml")
    assert manifest is not None and wrong == []
    assert 'msgid "Returns"' in (checkout / f"translations/de/LC_MESSAGES/{code}.po").read_text()
    shutil.rmtree(checkout / "translations" / "de")
    run("-m", "ruff", "check", ".")
    run("-m", "ruff", "format", "--check", ".")
    run("-m", "djlint", "--lint", "--quiet", f"modules/{code}")
    run("-m", "orion", "check")
    tests = [f"tests/contracts/test_{name}.py" for name in CONTRACTS]
    run("-m", "pytest", "-q", "--db", "sqlite", f"modules/{code}", *tests)
    run("-m", "orion", "db", "upgrade")
    assert f"{code} on" in " ".join(run("-m", "orion", "modules", "list").split())
