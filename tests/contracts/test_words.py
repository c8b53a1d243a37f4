"""The words by which rows are found are those of their columns, whoever wrote the rows."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from orion.app import create_app
from orion.data.database import db
from orion.data.histories import ENGINE
from orion.data.revisions import owned
from orion.data.tables import metadata
from orion.data.words import Kept, kept_in, words
from orion.settings import Settings
from orion.testing import close
from orion.testing.older import older
from tests.contracts.conftest import Portal

MODULES = Path(__file__).resolve().parents[2] / "modules"
#: Module → the revision before its rows had words.
BEFORE = {
    file.parts[-3]: found[1]
    for file in sorted(MODULES.glob("*/migrations/*.py"))
    if "create_words(" in (text := file.read_text(encoding="utf-8"))
    and (found := re.search(r'^down_revision = "(\w+)"', text, re.M))
}
PEOPLE = "Customer ID,First Name,Last Name,Email\nlong-7,Łukasz,Łódź,lukasz@import.example\n"


def _kept() -> dict[str, Kept]:
    """Table of words → what it keeps."""
    found = {table.name: kept_in(table) for table in metadata.sorted_tables}
    return {name: kept for name, kept in found.items() if kept is not None}


def _held(app: Flask, kept: Kept) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Row id → the words that it has, and those that it should have."""
    there: dict[int, set[str]] = defaultdict(set)
    with app.app_context(), owned(db.engines["write"]) as connection:
        for id_, word in connection.execute(select(kept.id, kept.table.c.word)):
            there[id_].add(word)
        texts = connection.execute(select(kept.of.c.id, *(kept.of.c[name] for name in kept.columns)))
        wanted = {id_: words(said) for id_, *said in texts}
    return dict(there), {id_: found for id_, found in wanted.items() if found}


def _wrong(app: Flask, only: str = "") -> dict[str, object]:
    held = {name: _held(app, kept) for name, kept in _kept().items() if name.startswith(only)}
    assert held and all(wanted for _there, wanted in held.values())
    return {name: there.items() ^ wanted.items() for name, (there, wanted) in held.items() if there != wanted}


def test_what_is_found_by_words_lies_in_the_tables_of_its_own_module(portal: Portal) -> None:
    assert {ENGINE, *BEFORE} <= {kept.of.info["module"] for kept in _kept().values()}
    for name, kept in _kept().items():
        assert kept.table.info["module"] == kept.of.info["module"], name


def test_words_go_with_their_row(portal: Portal) -> None:
    for name, kept in _kept().items():
        assert [key.ondelete for key in kept.table.foreign_key_constraints] == ["CASCADE"], name


def test_rows_of_the_demo_have_their_words(portal: Portal) -> None:
    assert _wrong(portal.app) == {}


def test_rows_that_were_imported_have_their_words(demo: Flask, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    commands = import_module("modules.customers.commands").commands
    done = demo.test_cli_runner().invoke(commands, ["import", str(file), "--vendor", "WIZAMART", "--json"])
    assert json.loads(done.stdout)["customers"]["new"] == 1
    there, wanted = _held(demo, _kept()["customers_word"])
    assert there == wanted
    assert {"lukasz", "lodz", "import", "long-7"} <= there[max(there)]


@pytest.fixture
def own(own_database: str, settings: Settings) -> Iterator[Flask]:
    """An application on a database of the test's own."""
    app = create_app(replace(settings, database_url=own_database))
    yield app
    close(app)


@pytest.mark.parametrize("module", BEFORE)
def test_rows_that_are_older_than_words_get_theirs_by_the_migration(own: Flask, module: str) -> None:
    portal = older(own, module, BEFORE[module])
    portal.upgrade()
    assert _wrong(own, f"{module}_") == {}
