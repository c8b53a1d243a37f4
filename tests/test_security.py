"""docs/security.md says nothing that no test proves, and leaves no requirement out."""

import re
from collections import Counter
from pathlib import Path

from tests.proofs import ROOT, TEST, missing

PAGE = (ROOT / "docs/security.md").read_text()
#: Sections of the OWASP ASVS 5.0.0, with the level of each of their requirements in order.
LEVELS = {
    "1.1": "22",
    "1.2": "1111122223",
    "1.3": "112222222223",
    "1.4": "222",
    "1.5": "123",
    "2.1": "122",
    "2.2": "112",
    "2.3": "12223",
    "2.4": "23",
    "3.1": "3",
    "3.2": "113",
    "3.3": "12223",
    "3.4": "11222233",
    "3.5": "11122333",
    "3.6": "3",
    "3.7": "22333",
    "4.1": "12233",
    "4.2": "23333",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112333",
    "5.3": "113",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
    "9.1": "111",
    "9.2": "1222",
    "10.1": "22",
    "10.2": "223",
    "10.3": "22223",
    "10.4": "1111122222233333",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
    "11.1": "2233",
    "11.2": "22233",
    "11.3": "11233",
    "11.4": "1222",
    "11.5": "23",
    "11.6": "23",
    "11.7": "33",
    "12.1": "12233",
    "12.2": "11",
    "12.3": "22223",
    "13.1": "2333",
    "13.2": "222223",
    "13.3": "2233",
    "13.4": "1222233",
    "14.1": "22",
    "14.2": "12223333",
    "14.3": "122",
    "15.1": "12233",
    "15.2": "12233",
    "15.3": "1222222",
    "15.4": "3333",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "2223",
    "17.1": "23",
    "17.2": "22223333",
    "17.3": "22",
}
STATES = {"met", "partly", "no", "operator", "n/a"}
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]*)#([^)]+)\)")


def wanted() -> list[str]:
    """The numbers of all requirements of levels 1 and 2."""
    return [f"{s}.{n}" for s, levels in LEVELS.items() for n, level in enumerate(levels, 1) if level != "3"]


def headings(file: Path) -> set[str]:
    """A page's headings as links name them."""
    found = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE) if file.is_file() else []
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_requirement_has_its_row_once_and_in_order() -> None:
    numbers = [row[0] for row in ROW.findall(PAGE)]
    assert Counter(numbers).most_common(1)[0][1] == 1
    assert numbers == wanted()
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}


def test_every_row_says_how_and_what_holds_is_proved() -> None:
    for number, state, how, proof in ROW.findall(PAGE):
        assert state in STATES, number
        assert how.strip(), number
        assert bool(TEST.search(proof) or LINK.search(proof)) or state not in ("met", "partly"), number


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(PAGE)
    assert len(named) > 200
    assert missing(PAGE) == []
    assert PAGE.count(".py::") == len(named)


def test_every_heading_that_is_linked_is_there() -> None:
    for file in (ROOT / "docs/security.md", ROOT / "SECURITY.md"):
        for page, heading in LINK.findall(file.read_text()):
            assert heading in headings((file.parent / page).resolve() if page else file), (page, heading)


def test_proofs_are_of_what_every_installation_has() -> None:
    """A module that may be deleted takes its tests along."""
    optional = {
        path.stem for path in (ROOT / "manifests").glob("*.yaml") if "\ncore: true" not in path.read_text()
    }
    proofs = {file.split("/")[1] for file, _name in TEST.findall(PAGE) if file.startswith("modules/")}
    assert proofs and proofs.isdisjoint(optional)
