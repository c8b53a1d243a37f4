"""A folder of manifests, and what its files say of each other."""

from pathlib import Path

import pytest

from orion.manifest.load import check_set, read_folder
from orion.manifest.meaning import fits
from orion.testing import minimal_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "manifests"
    (folder / "platforms").mkdir(parents=True)
    return folder


def write(folder: Path, **texts: str) -> None:
    for code, text in texts.items():
        (folder / f"{code}.yaml").write_text(text)


def test_every_mistake_of_every_file_is_told_at_once(folder: Path) -> None:
    write(
        folder, shop=minimal_manifest("shop", "core: yes\nfoo: 1\n"), till="[", cellar=minimal_manifest("bar")
    )

    found = read_folder(folder).diagnostics

    assert [(one.file, one.code) for one in found] == [
        ("manifests/cellar.yaml", "ORN301"),
        ("manifests/shop.yaml", "ORN202"),
        ("manifests/shop.yaml", "ORN210"),
        ("manifests/till.yaml", "ORN115"),
    ]


def test_one_broken_file_leaves_the_others_readable(folder: Path) -> None:
    write(folder, shop=minimal_manifest("shop"), till="[")

    reading = read_folder(folder)

    assert set(reading.manifests) == {"shop"}
    assert set(reading.texts) == {"shop", "till"}


def test_a_folder_that_is_absent_has_no_manifests(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "nowhere").manifests == {}


def test_hidden_files_of_editors_are_no_manifests(folder: Path) -> None:
    write(folder, **{".#shop": "["})

    assert read_folder(folder).diagnostics == ()


def test_a_link_to_nowhere_is_explained(folder: Path) -> None:
    (folder / "shop.yaml").symlink_to(folder / "absent.txt")

    assert [one.code for one in read_folder(folder).diagnostics] == ["ORN114"]


def test_to_require_a_module_whose_manifest_is_broken_is_no_mistake(folder: Path) -> None:
    write(folder, shop=minimal_manifest("shop", "requires: [till]\n"), till="[")
    reading = read_folder(folder)

    assert check_set(reading.manifests, known=reading.texts) == []
    assert [one.code for one in check_set(reading.manifests)] == ["ORN302"]


def test_a_platform_may_name_what_a_broken_manifest_would_declare(folder: Path) -> None:
    write(folder, till="[")
    (folder / "platforms" / "south.yaml").write_text("modules: {till: false}\nfeatures: {till.sale: false}\n")

    assert [one.file for one in read_folder(folder).diagnostics] == ["manifests/till.yaml"]


def test_each_module_of_a_circle_is_told(folder: Path) -> None:
    write(
        folder,
        **{
            code: minimal_manifest(code, f"requires: [{need}]\n")
            for code, need in {"a": "b", "b": "c", "c": "a", "d": "e", "e": "d", "f": "a"}.items()
        },
    )

    found = [one for one in check_set(read_folder(folder).manifests) if one.code == "ORN303"]

    assert sorted(Path(one.file).stem for one in found) == ["a", "b", "c", "d", "e"]
    assert found[0].message == "modules require each other in a circle: a → b → c → a"


def test_a_section_is_described_once_and_joined_by_others(folder: Path) -> None:
    items = "      items: [{id: x, label: X, route: /admin/x}]\n"
    described = f"menus:\n  admin:\n    - id: ops\n      label: Ops\n{items}"
    joined = f"menus:\n  admin:\n    - id: ops\n{items}"
    write(
        folder,
        a=minimal_manifest("a", described),
        b=minimal_manifest("b", joined),
        c=minimal_manifest("c", described),
    )

    found = check_set(read_folder(folder).manifests)

    assert [(one.file, one.code) for one in found] == [("manifests/c.yaml", "ORN305")]


@pytest.mark.parametrize(
    ("version", "wanted", "does"),
    [
        ("0.1.0", ">=0.1", True),
        ("0.1.0", ">=0.1.1", False),
        ("0.10.0", ">=0.9, <1", True),
        ("1.0.0", ">=0.9, <1", False),
        ("2.0.0.dev1", ">=2", True),
    ],
)
def test_versions_are_compared_number_by_number(version: str, wanted: str, does: bool) -> None:
    assert fits(version, wanted) is does
