"""Switching modules and features in the files."""

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from orion.checking import check_installation
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.product.switching import Change, Switches
from orion.product.writing import write
from orion.settings import ROOT, Settings

Make = Callable[..., Switches]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the manifests of this checkout."""
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    return tmp_path / "manifests"


@pytest.fixture
def switches(folder: Path) -> Make:
    """`switches(platform)` on the copy as it is now."""
    return lambda platform=None: Switches(replace(Settings(), manifests=folder), platform)


def _lines(change: Change) -> list[str]:
    return [line for line in change.diff().splitlines()[2:] if line[0] in "+-"]


def test_a_module_that_nothing_requires_goes_off_and_on_by_one_line(switches: Make, folder: Path) -> None:
    (change,) = switches().disable("marketplace")
    assert _lines(change) == ["+enabled: false"]
    write([change])
    (back,) = switches().enable("marketplace")
    assert _lines(back) == ["-enabled: false", "+enabled: true"]
    write([back])
    assert switches().enable("marketplace") == []
    assert not [d for d in check_installation(Settings(), folder, python=False) if d.severity == "error"]


def test_what_others_require_is_refused_with_their_names(switches: Make) -> None:
    with pytest.raises(Conflict, match="inventory, marketplace"):
        switches().disable("catalog")


def test_cascade_switches_off_what_requires_it_and_on_what_it_requires(switches: Make) -> None:
    changes = switches().disable("catalog", cascade=True)
    assert [one.file.stem for one in changes] == ["catalog", "inventory", "marketplace"]
    write(changes)
    with pytest.raises(Conflict, match="requires what is off: catalog"):
        switches().enable("inventory")
    assert [c.file.stem for c in switches().enable("inventory", cascade=True)] == ["catalog", "inventory"]


def test_a_core_module_stays_on(switches: Make) -> None:
    with pytest.raises(Conflict, match="core module"):
        switches().disable("customers", cascade=True)


def test_a_platform_switches_in_its_own_file_and_keeps_the_rest_of_it(switches: Make) -> None:
    (change,) = switches("letz").disable("marketplace")
    assert _lines(change) == ["+modules: {marketplace: false}"]
    write([change])
    (more,) = switches("letz").feature("customers.customer_export", False)
    assert _lines(more) == ["+features: {customers.customer_export: false}"]
    assert b"Client\xc3\xa8le" in more.after


def test_a_platform_without_a_file_gets_one_that_is_valid(switches: Make, folder: Path) -> None:
    changes = switches("south").disable("catalog", cascade=True)
    write(changes)
    text = (folder / "platforms" / "south.yaml").read_text()
    assert text.splitlines()[1:] == [
        "schema: 1",
        "code: south",
        "modules: {catalog: false, inventory: false, marketplace: false}",
    ]


def test_a_platform_cannot_switch_on_what_is_off_everywhere(switches: Make) -> None:
    write(switches().disable("cms"))
    with pytest.raises(Conflict, match=r"manifests/cms\.yaml:\d+"):
        switches("oms").enable("cms")


def test_a_feature_gets_its_default_in_its_own_line(switches: Make) -> None:
    (change,) = switches().feature("customers.customer_export", False)
    assert _lines(change) == [
        "-  customer_export: Export customer data",
        "+  customer_export: {description: Export customer data, default: false}",
    ]
    write([change])
    assert switches().feature("customers.customer_export", False) == []


def test_names_that_nobody_knows_come_with_a_guess(switches: Make) -> None:
    with pytest.raises(NotFound, match='did you mean "marketplace"'):
        switches().disable("marketplaze")
    with pytest.raises(NotFound, match=r'did you mean "orders\.order_entry"'):
        switches().feature("orders.order_entri", False)


def test_a_file_with_errors_is_left_as_it_is(switches: Make, folder: Path) -> None:
    (folder / "platforms" / "oms.yaml").write_text("heu: 3\n")
    with pytest.raises(Invalid, match=r"mend it first\nmanifests/platforms/oms\.yaml:1:1: error ORN210"):
        switches("oms").disable("cms")


def test_nothing_is_written_over_what_somebody_changed_meanwhile(switches: Make, folder: Path) -> None:
    changes = switches().disable("catalog", cascade=True)
    (folder / "marketplace.yaml").write_bytes((folder / "marketplace.yaml").read_bytes() + b"# mine\n")
    before = {file: file.read_bytes() for file in folder.glob("*.yaml")}
    with pytest.raises(Conflict, match="meanwhile"):
        write(changes)
    assert {file: file.read_bytes() for file in folder.glob("*.yaml")} == before


def test_of_two_who_write_at_the_same_moment_one_is_refused(switches: Make, folder: Path) -> None:
    mine, theirs = switches().disable("cms"), switches().feature("cms.cms_shop", False)
    together, refused = threading.Barrier(2), []

    def save(changes: list[Change]) -> None:
        together.wait()
        try:
            write(changes)
        except Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=save, args=(changes,)) for changes in (mine, theirs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert (folder / "cms.yaml").read_bytes() in (mine[0].after, theirs[0].after)


def test_a_link_goes_on_leading_to_its_file_and_no_other_file_is_left(switches: Make, folder: Path) -> None:
    away = folder.parent / "cms-elsewhere.yaml"
    (folder / "cms.yaml").replace(away)
    (folder / "cms.yaml").symlink_to(away)
    away.chmod(0o640)
    write(switches().disable("cms"))
    assert (folder / "cms.yaml").is_symlink()
    assert b"enabled: false" in away.read_bytes()
    assert away.stat().st_mode & 0o777 == 0o640
    assert not [file for file in folder.parent.rglob(".*")]
