"""The figures of `docs/import-formats.md`: files of other systems become what others counted in them."""

import importlib.util
from types import ModuleType

import pytest

from orion.settings import ROOT
from orion.testing.open_data import real

pytestmark = pytest.mark.only_on("sqlite")
#: Small files of many kinds.
SMALL = (
    *("woocommerce_sample", "google_merchant_eur", "amazon_variation", "bagisto_sample_products.xml"),
    *("shopify_orders_export", "bagisto_customers"),
)


@pytest.fixture
def script() -> ModuleType:
    """The script that makes the table."""
    real("TRUTH.json")
    spec = importlib.util.spec_from_file_location("import_formats", ROOT / "docs" / "import_formats.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("words", [SMALL, pytest.param((), marks=pytest.mark.long)])
def test_files_become_what_others_have_counted_or_it_is_said_why_not(
    script: ModuleType, words: tuple[str, ...]
) -> None:
    off, number = [], 0
    for kind, file, got, again in script.figures(words):
        for one in script.compared(file, kind, got):
            number += 1
            if not one.same and not one.why:
                off.append((file.name, one.name, one.expected, one.got))
        if again.get("new") or again.get("changed"):
            off.append((file.name, "the second time", "", str(again)))
    assert number > len(words)
    assert off == []
