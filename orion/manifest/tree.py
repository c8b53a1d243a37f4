"""Builds a document from parser events, without recursion, and collects what a manifest may not contain."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from orion.manifest.diagnostics import ERROR, Diagnostic, shortened
from orion.manifest.document import Document, Path, Place
from orion.manifest.saying import sentence
from orion.manifest.scalars import resolved
from orion.manifest.syntax import inside

MAX_DEPTH = 32
#: Events of one file: keeps the longest answer below a second.
MAX_EVENTS = 10_000


class Refused(Exception):
    """The rest of the file is not read; why is in the tree's findings."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being filled. `path` is None where it is left out of the document."""

    path: Path | None
    into: dict[str, Any] | list[Any]
    key: str | None = None
    key_known: bool = False
    left_out: bool = False
    first_lines: dict[str, int] = field(default_factory=dict)


class Tree:
    """Give it a file's parser events in order, then ask for the document."""

    def __init__(self, file: str, lines: tuple[str, ...]) -> None:
        self.file, self.lines = file, lines
        self.found: list[Diagnostic] = []
        self.empty = True
        self._data: Any = None
        self._stack: list[_Frame] = []
        self._events = 0
        self._documents = 0
        self._keys: dict[Path, Place] = {}
        self._values: dict[Path, Place] = {}
        self._written: dict[Path, str] = {}
        self._ends: dict[Path, Place] = {}

    def document(self) -> Document:
        """What was read."""
        return Document(
            self.file, self.lines, self._data, self._keys, self._values, self._written, self._ends
        )

    def take(self, event: yaml.Event) -> None:
        """The next event. Raises Refused when reading on makes no sense."""
        self._events += 1
        if self._events > MAX_EVENTS:
            self._refuse(
                event,
                "ORN101",
                sentence("the file holds more than %(number)s keys and values", number=f"{MAX_EVENTS:,}"),
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.NodeEvent):
            self.empty = self.empty and _is_blank(event, self._stack)
            self._node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()

    # -- documents and nodes ------------------------------------------------------------------

    def _begin(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse(
                event,
                "ORN105",
                sentence("a second document begins here"),
                sentence("a manifest is one document"),
            )
        if event.version or event.tags:
            self._note(
                event,
                "ORN108",
                sentence("directives are not used in manifests"),
                sentence("delete the line with the %(sign)s", sign="%"),
            )

    def _node(self, event: yaml.NodeEvent) -> None:
        self._refuse_extras(event)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.into, dict) and not frame.key_known:
            self._key(frame, event)
        else:
            self._value(frame, event)

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            is_alias = isinstance(event, yaml.AliasEvent)
            sign = "*" if is_alias else "&"
            hint = sentence("a text that begins with %(sign)s must be quoted", sign=sign)
            name = shortened(f"{sign}{event.anchor}")
            message = sentence("anchors are not used in manifests: %(name)s", name=name)
            if is_alias:
                message = sentence("aliases are not used in manifests: %(name)s", name=name)
            self._note(event, "ORN107", message, hint)
        tag = getattr(event, "tag", None)
        if tag is not None:
            name = shortened(tag.replace("tag:yaml.org,2002:", "!!", 1))
            self._note(
                event,
                "ORN108",
                sentence("tags are not used in manifests: %(name)s", name=name),
                sentence("delete it"),
            )

    # -- keys ---------------------------------------------------------------------------------

    def _key(self, frame: _Frame, event: yaml.NodeEvent) -> None:
        frame.key_known, frame.key, frame.left_out = True, None, True
        if isinstance(event, yaml.CollectionStartEvent):
            hint = sentence('quote a text that begins with "{" or "["')
            self._note(event, "ORN111", sentence("a key must be plain text"), hint)
            self._push(event, None)
        elif isinstance(event, yaml.ScalarEvent) and self._is_new_key(frame, event):
            frame.key, frame.left_out = event.value, frame.path is None
            if frame.path is not None:
                self._keys[(*frame.path, event.value)] = _place(event)

    def _is_new_key(self, frame: _Frame, event: yaml.ScalarEvent) -> bool:
        if event.value == "<<" and event.implicit[0]:
            self._note(
                event,
                "ORN109",
                sentence("merge keys are not used in manifests"),
                sentence("write the keys out"),
            )
            return False
        line = _place(event).line
        first = frame.first_lines.setdefault(event.value, line)
        if first == line and event.value not in frame.into:
            return True
        key = shortened(event.value)
        message = sentence("the key %(key)s stands on line %(line)s, twice", key=key, line=line)
        if first != line:
            message = sentence(
                "the key %(key)s stands on lines %(first)s and %(line)s", key=key, first=first, line=line
            )
        self._note(event, "ORN110", message, sentence("keep one of them"))
        return False

    # -- values -------------------------------------------------------------------------------

    def _value(self, frame: _Frame | None, event: yaml.NodeEvent) -> None:
        path = self._path(frame)
        if isinstance(event, yaml.CollectionStartEvent):
            value = self._push(event, path)
        else:
            value = self._scalar(event, path)
            if path is not None and event.end_mark:
                self._ends[path] = Place(event.end_mark.line + 1, event.end_mark.column + 1)
        if path is not None:
            self._values[path] = _place(event)
        self._keep(frame, value)

    def _path(self, frame: _Frame | None) -> Path | None:
        """Where the value that begins now belongs; None for nowhere."""
        if frame is None:
            return ()
        if frame.path is None or (isinstance(frame.into, dict) and frame.left_out):
            return None
        return (*frame.path, len(frame.into) if isinstance(frame.into, list) else frame.key or "")

    def _keep(self, frame: _Frame | None, value: Any) -> None:
        if frame is None:
            self._data = value
        elif isinstance(frame.into, list):
            frame.into.append(value)
        else:
            if frame.key is not None:
                frame.into[frame.key] = value
            frame.key_known = False

    def _push(self, event: yaml.CollectionStartEvent, path: Path | None) -> dict[str, Any] | list[Any]:
        if len(self._stack) >= MAX_DEPTH:
            self._refuse(
                event, "ORN106", sentence("this is nested more than %(depth)s deep", depth=MAX_DEPTH)
            )
        into: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Frame(path, into))
        return into

    def _scalar(self, event: yaml.NodeEvent, path: Path | None) -> Any:
        if not isinstance(event, yaml.ScalarEvent):
            return None
        if event.style is not None:
            return event.value
        value = resolved(event.value)
        if path is not None and not isinstance(value, str):
            self._written[path] = event.value
        return value

    # -- findings -----------------------------------------------------------------------------

    def _note(self, event: yaml.Event, code: str, message: str, hint: str = "") -> None:
        line, column = inside(*_place(event), self.lines)
        source = self.lines[line - 1]
        self.found.append(Diagnostic(self.file, line, column, code, ERROR, message, source, hint))

    def _refuse(self, event: yaml.Event, code: str, message: str, hint: str = "") -> None:
        self._note(event, code, message, hint)
        raise Refused


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _is_blank(event: yaml.NodeEvent, stack: list[_Frame]) -> bool:
    """Whether a document is nothing but an empty value."""
    return isinstance(event, yaml.ScalarEvent) and not stack and event.value == "" and event.style is None
