"""A YAML file as data that remembers where everything stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orion.manifest.diagnostics import ERROR, Diagnostic

#: Keys and list indices from the top of a document to a value.
Path = tuple[str | int, ...]


class Place(NamedTuple):
    """A 1-based line and column."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, with the place of each key and value.

    `keys` and `values` give places by path; `written` is how numbers, truth values and nulls were spelled,
    and `ends` where the values that are no lists or mappings end: one column behind the last character.
    """

    file: str
    lines: tuple[str, ...] = field(repr=False)
    data: Any
    keys: Mapping[Path, Place] = field(default_factory=dict, repr=False)
    values: Mapping[Path, Place] = field(default_factory=dict, repr=False)
    written: Mapping[Path, str] = field(default_factory=dict, repr=False)
    ends: Mapping[Path, Place] = field(default_factory=dict, repr=False)

    def mark(self, path: Path, key: bool = False) -> Place:
        """The place of a value, or of its key; of what is absent, the place of what would hold it."""
        places = self.keys if key else self.values
        if path in places:
            return places[path]
        return self.mark(path[:-1]) if path else Place(1, 1)

    def source(self, line: int) -> str:
        """The text of a 1-based line, "" beyond the file."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def diagnostic(
        self, path: Path, code: str, message: str, *, key: bool = False, hint: str = "", severity: str = ERROR
    ) -> Diagnostic:
        """A finding at a path."""
        place = self.mark(path, key)
        return Diagnostic(self.file, *place, code, severity, message, self.source(place.line), hint)
