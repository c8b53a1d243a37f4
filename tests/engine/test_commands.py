"""The `orion` command, run as people run it."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, inspect

from orion.app import create_app
from orion.cli import orion
from orion.settings import ROOT, Settings
from orion.testing import close

LOGINS = {f"{name}@orion.example" for name in ("admin", "platform", "owner", "staff", "books")}
KEY = "a key that another command has left"
Run = Callable[..., Result]


@pytest.fixture
def run(demo: Flask) -> Run:
    """`run("modules", "list")` runs `orion modules list` on the demo."""
    return lambda *arguments: demo.test_cli_runner().invoke(orion, arguments)


@dataclass
class Shell:
    """The command in a process of its own, on a data folder of its own."""

    data: Path

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "ORION_DATA": str(self.data),
            "HOME": str(self.data),
        }
        command = [sys.executable, "-c", "from orion.cli import main; main()", *arguments]
        return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=120)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement finds in the data folder's database."""
        connection = sqlite3.connect(self.data / "orion.db")
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


# -- orion check ----------------------------------------------------------------------------------


@pytest.fixture
def manifests(tmp_path: Path) -> Iterator[Path]:
    """A copy of the manifests, in which the first one has a misspelt key too many."""
    folder = tmp_path / "manifests"
    shutil.copytree(ROOT / "manifests", folder)
    first = sorted(folder.glob("*.yaml"))[0]
    first.write_text(
        first.read_text(encoding="utf-8").replace("\ndescription:", "\ndescripton: x\ndescription:", 1)
    )
    yield first


def test_check_says_of_this_checkout_which_feature_is_still_to_come_and_succeeds(shell: Shell) -> None:
    done = shell("check")
    heads = [line for line in done.stdout.splitlines() if " ORN" in line]
    assert done.returncode == 0
    assert len(heads) == 1
    assert "warning ORN318" in heads[0]
    assert '"customer_authentication"' in heads[0]
    assert "0 errors, 1 warning\n" in done.stderr


def _check(manifests: Path, *options: str) -> Result:
    return CliRunner().invoke(orion, ["check", "--manifests", str(manifests.parent), *options])


def test_check_shows_the_place_the_line_and_what_was_meant(manifests: Path) -> None:
    done = _check(manifests)
    assert done.exit_code == 1
    assert "1 error, 1 warning\n" in done.stderr
    assert re.search(rf"{manifests.name}:\d+:1: error ORN\d+: .*descripton", done.stdout)
    assert 'did you mean "description"?' in done.stdout
    assert re.search(r"^ *\^", done.stdout, re.MULTILINE)


def test_check_as_json_is_a_list_of_places(manifests: Path) -> None:
    done = _check(manifests, "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    wrong = next(one for one in found if "descripton" in one["message"])
    assert wrong["file"].endswith(manifests.name)
    assert (wrong["severity"], wrong["column"]) == ("error", 1)
    assert wrong["line"] > 1 and wrong["code"].startswith("ORN")
    assert _check(manifests, "--json").stdout == done.stdout


def test_check_for_github_annotates_the_line(manifests: Path) -> None:
    done = _check(manifests, "--format", "github")
    assert done.exit_code == 1
    assert re.search(rf"^::error file=[^,]*{manifests.name},line=\d+,col=1", done.stdout, re.MULTILINE)


# -- modules, schema ------------------------------------------------------------------------------


@pytest.mark.only_on("sqlite")
def test_modules_are_listed_with_their_state(run: Run, demo: Flask) -> None:
    listed = run("modules", "list", "--json")
    assert listed.exit_code == 0
    found = {row["code"]: row["state"] for row in json.loads(listed.output)}
    assert found == dict.fromkeys(demo.extensions["orion"].modules, "on")
    text = run("modules", "list").output
    assert all(code in text for code in found)


@pytest.mark.only_on("sqlite")
def test_the_schema_for_editors_knows_this_installation(run: Run, demo: Flask, tmp_path: Path) -> None:
    written = run("schema", "write", "--to", str(tmp_path / "schemas"))
    assert written.exit_code == 0
    file, platforms = (Path(line) for line in written.output.splitlines())
    assert file.parent == platforms.parent == tmp_path / "schemas"
    text = file.read_text(encoding="utf-8")
    assert json.loads(text)["$schema"].endswith("2020-12/schema")
    assert all(f'"{permission}"' in text for permission in demo.extensions["orion"].registry.permissions)


# -- figures --------------------------------------------------------------------------------------


@pytest.fixture
def figures(run: Run) -> list[dict[str, Any]]:
    """What `orion metrics list` names."""
    found: list[dict[str, Any]] = json.loads(run("metrics", "list", "--json").output)
    assert found
    return found


def _shown(run: Run, *arguments: str) -> dict[str, Any]:
    shown = run("metrics", "show", *arguments, "--json")
    assert shown.exit_code == 0, shown.output
    found: dict[str, Any] = json.loads(shown.output)
    return found


def test_every_figure_is_shown_as_its_tile_has_it(
    run: Run, figures: list[dict[str, Any]], sign_in: Callable[..., Any]
) -> None:
    owner = sign_in("owner@orion.example")
    for row in figures:
        if "vendor" in row["frontends"]:
            shown = _shown(run, row["query"], "--vendor", "WIZAMART", "--period", "90d")
            tile = owner.get(
                f"/vendor/WIZAMART/tiles/{row['query']}?period=90d", headers={"Accept": "application/json"}
            ).get_json()
            keys = ("query", "kind", "value", "currency", "unit", "period", "from", "to", "parts")
            assert {k: shown.get(k) for k in keys} == {k: tile.get(k) for k in keys}


def test_a_vendors_figures_are_those_of_its_platforms_together(
    run: Run, figures: list[dict[str, Any]]
) -> None:
    money = [r for r in figures if r["kind"] == "money" and "vendor" in r["frontends"] and r["period"]]
    added_up = [row["query"] for row in money if "average" not in row["query"]]
    assert added_up or not money
    for query in added_up:
        here = ["--vendor", "WIZAMART", "--period", "12m"]
        both = [_shown(run, query, *here, "--platform", p)["value"] for p in ("oms", "letz")]
        every = _shown(run, query, *here)["value"]
        assert round(sum(map(float, both)), 2) == round(float(every), 2)


@pytest.mark.only_on("sqlite")
def test_figures_are_asked_of_a_place_that_is_there(run: Run, figures: list[dict[str, Any]]) -> None:
    query = next(row["query"] for row in figures if "vendor" in row["frontends"])
    for arguments in (
        [],
        ["--vendor", "NOSUCH"],
        ["--vendor", "WIZAMART", "--platform", "nosuch"],
        ["--vendor", "LUXBOOKS", "--platform", "oms"],
        ["--platform", "nosuch"],
        ["--vendor", "WIZAMART", "--period", "forever"],
        ["--vendor", "WIZAMART", "--from", "2026-01-01"],
        ["--vendor", "WIZAMART", "--from", "2026-02-01", "--to", "2026-01-01"],
    ):
        assert run("metrics", "show", query, *arguments).exit_code != 0, arguments
    assert run("metrics", "show", "no.such", "--vendor", "WIZAMART").exit_code != 0


def test_daily_figures_are_right_and_stay_so_when_they_are_made_anew(run: Run) -> None:
    before = run("metrics", "verify", "--json")
    assert (before.exit_code, json.loads(before.output)) == (0, [])
    assert run("metrics", "rebuild").exit_code == 0
    assert run("metrics", "verify").exit_code == 0


# -- the database ---------------------------------------------------------------------------------


def test_tables_are_made_once(empty_database: str, settings: Settings) -> None:
    app = create_app(replace(settings, database_url=empty_database))
    first = app.test_cli_runner().invoke(orion, ["db", "upgrade"])
    again = app.test_cli_runner().invoke(orion, ["db", "upgrade"])
    close(app)
    assert first.exit_code == again.exit_code == 0
    assert first.output.startswith("orion: ")
    assert again.output == ""
    engine = create_engine(empty_database)
    assert "orion_user" in inspect(engine).get_table_names()
    engine.dispose()


@pytest.mark.by_turns
def test_seeds_add_vendors_and_may_run_twice(run: Run, sign_in: Callable[..., Any]) -> None:
    admin = sign_in("admin@orion.example")

    def vendors() -> int:
        tile = admin.get("/admin/tiles/tenancy.vendors", headers={"Accept": "application/json"}).get_json()
        return int(tile["value"])

    wanted = vendors() + 2
    for _ in range(2):
        assert run("seed", "--vendors", str(wanted), "--orders", "20").exit_code == 0
        assert vendors() == wanted
    assert run("metrics", "verify").exit_code == 0


# -- orion demo -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shell, str]]:
    """The data folder, in which a key was, after `orion demo` has filled it, and what that printed."""
    shell = Shell(tmp_path_factory.mktemp("demo") / "data")
    shell.data.mkdir()
    (shell.data / "secret.key").write_text(KEY)
    done = shell("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    yield shell, done.stdout


def test_the_demo_prints_its_logins(demo_folder: tuple[Shell, str]) -> None:
    _shell, printed = demo_folder
    assert set(re.findall(r"\S+@orion\.example", printed)) == LOGINS
    assert printed.count("orion-demo") >= len(LOGINS)


def test_a_demo_that_is_there_is_left_as_it_is(demo_folder: tuple[Shell, str]) -> None:
    shell, _printed = demo_folder
    before = shell.rows("SELECT id, email, password FROM orion_user ORDER BY id")
    assert {email for _id, email, _password in before} == LOGINS
    again = shell("demo", "--no-serve", "--data", str(shell.data))
    assert again.returncode == 0
    assert set(re.findall(r"\S+@orion\.example", again.stdout)) == LOGINS
    assert shell.rows("SELECT id, email, password FROM orion_user ORDER BY id") == before


def test_a_demo_that_was_left_half_made_is_made_anew(demo_folder: tuple[Shell, str], tmp_path: Path) -> None:
    shell, _printed = demo_folder
    half = Shell(tmp_path / "half")
    shutil.copytree(shell.data, half.data)
    stamp = half.data / "ready"
    stamp.write_text("making")
    assert half("demo", "--no-serve", "--data", str(half.data)).returncode == 0
    assert stamp.read_text().startswith("small\n")
    assert len(half.rows("SELECT id FROM orion_user")) == len(LOGINS)


def test_the_demo_refuses_a_folder_with_other_things(shell: Shell) -> None:
    shell.data.mkdir()
    (shell.data / "letters.txt").write_text("mine")
    done = shell("demo", "--no-serve", "--data", str(shell.data))
    assert done.returncode == 1
    assert "letters.txt" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in shell.data.iterdir()] == ["letters.txt"]


def test_the_demo_is_in_the_data_folder_and_every_command_finds_it_there(
    demo_folder: tuple[Shell, str],
) -> None:
    shell, _printed = demo_folder
    assert (shell.data / "secret.key").read_text() == KEY
    people = shell("users", "list", "--json")
    assert {row["email"] for row in json.loads(people.stdout)} == LOGINS


@pytest.mark.parametrize(
    "command", ["users list", "seed --vendors 1 --orders 1", "metrics show no.query --vendor NOBODY"]
)
def test_a_command_without_a_database_says_so_in_a_line(shell: Shell, command: str) -> None:
    done = shell(*command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("orion: ")
    assert done.stderr.count("\n") == 1


def test_a_command_on_a_database_without_tables_names_what_makes_them(shell: Shell) -> None:
    shell.data.mkdir()
    sqlite3.connect(shell.data / "orion.db").close()
    done = shell("users", "list")
    assert done.returncode == 2
    assert "orion db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_an_installation_has_none_of_the_demos_people(shell: Shell) -> None:
    assert shell("db", "upgrade").returncode == 0
    assert shell("seed", "--vendors", "1", "--orders", "9").returncode == 0
    assert shell.rows("SELECT email FROM orion_user") == []


def test_a_command_that_is_none_is_a_usage_error(shell: Shell) -> None:
    done = shell("no-such-command")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
