"""What the fuzzers count and what they find."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Requests by person and class of status; what was reached; and every kind of defect, with an example."""

    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    pairs: int = 0
    submissions: int = 0
    accepted: int = 0
    looked_at: Counter[str] = field(default_factory=Counter)
    defects: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """Requests in all."""
        return self.asked.total()

    def clear(self) -> None:
        """Begin again, but for what was reached."""
        for counted in (self.asked, self.looked_at, self.defects):
            counted.clear()  # type: ignore[attr-defined]
        self.pairs = self.submissions = self.accepted = 0

    def count(self, person: str, status: int) -> None:
        """Note an answer."""
        self.asked[person, f"{status // 100}xx"] += 1

    def defect(self, kind: str, where: str, example: str) -> None:
        """Note something wrong. `where` tells one kind of place from another."""
        self.defects.setdefault((kind, where), []).append(example)

    def number(self, *kinds: str) -> int:
        """How often something of these kinds was wrong."""
        return sum(len(examples) for (kind, _where), examples in self.defects.items() if kind in kinds)

    def lines(self) -> list[str]:
        """The figures as text."""
        classes = sorted({status for _person, status in self.asked})
        people = sorted({person for person, _status in self.asked})
        lines = [f"{'person':<10}" + "".join(f"{name:>8}" for name in (*classes, "URLs", "forms"))]
        for person in people:
            counts = [self.asked[person, status] for status in classes]
            counts += [self.found[person, "URLs"], self.found[person, "forms"]]
            lines.append(f"{person:<10}" + "".join(f"{count:>8}" for count in counts))
        looked = ", ".join(f"{count} {name}" for name, count in sorted(self.looked_at.items()))
        lines.append(
            f"{self.requests} requests, {self.submissions} of them submissions and {self.accepted} of these "
            f"accepted; {self.pairs} pairs compared; looked through: {looked}"
        )
        counts = [f"{self.number(kind)} {kind}" for kind in KINDS]
        return [*lines, ", ".join(counts), *self.examples()]

    def examples(self) -> list[str]:
        """The first example of each defect."""
        return [
            f"{kind} [{where}] ×{len(examples)}: {examples[0]}"
            for (kind, where), examples in sorted(self.defects.items())
        ]


#: Kinds of defects: a foreign word, an answer that tells a foreign id from none, a foreign row that was
#: written, an error, markup that was let out, a guard that was passed.
KINDS = ("leak", "oracle", "foreign write", "5xx", "escaped", "unguarded")
