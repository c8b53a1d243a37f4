"""An editor with yaml-language-server says what `orion check` says, and offers what may stand there."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from flask import Flask

from orion.product.schemas import schemas
from orion.settings import ROOT
from orion.testing import need, settings_in, shared_app
from orion.testing.databases import Databases
from tests.editor import server
from tests.editor.server import Server

pytestmark = pytest.mark.only_on("sqlite")
TOP = 'schema: 1\ncode: shop\nname: Shop\ndescription: A shop.\nversion: "1.0.0"\n'
HERE = f"# yaml-language-server: $schema=.schemas/module-1.json\n{TOP}"
METRIC = "metrics:\n  - query: shop.sold\n    label: Sold\n    frontends: [vendor]\n    kind: count\n"


@pytest.fixture(scope="module")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with shared_app(databases, settings_in(tmp_path_factory.mktemp("app"))) as made:
        yield made


@pytest.fixture(scope="module")
def folder(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifests and schemas of this checkout, with those of the installation, to be edited."""
    made = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "manifests", made / "manifests", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(ROOT / "orion" / "manifest" / "schemas", made / "orion" / "manifest" / "schemas")
    (made / "manifests" / ".schemas").mkdir()
    for name, text in schemas(app.extensions["orion"]).items():
        (made / "manifests" / ".schemas" / f"{name}-1.json").write_text(json.dumps(text))
    return made


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Server]:
    """A language server with the folder open."""
    need("yaml-language-server", server.there())
    with server.running(folder) as running:
        yield running


def written(folder: Path, name: str, text: str) -> Path:
    """A file of manifests with this text."""
    file = folder / "manifests" / name
    file.write_text(text)
    return file


def test_it_finds_nothing_in_the_manifests_of_this_checkout(editor: Server, folder: Path) -> None:
    files = [file for file in (folder / "manifests").rglob("*.yaml") if ".schemas" not in file.parts]
    assert {file.name: editor.open(file) for file in files} == {file.name: [] for file in files}


def test_a_mistake_is_said_at_its_place(editor: Server, folder: Path) -> None:
    wrong = written(folder, "typo.yaml", HERE + METRIC.replace("kind: count", "kind: number\n    lable: x"))
    found = {one["range"]["start"]["line"] + 1: one["message"] for one in editor.open(wrong)}
    assert "count" in found[11]
    assert "lable" in found[12]


def test_values_are_offered_with_those_of_this_installation(editor: Server, folder: Path, app: Flask) -> None:
    manifests = app.extensions["orion"].registry.manifests.values()
    permissions = {one.id for manifest in manifests for one in manifest.permissions}
    metrics = [one for manifest in manifests for one in manifest.metrics]
    more = METRIC + "    icon: x\n    permission: x\n    links: {vendor: x}\n"
    file = written(folder, "shop.yaml", HERE + more)
    lines = file.read_text().splitlines()
    editor.open(file)

    def offered(key: str) -> set[str]:
        line = next(number for number, text in enumerate(lines) if f"{key}:" in text)
        return editor.offered(file, line, lines[line].index(f"{key}:") + len(key) + 2)

    assert offered("kind") == {"bytes", "count", "money", "percent", "quantity", "series", "status", "table"}
    assert "user-group" in offered("icon")
    assert permissions and permissions <= offered("permission")
    assert {one.query for one in metrics} <= offered("query")
    pages = {one.links["vendor"] for one in metrics if "vendor" in one.links}
    assert pages and pages <= {one.strip("\"'") for one in offered("vendor")}


def test_a_key_is_explained(editor: Server, folder: Path) -> None:
    file = written(folder, "told.yaml", HERE + METRIC)
    editor.open(file)
    assert "how it is shown" in editor.explained(file, 10, 6)


def test_what_may_be_switched_on_a_platform_is_offered(editor: Server, folder: Path, app: Flask) -> None:
    text = "# yaml-language-server: $schema=../.schemas/platform-1.json\nschema: 1\nmodules:\n  \n"
    file = written(folder, "platforms/north.yaml", text)
    editor.open(file)
    assert set(app.extensions["orion"].registry.manifests) <= editor.offered(file, 3, 2)


def test_the_hook_runs_where_a_manifest_or_a_module_is_touched() -> None:
    hook, _ = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"].split() == [".venv/bin/orion", "check"]
    touched = ["manifests/orders.yaml", "manifests/platforms/oms.yaml", "modules/orders/routes/admin.py"]
    assert all(re.search(hook["files"], name) for name in touched)
    assert not re.search(hook["files"], "docs/product-owners.md")
