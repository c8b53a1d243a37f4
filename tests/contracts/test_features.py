"""Every feature that something asks for has a test in its module of what goes with it."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from orion.loader import package_folder
from orion.manifest.asked import check_asked
from orion.manifest.load import read_folder
from orion.settings import Settings
from orion.testing.features import Gone, Stage

READING = read_folder(Settings().manifests)


def table_of(code: str) -> Any:
    """The table of a module's tests/test_features.py, as its test uses it."""
    folder = package_folder(Settings())
    assert folder is not None
    file = folder / code / "tests" / "test_features.py"
    if not file.is_file():
        return None
    spec = importlib.util.spec_from_file_location(f"features_of_{code}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [value for name, value in vars(module).items() if name.startswith("test")]
    return next((one.gone for one in tests if isinstance(getattr(one, "gone", None), Gone)), None)


@pytest.fixture(scope="module")
def unasked() -> set[str]:
    """Features that nothing asks for: `orion check` warns of them, and nothing can go with them."""
    folder = package_folder(Settings())
    assert folder is not None
    found = check_asked(folder, READING.manifests)
    return {f"{Path(one.file).stem}.{one.message.split(chr(34))[1]}" for one in found}


def test_each_feature_has_a_test_in_its_module_of_what_goes_with_it(code: str, unasked: set[str]) -> None:
    table = table_of(code)
    tried = {f"{table.code}.{name}" for name in table.table} if table else set()
    assert {one.full_id for one in READING.manifests[code].features} - unasked == tried


class Still(Stage):
    """A stage on which nothing depends on a feature."""

    def __init__(self) -> None: ...

    def without(self, feature: str) -> Any:  # type: ignore[override]
        return pytest.MonkeyPatch.context()


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ([], "nothing is said"),
        ([lambda _stage: True], "still there"),
        ([lambda _stage: False], "not there"),
    ],
)
def test_a_table_that_proves_nothing_is_refused(shown: list[Any], wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        Gone("shop", {"sale": shown}).check(Still(), "sale")
