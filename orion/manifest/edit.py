"""One value of a YAML file set as a person would set it: everything else stays as it was written.

Where the reader's own positions don't lead to such an edit, nothing is edited: the caller says so.
"""

import copy
import json
import re
from typing import Any

from orion.manifest.document import Document, Path, Place
from orion.manifest.reader import read

#: A new key at the top stands below the last of these that there is.
_ABOVE = ("schema", "code", "hue", "version", "core", "modules")
_LINE_END = re.compile(r"\r\n|\n|\r")


class CannotEdit(Exception):
    """The file is written in a way that only a person can edit."""


def with_value(text: bytes, path: Path, value: bool) -> bytes:
    """The text with `value` at a path of keys, the last of which, or the last two, may be new.

    A text that is a feature's description becomes a mapping when its `default` is set.
    Raises CannotEdit.
    """
    document, found = read(text, "")
    if document is None or found or not isinstance(document.data, dict):
        raise CannotEdit
    edited = _edit(_Lines(text.decode("utf-8")), document, path, value)
    after, wrong = read(edited, "")
    if after is None or wrong or after.data != _expected(document.data, path, value):
        raise CannotEdit
    return edited


def _expected(data: Any, path: Path, value: bool) -> Any:
    """What the file must say afterwards."""
    made = inner = copy.deepcopy(data)
    for key in path[:-1]:
        if isinstance(inner.get(key), str):
            inner[key] = {"description": inner[key]}
        inner = inner.setdefault(key, {})
    inner[path[-1]] = value
    return made


class _Lines:
    """A file's text by 1-based line and column, its line ends and a mark at its beginning kept."""

    def __init__(self, text: str) -> None:
        self.bom = "\ufeff" if text.startswith("\ufeff") else ""
        self.text = text.removeprefix("\ufeff")
        ends = [found.end() for found in _LINE_END.finditer(self.text)]
        self.starts = [0, *ends]
        found = _LINE_END.search(self.text)
        self.end = found[0] if found else "\n"

    def at(self, place: Place) -> int:
        return self.starts[place.line - 1] + place.column - 1

    def put(self, start: int, end: int, new: str) -> bytes:
        return (self.bom + self.text[:start] + new + self.text[end:]).encode()

    def below(self, line: int, new: str) -> bytes:
        """A new line below a 1-based line."""
        if line < len(self.starts):
            return self.put(self.starts[line], self.starts[line], new + self.end)
        return self.put(len(self.text), len(self.text), self.end + new)


def _edit(lines: _Lines, document: Document, path: Path, value: bool) -> bytes:
    said, name = str(value).lower(), str(path[-1])
    if path in document.values:
        return lines.put(*_span(lines, document, path), said)
    holder = path[:-1]
    if not holder or holder not in document.values:
        new = f"{holder[-1]}: {{{name}: {said}}}" if holder else f"{name}: {said}"
        return lines.below(_last_line_above(document), new)
    if holder in document.ends:
        return _described(lines, document, holder, f"{name}: {said}")
    return _added(lines, document, holder, f"{name}: {said}")


def _span(lines: _Lines, document: Document, path: Path) -> tuple[int, int]:
    if path not in document.ends:
        raise CannotEdit
    return lines.at(document.values[path]), lines.at(document.ends[path])


def _last_line_above(document: Document) -> int:
    """The line of the last plain key of the file's head. Raises CannotEdit."""
    lines = [document.ends[key,].line for key in _ABOVE if (key,) in document.ends]
    lines += [_end_of(document, (key,)) for key in _ABOVE if isinstance(document.data.get(key), dict)]
    if not lines:
        raise CannotEdit
    return max(lines)


def _end_of(document: Document, path: Path) -> int:
    """The last line on which a mapping's values end."""
    return max([document.values[path].line, *(p.line for k, p in document.ends.items() if k[:1] == path[:1])])


def _described(lines: _Lines, document: Document, path: Path, new: str) -> bytes:
    """`view: See customers` → `view: {description: See customers, default: false}`."""
    start, end = _span(lines, document, path)
    words = lines.text[start:end]
    if words[:1] not in "\"'" and re.search(r"[,\[\]{}]", words):
        words = json.dumps(words, ensure_ascii=False)
    return lines.put(start, end, f"{{description: {words}, {new}}}")


def _added(lines: _Lines, document: Document, holder: Path, new: str) -> bytes:
    """A key more in a mapping, behind its last one: on a line of its own unless it stands in braces."""
    start = lines.at(document.values[holder])
    keys = [path for path in document.keys if path[:-1] == holder]
    if lines.text[start] == "{":
        if not keys:
            return lines.put(start + 1, start + 1, new)
        end = _span(lines, document, keys[-1])[1]
        return lines.put(end, end, f", {new}")
    if not keys or keys[-1] not in document.ends:
        raise CannotEdit
    column = document.keys[keys[-1]].column
    return lines.below(document.ends[keys[-1]].line, " " * (column - 1) + new)
