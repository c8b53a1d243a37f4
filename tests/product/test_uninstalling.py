"""`orion modules uninstall` and `reimport`: a module's data goes into a folder, and comes back as it was."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, select

from orion.app import create_app
from orion.cli import orion
from orion.contracts.scope import system_scope
from orion.data import archives, migrate, revisions
from orion.data.database import db, entered
from orion.desk.models import Kept
from orion.settings import ROOT
from orion.testing import client_of, close, lease_demo, settings_in
from orion.testing.databases import Databases
from tests.product.conftest import SWITCHED

pytestmark = pytest.mark.by_turns

#: Each before what it requires.
ORDER = ("marketplace", "inventory", "catalog", "cms", "orders")
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo, whose manifests may be edited, with a saved view; nobody else has its database afterwards."""
    folder = tmp_path_factory.mktemp("uninstalling")
    shutil.copytree(ROOT / "manifests", folder / "manifests")
    settings = settings_in(folder, manifests=folder / "manifests")
    url = lease_demo(databases, settings)
    made = create_app(replace(settings, database_url=url))
    with made.app_context(), entered(system_scope("command"), write=True) as writing:
        writing.add(Kept(user_id=1, place="admin", what="view/orders.admin", name="Late"))
        writing.commit()
    yield made
    close(made)
    databases.drop(url)


@pytest.fixture
def run(app: Flask) -> Run:
    """`run("modules", "uninstall", …)`."""
    return lambda *arguments, **more: app.test_cli_runner().invoke(orion, arguments, **more)


def switch(app: Flask, on: bool) -> None:
    """Switch all of the modules in their manifests."""
    for code in SWITCHED:
        file = app.extensions["settings"].manifests / f"{code}.yaml"
        text = file.read_text().replace("enabled: false\n", "")
        file.write_text(text if on else text.replace("version:", "enabled: false\nversion:", 1))
    app.extensions["orion"].refresh()


def state(app: Flask) -> dict[str, Any]:
    """All that must be the same afterwards: rows and numbers of each table, grants, views, files."""
    with app.app_context(), revisions.transaction(db.engines["write"]) as connection:
        rows = {t.name: archives.seen(connection, t) for code in ORDER for t in archives.tables_of(code)}
        views = connection.execute(select(Kept.what, Kept.name)).all()
    source = app.extensions["orion"].permission_source
    media = app.extensions["settings"].data / "media"
    with app.app_context():
        return {
            "rows": rows,
            "views": [tuple(view) for view in views],
            "grants": {code: dict(source.grants(code)) for code in ORDER},
            "files": {str(f.relative_to(media)): f.read_bytes() for f in media.rglob("*.*")},
        }


def tables(app: Flask) -> set[str]:
    with app.app_context(), revisions.owned(db.engines["write"]) as connection:
        return set(inspect(connection).get_table_names())


def test_it_is_refused_in_words_while_something_stands_in_the_way(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    said = str(run("modules", "uninstall", "cms", "--yes-delete", "cms").exception)
    assert said == "cms is on: first run orion modules disable cms"
    assert "core module" in str(run("modules", "uninstall", "customers").exception)
    assert "did you mean" in str(run("modules", "uninstall", "ordes").exception)
    switch(app, on=False)
    try:
        said = str(run("modules", "uninstall", "catalog", "--yes-delete", "catalog").exception)
        assert "required by inventory, marketplace" in said
        wrong = run("modules", "uninstall", "cms", "--to", str(tmp_path / "x"), input="cmss\n")
        assert "nothing was removed" in str(wrong.exception)
        assert "cms_page" in tables(app)
        assert not (tmp_path / "x").exists()
    finally:
        switch(app, on=True)


def test_all_of_it_goes_and_comes_back_as_it_was(app: Flask, run: Run, tmp_path: Path) -> None:
    before = state(app)
    assert before["files"] and before["views"] and before["grants"]["orders"]
    switch(app, on=False)
    for code in ORDER:
        told = run("modules", "uninstall", code, "--yes-delete", code, "--to", str(tmp_path / code), "--json")
        assert told.exit_code == 0, told.exception
        assert json.loads(told.stdout)["rows"] > 0
    gone = state_of_what_is_left(app)
    assert gone == {"tables": set(), "views": 0, "grants": {}, "files": []}
    assert app.extensions["orion"].registry.state("cms") == "off"
    for table, kept in before["rows"].items():
        sheet = (tmp_path / table.partition("_")[0] / "tables" / f"{table}.csv").read_text()
        assert kept.rows == 0 or len(sheet.splitlines()) > kept.rows
    migrate.upgrade(app)
    for code in reversed(ORDER):
        back = run("modules", "reimport", str(tmp_path / code))
        assert back.exit_code == 0, back.exception
        assert "it is off: orion modules enable" in back.stdout
    assert "holds rows" in str(run("modules", "reimport", str(tmp_path / "cms")).exception)
    switch(app, on=True)
    assert state(app) == before
    owner = client_of(app, "owner@orion.example")
    for page in ("products", "orders", "pages", "inventory", "imports"):
        assert owner.get(f"/vendor/WIZAMART/{page}").status_code == 200, page
    log = client_of(app, "admin@orion.example").get("/admin/audit").text
    assert "A module was uninstalled" in log
    assert "put back" in log


def state_of_what_is_left(app: Flask) -> dict[str, Any]:
    """What there still is of the modules."""
    source, data = app.extensions["orion"].permission_source, app.extensions["settings"].data
    known = {t.name for code in ORDER for t in archives.tables_of(code)}
    with app.app_context(), entered(system_scope("command")) as reading:
        views = reading.query(Kept).filter(Kept.what.like("view/orders.%")).count()
        grants = {code: source.grants(code) for code in ORDER if source.grants(code)}
    files = [str(f) for code in ORDER for f in data.glob(f"media/*/{code}")]
    versions = {f"alembic_version_{code}" for code in ORDER}
    return {"tables": tables(app) & (known | versions), "views": views, "grants": grants, "files": files}


def test_an_export_that_was_touched_is_not_put_back(app: Flask, run: Run, tmp_path: Path) -> None:
    switch(app, on=False)
    told = run("modules", "uninstall", "cms", "--yes-delete", "cms", "--to", str(tmp_path / "cms"))
    assert told.exit_code == 0, told.exception
    assert "no tables here" in str(run("modules", "reimport", str(tmp_path / "cms")).exception)
    migrate.upgrade(app)
    file = tmp_path / "cms" / "tables" / "cms_page.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert "isn't what was exported" in str(run("modules", "reimport", str(tmp_path / "cms")).exception)
    file.write_bytes(whole)
    assert run("modules", "reimport", str(tmp_path / "cms")).exit_code == 0
    assert "holds no export" in str(run("modules", "reimport", str(tmp_path)).exception)
    switch(app, on=True)
