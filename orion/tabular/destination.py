"""Where the things that tables tell of go: what a module offers so that they can be staged and published.

A table's rows become things (products, say), each from the rows of one key. What a thing says is compared
with what is there, shown, and published; a publication can be taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from orion.contracts.scope import Scope
from orion.tabular.rows import Rejected, Row
from orion.tabular.target import Target

#: What a thing is against what is there.
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a whole file: the currency of its amounts, the fields that have columns, the
    options of its format, and the time zone of moments that name none."""

    currency: str
    fields: frozenset[str]
    options: Mapping[str, Any] = field(default_factory=dict)
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Note:
    """Something of a thing that is taken otherwise than it is written. `text` is a lazy sentence."""

    line: int
    text: Any


@dataclass(frozen=True, slots=True)
class Thing:
    """What the rows of one key say together. `data` is JSON's types; `parts` counts what it is made of."""

    key: str
    title: str
    lines: tuple[int, ...]
    data: dict[str, Any]
    parts: int = 1
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would change: of which field, of which part, from what to what (JSON's types)."""

    what: str
    part: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """A thing against what is there; `problem` is a short name for why it can't be published, `reason` says
    it in a lazy sentence."""

    state: str
    changes: tuple[Change, ...] = ()
    problem: str = ""
    reason: Any = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a thing: the row id of what it is now, and what takes it back (None: it was made)."""

    id: int
    before: dict[str, Any] | None
    state: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing in words: facts as (label, text), and a table of its parts with the labels of its columns;
    `numeric` are the places of those that are amounts or numbers."""

    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numeric: frozenset[int] = frozenset()


class Destination(Protocol):
    """What a module offers in `destinations` of its destination.py; who inherits it says what is otherwise.

    `label` (lazy) is what its things are called, `permission` (a full id, or nothing) is what somebody needs
    who brings such a table, `feature` what must be on. `names` are the fields that a row is called by, best
    first, `own` those whose values belong to one thing alone. `on_platform` says that things are of one
    platform, which has to be named. `words` (lazy) say what can change, by `Change.what`.
    """

    target: Target
    label: Any
    permission: str = ""
    feature: str = ""
    names: tuple[str, ...]
    own: tuple[str, ...] = ()
    on_platform: bool = False
    words: Mapping[str, Any]

    def key(self, row: Row) -> str:
        """What rows of one thing have in common; empty for a row that says too little."""
        ...

    def thing(self, rows: Sequence[Row], rules: Rules) -> tuple[Thing | None, list[Rejected]]:
        """The thing that rows of one key tell of, and those of them that can't be taken: each row is
        either among the thing's lines or rejected."""
        ...

    def compare(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None = None
    ) -> list[Verdict]:
        """Each thing against what is there."""
        ...

    def gone(self, thing: Thing) -> Thing | None:
        """What is to become of a thing that a later file of the same source no longer has; None where nothing
        is: what is there is not gone because a file has forgotten it."""
        return None

    def shown(self, thing: Thing, currency: str) -> Shown:
        """A thing in words."""
        ...

    def publish(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None, now: datetime
    ) -> list[Published | str]:
        """Write things, in the frame that is entered: what became of each, or why it can't be."""
        ...

    def take_back(
        self, scope: Scope, published: Mapping[int, dict[str, Any] | None], *, at: datetime
    ) -> list[int]:
        """Make things (row id → what they were) as they were before a publication `at` that moment; the ids
        of those that are left alone, because somebody has changed them since or something hangs on them."""
        ...

    def said(self, scope: Scope, change: Change, currency: str) -> tuple[str, str, str]:
        """A change in words: what, before, after."""
        ...
