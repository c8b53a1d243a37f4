"""Every text of a manifest that a person reads, with its context in catalogs and its line."""

from collections.abc import Iterator
from typing import NamedTuple

from orion.manifest.document import Path
from orion.manifest.model import Manifest


class Text(NamedTuple):
    """A text for catalogs: `context` is its label key, `kind` says where it shows, `path` where the manifest
    says it; `line` is the line there."""

    context: str
    text: str
    line: int
    kind: str
    path: Path


def texts_of(manifest: Manifest) -> Iterator[Text]:
    """The texts in the order of the manifest's keys."""
    for context, text, kind, path in _all(manifest):
        yield Text(context, text, manifest.document.mark(path, key=True).line, kind, path)


def _all(manifest: Manifest) -> Iterator[tuple[str, str, str, Path]]:
    yield manifest.name_key, manifest.name, "module", ("name",)
    yield manifest.description_key, manifest.description, "module", ("description",)
    for feature in manifest.features:
        yield feature.label_key, feature.description, "feature", _description(manifest, feature.path)
    yield from _permissions(manifest)
    for section in (s for sections in manifest.menus.values() for s in sections):
        if not section.joins:
            yield section.label_key, section.label, "menu", (*section.path, "label")
        for item in section.items:
            yield item.label_key, item.label, "menu", (*item.path, "label")
    for metric in manifest.metrics:
        yield metric.label_key, metric.label, "tile", (*metric.path, "label")
    for panel in manifest.panels:
        yield panel.label_key, panel.label, "panel", (*panel.path, "label")


def _description(manifest: Manifest, path: Path) -> Path:
    """A feature is its description, or a mapping that has one."""
    inside = (*path, "description")
    return inside if inside in manifest.document.keys else path


def _permissions(manifest: Manifest) -> Iterator[tuple[str, str, str, Path]]:
    categories: dict[str, Path] = {}
    for permission in manifest.permissions:
        categories.setdefault(permission.category, (*permission.path, "category"))
        yield permission.label_key, permission.label, "permission", (*permission.path, "label")
        if permission.description:
            path = (*permission.path, "description")
            yield permission.description_key, permission.description, "permission", path
    for category, path in categories.items():
        text = category.replace("_", " ").capitalize()
        yield manifest.category_key(category), text, "permission", path
