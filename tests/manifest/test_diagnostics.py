"""Findings as people, editors and GitHub see them."""

import pytest

from orion.manifest.diagnostics import Diagnostic, as_github, as_json, as_text, did_you_mean
from orion.manifest.load import parse_module
from orion.testing import minimal_manifest


def finding(column: int = 1, source: str = "", **changes: str) -> Diagnostic:
    said = {"message": 'unknown key "lable"', "hint": 'did you mean "label"?', **changes}
    return Diagnostic(
        "manifests/shop.yaml", 14, column, "ORN210", "error", said["message"], source, said["hint"]
    )


def test_a_text_has_the_place_the_line_and_a_caret_under_it() -> None:
    assert as_text(finding(5, "    lable: Orders")) == (
        'manifests/shop.yaml:14:5: error ORN210: unknown key "lable" (did you mean "label"?)\n'
        "    lable: Orders\n"
        "    ^"
    )


@pytest.mark.parametrize(
    ("source", "column", "under"),
    [("\tlable: 1", 2, "\t^"), ("名前: x", 5, "      ^"), ("é: x", 4, "   ^")],
)
def test_the_caret_stands_under_its_character(source: str, column: int, under: str) -> None:
    assert as_text(finding(column, source)).splitlines()[2] == under


def test_a_long_line_is_cut_to_what_is_around_the_place() -> None:
    _, source, caret = as_text(finding(5001, "x" * 5000 + "!" + "y" * 5000)).splitlines()

    assert len(source) < 150
    assert source[caret.index("^")] == "!"


def test_nothing_in_a_file_can_steer_a_terminal() -> None:
    shown = as_text(finding(1, "a: \x1b[31m\u202e", message="unknown \x1b]0;x\x07"))

    assert not set(shown) & {"\x1b", "\x07", "\u202e"}


def test_json_has_every_field() -> None:
    assert as_json([finding(5, "x")]) == [
        {
            "file": "manifests/shop.yaml",
            "line": 14,
            "column": 5,
            "code": "ORN210",
            "severity": "error",
            "message": 'unknown key "lable"',
            "source": "x",
            "hint": 'did you mean "label"?',
        }
    ]


def test_a_workflow_command_has_no_line_end_of_its_own() -> None:
    shown = as_github(finding(5, message="100%\nsure", hint=""))

    assert shown.startswith("::error file=manifests/shop.yaml,line=14,col=5::ORN210: 100%25")
    assert "\n" not in shown


def test_findings_are_sorted_by_place() -> None:
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 2), ("a", 9, 1)]
    found = [Diagnostic(f, line, column, "ORN210", "error", "x") for f, line, column in places]

    assert [(one.file, one.line, one.column) for one in sorted(found)] == sorted(places)


@pytest.mark.parametrize(
    ("word", "hint"), [("lable", 'did you mean "label"?'), ("LABEL", 'did you mean "label"?'), ("colour", "")]
)
def test_only_what_is_close_is_suggested(word: str, hint: str) -> None:
    assert did_you_mean(word, ["label", "icon", "order"]) == hint


def test_a_mistake_in_a_real_manifest_is_shown_as_promised() -> None:
    text = minimal_manifest(
        "orders",
        "metrics:\n  - query: orders.count\n    lable: Orders\n    kind: count\n    frontends: [admin]\n",
    )

    found = parse_module(text.encode(), "manifests/orders.yaml")[1]

    assert 'manifests/orders.yaml:8:5: error ORN210: unknown key "lable" (did you mean "label"?)' in as_text(
        found[-1]
    )
