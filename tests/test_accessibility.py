"""docs/accessibility.md goes through every criterion, and says nothing that no test proves."""

import re

from tests.proofs import ROOT, TEST, missing

PAGE = (ROOT / "docs/accessibility.md").read_text()
#: The criteria of WCAG 2.2 at levels A and AA, by guideline: number and level.
LEVELS = {
    "1.1": "1 A",
    "1.2": "1 A, 2 A, 3 A, 4 AA, 5 AA",
    "1.3": "1 A, 2 A, 3 A, 4 AA, 5 AA",
    "1.4": "1 A, 2 A, 3 AA, 4 AA, 5 AA, 10 AA, 11 AA, 12 AA, 13 AA",
    "2.1": "1 A, 2 A, 4 A",
    "2.2": "1 A, 2 A",
    "2.3": "1 A",
    "2.4": "1 A, 2 A, 3 A, 4 A, 5 AA, 6 AA, 7 AA, 11 AA",
    "2.5": "1 A, 2 A, 3 A, 4 A, 7 AA, 8 AA",
    "3.1": "1 A, 2 AA",
    "3.2": "1 A, 2 A, 3 AA, 4 AA, 6 A",
    "3.3": "1 A, 2 A, 3 AA, 4 AA, 7 A, 8 AA",
    "4.1": "2 A, 3 AA",
}
ROW = re.compile(r"^\| ([\d.]+) [^|]+ \| (A+) \| ([^|]+) \| ([^|]*) \| ([^|]*)\|$", re.MULTILINE)


def test_every_criterion_has_its_row_once_and_in_order() -> None:
    wanted = [
        (f"{guideline}.{number}", level)
        for guideline, all_ in LEVELS.items()
        for number, level in (one.split() for one in all_.split(", "))
    ]
    assert len(wanted) == 55
    assert [(number, level) for number, level, *_rest in ROW.findall(PAGE)] == wanted


def test_every_row_says_how_and_what_holds_is_proved() -> None:
    for number, _level, state, how, proof in ROW.findall(PAGE):
        assert state in {"met", "partly", "no", "n/a"}, number
        assert how.strip(), number
        assert TEST.search(proof) or state not in ("met", "partly"), number


def test_every_test_that_is_named_is_there() -> None:
    assert missing(PAGE) == []
    assert PAGE.count(".py::") == len(TEST.findall(PAGE)) > 80
