"""What has changed between two texts, line by line, and word by word within a line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Unchanged lines that stay visible around a change.
AROUND = 2
#: Beyond so many lines, or signs in a line, it is no longer looked at closely: that could take minutes.
MOST_LINES, MOST_SIGNS = 2000, 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison. `kind`: same, gone, new, or left (then `left` lines are left out).

    `parts` are pieces of text, each with whether it is what has changed.
    """

    kind: str
    parts: Sequence[tuple[str, bool]] = ()
    left: int = 0


def compare(old: str, new: str) -> list[Line]:
    """All changed lines with a few around them; nothing where the texts are the same."""
    before, after = old.split("\n"), new.split("\n")
    found: list[Line] = []
    steps = _steps(before, after)
    for number, (kind, a, b, c, d) in enumerate(steps, 1):
        if kind == "equal":
            found += _same(before[a:b], first=number == 1, last=number == len(steps))
        else:
            found += _changed(before[a:b], after[c:d])
    return found if any(line.kind in ("gone", "new") for line in found) else []


def _steps(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) <= MOST_LINES:
        return SequenceMatcher(None, before, after).get_opcodes()
    most = min(len(before), len(after))
    head = next((n for n in range(most) if before[n] != after[n]), most)
    tail = next((n for n in range(most - head) if before[-1 - n] != after[-1 - n]), most - head)
    a, b = len(before), len(after)
    steps = [
        ("equal", 0, head, 0, head),
        ("replace", head, a - tail, head, b - tail),
        ("equal", a - tail, a, b - tail, b),
    ]
    return [step for step in steps if step[2] > step[1] or step[4] > step[3]]


def _same(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[Line]:
    head = 0 if first else min(AROUND, len(lines))
    tail = max(head, len(lines) - (0 if last else AROUND))
    yield from (Line("same", [(text, False)]) for text in lines[:head])
    if tail > head:
        yield Line("left", left=tail - head)
    yield from (Line("same", [(text, False)]) for text in lines[tail:])


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    if len(before) != len(after) or any(len(text) > MOST_SIGNS for text in (*before, *after)):
        yield from (Line("gone", [(text, True)]) for text in before)
        yield from (Line("new", [(text, True)]) for text in after)
        return
    for old, new in zip(before, after, strict=True):
        gone, came = _words(old, new)
        yield Line("gone", gone)
        yield Line("new", came)


def _words(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    before, after = re.findall(r"\w+|\W", old), re.findall(r"\w+|\W", new)
    gone: list[tuple[str, bool]] = []
    came: list[tuple[str, bool]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        gone += [("".join(before[a:b]), kind != "equal")] if b > a else []
        came += [("".join(after[c:d]), kind != "equal")] if d > c else []
    return gone, came
