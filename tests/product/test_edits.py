"""Manifests edited at random, and modules switched off and on: nothing breaks, and nothing is lost."""

import logging
import random
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select

from orion.contracts.data import session
from orion.contracts.scope import system_scope
from orion.data import bookkeeping
from orion.data.tables import metadata
from orion.desk.models import Kept
from orion.manifest.diagnostics import ERROR
from orion.manifest.load import parse_module
from orion.product.changes import apply
from orion.product.models import COMMAND
from orion.product.overview import owner_of, platform_of
from orion.product.switching import Switches
from orion.settings import ROOT
from orion.testing.places import Portal
from tests.product.board import ADMIN, OWNER, Board

pytestmark = pytest.mark.by_turns

#: What is written beside what people do: who came by, what was changed when, and figures.
NOTES = {
    *("orion_session", "orion_metric_state", "orion_manifest_text", "orion_manifest_revision"),
    *("orion_data_version", "tenancy_audit_entry"),
}
#: Edits of a run, and after how many all files are whole again.
EDITS, WHOLE_AGAIN = 40, 10
VALUES = [
    *("", "3", "no", "[", "{a: 1}", "1.10", "x" * 300, "é\u202e"),
    *("- a", "true", "null", "&a b", "*a", '"', "0o7"),
]


def _optional() -> list[str]:
    files = sorted((ROOT / "manifests").glob("*.yaml"))
    parsed = [parse_module(file.read_bytes(), file.name)[0] for file in files]
    return [one.code for one in parsed if one is not None and not one.core]


# -- at random ------------------------------------------------------------------------------------


def _typo(lines: list[str], rng: random.Random) -> None:
    at = _some(lines, rng)
    found = re.search(r"[a-z_]{3,}(?=:)", lines[at])
    if found:
        key = list(found[0])
        i = rng.randrange(len(key) - 1)
        key[i], key[i + 1] = key[i + 1], key[i]
        lines[at] = lines[at].replace(found[0], "".join(key), 1)


def _value(lines: list[str], rng: random.Random) -> None:
    at = _some(lines, rng)
    lines[at] = lines[at].partition(":")[0] + ": " + rng.choice(VALUES)


def _indent(lines: list[str], rng: random.Random) -> None:
    at = _some(lines, rng)
    lines[at] = rng.choice(["  ", " ", "\t"]) + lines[at] if rng.random() < 0.6 else lines[at].lstrip()


def _delete(lines: list[str], rng: random.Random) -> None:
    at = _some(lines, rng)
    del lines[at : at + rng.randint(1, 4)]


def _again(lines: list[str], rng: random.Random) -> None:
    lines.insert(_some(lines, rng), lines[_some(lines, rng)])


def _truncate(lines: list[str], rng: random.Random) -> None:
    text = "\n".join(lines)
    lines[:] = text[: rng.randrange(len(text) + 1)].split("\n")


def _insert(lines: list[str], rng: random.Random) -> None:
    lines.insert(_some(lines, rng), rng.choice([*VALUES, "key: value", "lable: x", "enabled: false"]))


def _some(lines: list[str], rng: random.Random) -> int:
    return rng.randrange(len(lines)) if lines else 0


STEPS: list[Callable[[list[str], random.Random], None]] = [
    *(_typo, _value, _indent, _delete, _again, _truncate, _insert),
]


def _edit(file: Path, rng: random.Random) -> None:
    if rng.random() < 0.04:
        file.unlink()
        return
    lines = file.read_text("utf-8", "replace").split("\n") if file.exists() else ["schema: 1"]
    for step in rng.choices(STEPS, k=rng.randint(1, 3)):
        if lines:
            step(lines, rng)
    text = "\n".join(lines).encode("utf-8", "replace")
    if rng.random() < 0.05:
        text = text[: len(text) // 2] + b"\xff\x00" + text[len(text) // 2 :]
    file.write_bytes(text)


def _sweep(at: Board, seed: int, edits: int, caplog: pytest.LogCaptureFixture) -> None:
    rng = random.Random(seed)
    caplog.set_level(logging.ERROR)
    names = sorted(one.relative_to(at.folder).as_posix() for one in at.folder.rglob("*.yaml"))
    for number in range(edits):
        if number and number % WHOLE_AGAIN == 0:
            at.put_back()
            assert at.orion.registry.stale_manifests == ()
        file = at.folder / rng.choice(names)
        _edit(file, rng)
        at.orion.refresh()
        where = f"edit {number} of seed {seed}: {file.name}"
        _answers(at, file, where)
        _applied_or_explained(at, file, where)
        _places_exist(at, where)
        assert not caplog.records, where


def _answers(at: Board, file: Path, where: str) -> None:
    page = f"modules/{file.stem}" if file.parent == at.folder else f"manifests/platforms/{file.stem}"
    # Without the module that keeps memberships nobody is anywhere: that is no defect either.
    right = (200,) if at.orion.permission_source else (404,)
    for address, who in ((f"/admin/{page}", ADMIN), ("/vendor/WIZAMART/", OWNER)):
        answer = at.get(address, who)
        assert answer.status_code in (*right, *((404,) if not file.exists() else ())), (where, address)
        assert "Traceback" not in answer.text, where


def _applied_or_explained(at: Board, file: Path, where: str) -> None:
    registry, is_platforms = at.orion.registry, file.parent != at.folder
    found = registry.platforms.get(file.stem) if is_platforms else registry.manifests.get(file.stem)
    if not file.exists():
        assert found is None, where
        return
    errors = [one for one in registry.diagnostics if one.severity == ERROR]
    explained = [
        one
        for one in errors
        if (platform_of(one.file) if is_platforms else owner_of(at.orion, one)) == file.stem
    ]
    applied = found is not None and found.digest == sha256(file.read_bytes()).hexdigest()
    assert applied or explained, where


def _places_exist(at: Board, where: str) -> None:
    """Every finding stands on a line that is there."""
    for one in at.orion.registry.diagnostics:
        if one.file.startswith("manifests/"):
            file = at.folder / one.file.removeprefix("manifests/")
            lines = file.read_bytes().decode("utf-8", "replace").splitlines() if file.is_file() else []
            assert 1 <= one.line <= max(1, len(lines)), (where, one)


@pytest.mark.only_on("sqlite")
def test_an_edit_at_random_is_applied_or_explained_and_breaks_nothing(
    at: Board, caplog: pytest.LogCaptureFixture
) -> None:
    _sweep(at, 1, EDITS, caplog)


@pytest.mark.long
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("seed", range(2, 6))
def test_a_thousand_edits_at_random_are_applied_or_explained_and_break_nothing(
    at: Board, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    _sweep(at, seed, 250, caplog)


# -- off and on -----------------------------------------------------------------------------------


def _sums(at: Board) -> dict[str, str]:
    """Table → checksum of its rows."""
    bookkeeping.flush(at.app)
    found = {}
    engine = create_engine(at.orion.settings.database)
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names()) - NOTES
        for table in metadata.sorted_tables:
            if table.name in there:
                rows = connection.execute(select(table).order_by(*table.primary_key.columns))
                told = sha256()
                for row in rows:
                    told.update(repr(tuple(row)).encode())
                found[table.name] = told.hexdigest()
    engine.dispose()
    return found


def _rights(at: Board) -> object:
    """What everybody may do, and the menus that two of them see."""
    with at.app.app_context():
        source = at.orion.permission_source
        assert source is not None
        held = [(one.name, one.level, one.permissions) for one in source.holders()]
    pages = [at.get(address, who).text for address, who in (("/admin/", ADMIN), ("/vendor/WIZAMART/", OWNER))]
    menus = [re.sub(r"\s+", " ", page.partition("<nav")[2].partition("</nav>")[0]) for page in pages]
    return sorted(at.orion.registry.permissions), held, menus


@pytest.fixture(scope="module")
def before(shared: Board) -> tuple[dict[str, str], object]:
    """Rows and rights before anything was switched, a saved view of each module among them."""
    with Portal(shared.app).at("WIZAMART", write=True) as scope, shared.app.app_context():
        assert scope.vendor is not None
        user = session().connection().execute(select(metadata.tables["orion_user"].c.id)).scalars().first()
        for code in _optional():
            row = {"what": f"view/{code}.vendor", "name": code, "value": "q=a"}
            session().add(Kept(user_id=user, place="vendor/1", vendor_id=scope.vendor.id, **row))
    rights = _rights(shared)  # Signs people in, which is written down at them.
    return _sums(shared), rights


@pytest.mark.parametrize("code", _optional())
def test_what_is_switched_off_and_on_again_is_as_it_was(
    at: Board, before: tuple[dict[str, str], object], code: str
) -> None:
    def switched(wanted: str, codes: list[str]) -> list[str]:
        done = []
        for one in codes:
            with at.app.app_context():
                switches = Switches(at.orion.settings)
                make = switches.enable if wanted == "on" else switches.disable
                changes = make(one, cascade=True)
                apply(system_scope("command"), changes, COMMAND, "somebody")
                done += [change.name for change in changes]
        at.orion.refresh()
        return done

    off = switched("off", [code])
    assert code in off and not set(off) & set(at.orion.registry.on)
    assert _rights(at) != before[1]
    switched("on", off)
    assert set(off) <= set(at.orion.registry.on)
    assert _rights(at) == before[1]
    assert _sums(at) == before[0]
