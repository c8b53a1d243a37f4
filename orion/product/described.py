"""What a module brings, as its manifest and its code say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from orion.installation import Installation
from orion.manifest.checks import as_route
from orion.manifest.model import Manifest
from orion.product.why import Decision
from orion.web.labels import label


@dataclass(frozen=True, slots=True)
class Part:
    """Something in a manifest, or a page of the code (`line` 0). `details` are label and text."""

    name: str
    text: str = ""
    line: int = 0
    details: tuple[tuple[str, str], ...] = ()


def parts(here: Installation, manifest: Manifest) -> list[tuple[str, list[Part]]]:
    """(what they are, parts) of everything but the features; empty ones are left out."""
    found = [
        (_("Menus"), list(_menus(manifest))),
        (_("Pages"), list(_pages(here, manifest.code))),
        (_("Tiles"), list(_tiles(manifest))),
        (_("Panels"), list(_panels(manifest))),
        (_("Permissions"), list(_permissions(manifest))),
        (_("Listens"), [Part(one.event, one.function, one.line) for one in manifest.listens]),
        (_("Personal data"), [Part(table, ", ".join(names)) for table, names in manifest.personal.items()]),
    ]
    return [(title, rows) for title, rows in found if rows]


def _menus(manifest: Manifest) -> Iterator[Part]:
    for frontend, sections in manifest.menus.items():
        for item in (item for section in sections for item in section.items):
            yield Part(label(item.label_key, item.label), f"{frontend}: {item.route}", item.line)


def _pages(here: Installation, code: str) -> Iterator[Part]:
    module = here.modules.get(code)
    for spec in module.pages if module else ():
        needs = [one for one in (spec.permission or _("public"), spec.feature) if one]
        methods = ", ".join(sorted(spec.methods))
        yield Part(as_route(spec.rule), " · ".join(needs), 0, ((_("Methods"), methods),))


def _tiles(manifest: Manifest) -> Iterator[Part]:
    for one in manifest.metrics:
        needs = [one.query, one.kind, ", ".join(one.frontends), one.permission or "", one.feature or ""]
        yield Part(label(one.label_key, one.label), " · ".join(filter(None, needs)), one.line)


def _panels(manifest: Manifest) -> Iterator[Part]:
    for one in manifest.panels:
        needs = [one.slot, one.permission or "", one.feature or ""]
        yield Part(label(one.label_key, one.label) or one.id, " · ".join(filter(None, needs)), one.line)


def _permissions(manifest: Manifest) -> Iterator[Part]:
    for one in manifest.permissions:
        yield Part(label(one.label_key, one.label), one.id, one.line)


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature, and what decided about it here."""

    id: str
    text: str
    on: bool
    reason: str
    place: tuple[str, int] | None
    line: int


def features(manifest: Manifest, decided: Mapping[str, Decision]) -> list[FeatureRow]:
    """Every feature of a module, with the decisions by full id."""
    found = []
    for one in manifest.features:
        said = decided[one.full_id]
        place = (said.file, said.line) if said.file else None
        text = label(one.label_key, one.description)
        found.append(FeatureRow(one.id, text, said.on, said.reason, place, one.line))
    return found
