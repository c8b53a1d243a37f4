"""The reference that people read, and the manifests that are there."""

import re
from pathlib import Path

import pytest

from orion.manifest.load import check_set, parse_module, parse_platform, read_folder
from orion.manifest.reference import reference
from orion.testing import minimal_manifest

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", reference(), re.DOTALL | re.MULTILINE)


def test_the_reference_is_what_the_schemas_say() -> None:
    committed = (ROOT / "docs" / "module-manifest.md").read_text("utf-8")

    assert committed == reference(), "run: python -m orion.manifest.reference > docs/module-manifest.md"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split(":")[0])
def test_each_example_of_the_reference_is_valid(example: str) -> None:
    whole = "code:" in example
    text = example if whole else minimal_manifest("returns") + example
    found = parse_module(text.encode(), "manifests/returns.yaml")[1]

    assert found == [] or parse_platform(example.encode(), "south.yaml")[1] == []


def test_the_whole_example_means_what_it_says() -> None:
    manifest = parse_module(EXAMPLES[-1].encode(), "manifests/returns.yaml")[0]

    assert manifest is not None
    assert check_set({"returns": manifest}, known=manifest.requires) == []


def test_the_manifests_of_this_installation_are_valid() -> None:
    reading = read_folder(ROOT / "manifests")

    assert [*reading.diagnostics, *check_set(reading.manifests, known=reading.texts)] == []
