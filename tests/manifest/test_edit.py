"""One value set in a YAML file: a one-line difference, and everything else as it was written."""

from difflib import ndiff

import pytest

from orion.manifest.document import Path
from orion.manifest.edit import CannotEdit, with_value
from orion.settings import ROOT

HEAD = 'schema: 1\ncode: goods   # a note\nversion: "1.0.0"\n'
CASES = [
    (HEAD, ("enabled",), ["+ enabled: false"]),
    ("enabled: true   # why\n" + HEAD, ("enabled",), ["- enabled: true   # why", "+ enabled: false   # why"]),
    ("code: x\nhue: 30\n", ("modules", "goods"), ["+ modules: {goods: false}"]),
    ("code: x\nmodules: {}\n", ("modules", "goods"), ["- modules: {}", "+ modules: {goods: false}"]),
    (
        "code: x\nmodules: { a: true }  # two\n",
        ("modules", "b"),
        ["- modules: { a: true }  # two", "+ modules: { a: true, b: false }  # two"],
    ),
    ("code: x\nmodules:\n    a: true # first\n\n# end\n", ("modules", "b"), ["+     b: false"]),
    (
        "code: x\nmodules:\n  a: true # first\n",
        ("modules", "a"),
        ["-   a: true # first", "+   a: false # first"],
    ),
    (
        "code: x\nfeatures:\n  view: See it  # here\n",
        ("features", "view", "default"),
        ["-   view: See it  # here", "+   view: {description: See it, default: false}  # here"],
    ),
    (
        "code: x\nfeatures:\n  view: See, edit [it]\n",
        ("features", "view", "default"),
        ["-   view: See, edit [it]", '+   view: {description: "See, edit [it]", default: false}'],
    ),
    (
        "code: x\nfeatures:\n  view: 'See, it''s'\n",
        ("features", "view", "default"),
        ["-   view: 'See, it''s'", "+   view: {description: 'See, it''s', default: false}"],
    ),
    (
        "code: x\nfeatures:\n  view:\n    description: See\n  other: O\n",
        ("features", "view", "default"),
        ["+     default: false"],
    ),
    (
        "code: x\nfeatures: {view: {description: See}}\n",
        ("features", "view", "default"),
        ["- features: {view: {description: See}}", "+ features: {view: {description: See, default: false}}"],
    ),
]


@pytest.mark.parametrize(("text", "path", "difference"), CASES)
def test_one_line_differs(text: str, path: Path, difference: list[str]) -> None:
    after = with_value(text.encode(), path, False).decode()
    found = [line for line in ndiff(text.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert found == difference


def test_line_ends_and_the_mark_at_the_beginning_stay() -> None:
    text = "\ufeffcode: é\r\nhue: 30\r\n".encode()
    assert with_value(text, ("modules", "a"), False) == text + b"modules: {a: false}\r\n"


def test_a_file_that_does_not_end_its_last_line_is_read_as_before() -> None:
    assert with_value(b"code: x", ("modules", "a"), False) == b"code: x\nmodules: {a: false}"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"- a\n",
        b"code: [\n",
        b"{code: x, hue: 30}\n",
        b"labels: {a: {en: b}}\n",
        b"code: x\nfeatures:\n  view:\n    - a\n",
    ],
)
def test_what_only_a_person_can_edit_is_left_to_one(text: bytes) -> None:
    with pytest.raises(CannotEdit):
        with_value(text, ("features", "view", "default"), False)


def test_every_manifest_here_can_be_switched_with_one_line() -> None:
    for file in sorted((ROOT / "manifests").glob("*.yaml")):
        text = file.read_bytes()
        after = with_value(text, ("enabled",), False)
        found = ndiff(text.decode().splitlines(), after.decode().splitlines())
        assert [line for line in found if line[0] in "+-"] == ["+ enabled: false"], file.name
