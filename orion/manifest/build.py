"""From a document that its schema allows to the frozen manifest, with what is derived filled in.

A salvaged document has None where an entry of a list was left out.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from orion.manifest.document import Document, Path
from orion.manifest.model import (
    Feature,
    Listen,
    Manifest,
    MenuItem,
    MenuSection,
    Metric,
    Panel,
    Permission,
    PlatformManifest,
)


def manifest(document: Document, text: bytes) -> Manifest:
    """The module's manifest."""
    return _Builder(document).manifest(hashlib.sha256(text).hexdigest())


def platform(document: Document, text: bytes, code: str) -> PlatformManifest:
    """The file of the platform `code`."""
    data = document.data
    return PlatformManifest(
        code=code,
        modules=_frozen(data.get("modules", {})),
        features=_frozen(data.get("features", {})),
        hue=data.get("hue"),
        locales=tuple(data.get("locales", ())),
        labels=_frozen({key: _frozen(words) for key, words in data.get("labels", {}).items()}),
        file=document.file,
        digest=hashlib.sha256(text).hexdigest(),
        document=document,
    )


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


def _entries(values: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Entries of a list with their numbers, without those that were left out as None."""
    return ((i, value) for i, value in enumerate(values) if value is not None)


class _Builder:
    """Builds the parts of one manifest."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data
        self.code: str = self.data["code"]

    def manifest(self, digest: str) -> Manifest:
        data = self.data
        plain = {key: data[key] for key in _PLAIN if key in data}
        return Manifest(
            **plain,
            requires=tuple(code or "" for code in data.get("requires", ())),
            features=tuple(self._feature(name, value) for name, value in data.get("features", {}).items()),
            permissions=tuple(self._permission(one, at) for one, at in self._listed("permissions")),
            menus=_frozen({f: tuple(self._sections(f)) for f in data.get("menus", {})}),
            metrics=tuple(self._metric(one, at) for one, at in self._listed("metrics")),
            panels=tuple(self._panel(one, at) for one, at in self._listed("panels")),
            listens=tuple(self._listen(event, name) for event, name in data.get("listens", {}).items()),
            personal=_frozen({table: tuple(columns) for table, columns in data.get("personal", {}).items()}),
            file=self.document.file,
            digest=digest,
            document=self.document,
        )

    def _listed(self, key: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for i, one in _entries(self.data.get(key, ())):
            yield one, self._at((key, i))

    def _at(self, path: Path, key: bool = False) -> dict[str, Any]:
        line, column = self.document.mark(path, key)
        return {"line": line, "column": column, "path": path}

    def _feature(self, name: str, value: str | dict[str, Any]) -> Feature:
        said: dict[str, Any] = {"description": value} if isinstance(value, str) else dict(value)
        said["vendors"] = tuple(code for _, code in _entries(said.get("vendors", ())))
        return Feature(name, **said, module=self.code, **self._at(("features", name), key=True))

    def _permission(self, one: dict[str, Any], at: dict[str, Any]) -> Permission:
        name = one["id"].partition(".")[2]
        key = one.get("label_key", f"{self.code}.permissions.{name}")
        derived = {"label_key": key, "description_key": f"{key}_desc", "category": self.code}
        return Permission(**{**derived, **one}, **at)

    def _sections(self, frontend: str) -> Iterator[MenuSection]:
        for i, one in _entries(self.data["menus"][frontend]):
            path = ("menus", frontend, i)
            items = tuple(self._item(item, (*path, "items", j)) for j, item in _entries(one["items"]))
            derived = {"label_key": f"{self.code}.menu.{one['id']}_section"} if "label" in one else {}
            yield MenuSection(**{**derived, **one, "items": items}, **self._at(path))

    def _item(self, one: dict[str, Any], path: Path) -> MenuItem:
        derived = {"label_key": f"{self.code}.menu.{one['id']}", "icon": None}
        return MenuItem(**{**derived, **one}, **self._at(path))

    def _metric(self, one: dict[str, Any], at: dict[str, Any]) -> Metric:
        said = {
            "label_key": f"{self.code}.metrics.{one['query'].partition('.')[2]}",
            **one,
            "frontends": tuple(name for _, name in _entries(one["frontends"])),
            "links": _frozen(one.get("links", {})),
            "filter": _frozen({key: str(value) for key, value in one.get("filter", {}).items()}),
        }
        return Metric(**said, **at)

    def _panel(self, one: dict[str, Any], at: dict[str, Any]) -> Panel:
        said = {key: value for key, value in one.items() if key != "panel"}
        derived = {"label_key": f"{self.code}.panels.{one['panel'].partition('.')[2]}"}
        return Panel(id=one["panel"], **{**derived, **said}, **at)

    def _listen(self, event: str, name: str) -> Listen:
        return Listen(event, name, **self._at(("listens", event), key=True))


_PLAIN = ("code", "name", "description", "version", "core", "enabled", "requires_orion")
