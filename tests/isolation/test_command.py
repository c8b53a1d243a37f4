"""`orion verify-isolation` on a database with rows."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from orion.contracts.errors import Invalid
from orion.data.database import db
from orion.data.revisions import owned
from orion.data.tables import metadata, wall_of
from orion.isolation.commands import verify_isolation
from tests.guards import BY_NAME, without
from tests.isolation.conftest import models_by_name

pytestmark = pytest.mark.long

#: The command takes some seconds for each table: one that hangs on others will do.
TABLE = next(name for name, model in models_by_name().items() if wall_of(model.__table__).seen_on)
#: And the one whose rows are platforms, of which a vendor may be on all.
PLATFORMS = next(n for n, model in models_by_name().items() if wall_of(model.__table__).platform == "id")


def _run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(verify_isolation, [*arguments], catch_exceptions=True)


def _rows(app: Flask) -> dict[str, list[str]]:
    """Every row of every table that there is, as text."""
    with app.app_context(), owned(db.engines["write"]) as connection:
        there = set(db.engines["write"].dialect.get_table_names(connection))
        names = [name for name in metadata.tables if name in there]
        return {n: sorted(map(str, connection.execute(text(f'SELECT * FROM "{n}"')))) for n in names}


@pytest.mark.parametrize("table", [TABLE, PLATFORMS])
def test_the_figures_of_a_table_are_printed_and_nothing_stays(demo: Flask, table: str) -> None:
    before = _rows(demo)
    result = _run(demo, "--json", "--model", table)
    figures = json.loads(result.stdout)
    assert (result.exit_code, figures["findings"]) == (0, [])
    assert {name: figures[name] for name in ("leaked", "written", "wrong")} == dict.fromkeys(
        ("leaked", "written", "wrong"), 0
    )
    assert figures["attempts"] == sum(form["attempts"] for form in figures["forms"].values()) > 1000
    assert set(figures["models"]) == {table}
    assert {"all together", "statements", "flushes", "engine"} < set(figures["heights"])
    assert ("keys" in figures["heights"]) is (table == TABLE), (
        "no other table's key leads to a platform's owner"
    )
    assert _rows(demo) == before


def test_a_wall_without_a_guard_is_found_and_said(demo: Flask) -> None:
    with without(BY_NAME["flushes: rows of elsewhere"]):
        result = _run(demo, "--model", TABLE)
    assert result.exit_code == 1
    assert "flushes: change of a forged row on" in result.stderr
    assert "forged row" in result.stdout


def test_an_unknown_table_is_refused(demo: Flask) -> None:
    result = _run(demo, "--model", "no_such_table")
    assert isinstance(result.exception, Invalid)


@pytest.mark.parametrize("words", ["rolled back", "no customer's row is read", "others' writes wait"])
def test_the_help_says_what_becomes_of_the_database(app: Flask, words: str) -> None:
    assert words in " ".join(_run(app, "--help").stdout.split())
