"""Every text of a manifest that a person reads, with its context in catalogs and its line."""

from collections.abc import Iterator
from typing import NamedTuple

from orion.manifest.model import Manifest


class Text(NamedTuple):
    """A text for catalogs: `context` is its label key, `kind` says where it shows."""

    context: str
    text: str
    line: int
    kind: str


def texts_of(manifest: Manifest) -> Iterator[Text]:
    """The texts in the order of the manifest's keys."""
    yield Text(manifest.name_key, manifest.name, _line(manifest, "name"), "module")
    yield Text(manifest.description_key, manifest.description, _line(manifest, "description"), "module")
    for feature in manifest.features:
        yield Text(feature.label_key, feature.description, feature.line, "feature")
    yield from _permissions(manifest)
    for section in (s for sections in manifest.menus.values() for s in sections):
        if not section.joins:
            yield Text(section.label_key, section.label, section.line, "menu")
        for item in section.items:
            yield Text(item.label_key, item.label, item.line, "menu")
    for metric in manifest.metrics:
        yield Text(metric.label_key, metric.label, metric.line, "tile")
    for panel in manifest.panels:
        yield Text(panel.label_key, panel.label, panel.line, "panel")


def _permissions(manifest: Manifest) -> Iterator[Text]:
    categories: dict[str, int] = {}
    for permission in manifest.permissions:
        categories.setdefault(permission.category, permission.line)
        yield Text(permission.label_key, permission.label, permission.line, "permission")
        if permission.description:
            yield Text(permission.description_key, permission.description, permission.line, "permission")
    for category, line in categories.items():
        text = category.replace("_", " ").capitalize()
        yield Text(manifest.category_key(category), text, line, "permission")


def _line(manifest: Manifest, key: str) -> int:
    return manifest.document.mark((key,), key=True).line
