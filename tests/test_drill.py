"""The removal drill's plan, on made-up manifests; the drill itself is `make drill`."""

from pathlib import Path

import pytest

from tests.drill import Broken, brief, copy_checkout, delete, drills, leaving, planned

HOUSE: dict[str, dict[str, object]] = {
    "ground": {"core": True, "requires": []},
    "goods": {"requires": ["ground"]},
    "stock": {"requires": ["goods"]},
    "market": {"requires": ["stock", "ground"]},
    "pages": {"requires": ["ground"]},
}


def test_a_module_leaves_with_everything_that_requires_it() -> None:
    assert leaving("goods", HOUSE) == ["goods", "market", "stock"]


def test_a_module_that_nothing_requires_leaves_alone() -> None:
    assert leaving("pages", HOUSE) == ["pages"]


def test_every_optional_module_has_a_drill_and_no_core_module_has_one() -> None:
    assert drills(HOUSE) == [["goods", "market", "stock"], ["market", "stock"], ["market"], ["pages"]]


def test_a_core_module_that_requires_an_optional_one_is_reported() -> None:
    with pytest.raises(Broken, match="core module ground requires pages"):
        drills(HOUSE | {"ground": {"core": True, "requires": ["pages"]}})


def test_the_brief_drill_asks_the_whole_suite_once_without_all_optional_modules() -> None:
    plan = brief(drills(HOUSE), HOUSE)
    whole = [gone for gone, tests in plan if not any(test.startswith("tests/") for test in tests)]
    assert whole == [["goods", "market", "pages", "stock"]]
    assert [gone for gone, _tests in plan if gone not in whole] == drills(HOUSE)


def test_a_named_module_is_drilled_alone() -> None:
    assert planned(["market"], HOUSE) == [["market"]]


def test_a_name_that_is_no_optional_module_is_refused() -> None:
    with pytest.raises(Broken, match="goods, market, pages, stock"):
        planned(["ground"], HOUSE)


def test_deleting_takes_the_folder_and_the_manifest_and_nothing_else(tmp_path: Path) -> None:
    files = ("models.py", "templates/list.html")
    every = [f"modules/{module}/{file}" for module in ("goods", "pages") for file in files]
    for name in (*every, "manifests/goods.yaml", "manifests/pages.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    delete(["goods"], tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"modules/pages/models.py", "modules/pages/templates/list.html", "manifests/pages.yaml"}


def test_the_copy_holds_the_source_and_nothing_that_an_installation_wrote(tmp_path: Path) -> None:
    copy_checkout(tmp_path)
    assert (tmp_path / "orion" / "app.py").is_file()
    assert (tmp_path / "tests" / "drill.py").is_file()
    assert not {".venv", ".git", "instance"} & {path.name for path in tmp_path.iterdir()}
