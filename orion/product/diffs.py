"""Two texts of a file, line by line, for people."""

from dataclasses import dataclass
from difflib import SequenceMatcher

#: Equal lines that are shown around what differs.
AROUND = 3


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`kind` is same, gone, come or left: so many equal lines are left out."""

    kind: str
    text: str = ""
    left: int = 0


def diff_lines(before: bytes | None, after: bytes | None) -> list[DiffLine]:
    """The lines that differ, with some around them; nothing where the texts say the same."""
    old, new = (_lines(text) for text in (before, after))
    if old == new:
        return []
    found: list[DiffLine] = []
    at = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        found += _left(group[0][1] - at)
        for tag, i, j, k, m in group:
            if tag == "equal":
                found += [DiffLine("same", line) for line in old[i:j]]
            else:
                found += [DiffLine("gone", line) for line in old[i:j]]
                found += [DiffLine("come", line) for line in new[k:m]]
        at = group[-1][2]
    return [*found, *_left(len(old) - at)]


def _left(number: int) -> list[DiffLine]:
    return [DiffLine("left", left=number)] if number > 0 else []


def _lines(text: bytes | None) -> list[str]:
    return (text or b"").decode("utf-8", "replace").splitlines()
