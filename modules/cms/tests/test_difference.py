"""What has changed between two texts."""

import time

import pytest

from modules.cms.difference import Line, compare

pytestmark = pytest.mark.only_on("sqlite")


def told(old: str, new: str) -> list[str]:
    """A line each: its sign, and its text with what has changed in brackets."""
    signs = {"same": " ", "gone": "-", "new": "+", "left": "…"}

    def text(line: Line) -> str:
        return "".join(f"[{part}]" if marked and part else part for part, marked in line.parts) or str(
            line.left
        )

    return [f"{signs[line.kind]}{text(line)}" for line in compare(old, new)]


def test_the_same_text_has_no_difference() -> None:
    assert compare("a\nb", "a\nb") == []


def test_a_changed_word_is_marked_within_its_line() -> None:
    assert told("We are five.", "We are six.") == ["-We are [five].", "+We are [six]."]


def test_new_and_removed_lines_are_told_apart() -> None:
    assert told("a\nb", "a\nb\nc") == [" a", " b", "+[c]"]
    assert told("a\nb\nc", "a\nc") == [" a", "-[b]", " c"]


def test_lines_that_stay_the_same_are_left_out_but_for_a_few() -> None:
    old = "\n".join(str(n) for n in range(20))
    assert told(old, old.replace("10", "ten")) == ["…8", " 8", " 9", "-[10]", "+[ten]", " 11", " 12", "…7"]


def test_a_paragraph_that_became_two_is_shown_whole() -> None:
    assert told("one two", "one\ntwo") == ["-[one two]", "+[one]", "+[two]"]


def test_every_line_of_both_texts_can_be_read_from_it() -> None:
    old, new = "a\nb\nc\nd", "a\nB\nx\nd\ne"
    lines = compare(old, new)
    for kind, text in (("gone", old), ("new", new)):
        parts = ["".join(p for p, _m in line.parts) for line in lines if line.kind in ("same", kind)]
        assert "\n".join(parts) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 32_000, "b\n" * 32_000),
        ("\n".join(str(n % 97) for n in range(20_000)), "\n".join(str(n % 89) for n in range(20_000))),
        ("x " * 32_000, "y " * 32_000),
        ("ab " * 660 + "\n", "ba " * 660 + "\n"),
    ],
)
def test_hostile_texts_are_compared_within_seconds(old: str, new: str) -> None:
    began = time.process_time()
    assert compare(old, new)
    assert time.process_time() - began < 5
