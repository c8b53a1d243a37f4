"""Icons: the ones that templates and manifests name, packed into one file of our own origin."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response

from orion.files import per_file
from orion.web.assets import SERVED, digest_of, respond

if TYPE_CHECKING:
    from orion.installation import Installation
    from orion.settings import Settings

NAMED = re.compile(r"""\bicon(?:_name)?\s*(?:\(|=)\s*["']([a-z0-9-]+)["']""")
DRAWN = re.compile(r"""<(path|circle|rect|line|polyline|ellipse)\b([^>]*?)/?>""")
GEOMETRY = re.compile(r"""\s((?:d|cx|cy|r|rx|ry|x|y|x1|x2|y1|y2|points|width|height|transform)="[^"]*")""")
BOX = re.compile(r"""viewBox="([\d. -]+)\"""")


@dataclass(frozen=True, slots=True)
class Sprite:
    """An SVG of symbols, the hash of its text, and which icons it holds."""

    text: str
    digest: str
    names: frozenset[str]


def available(vendor_dir: Path) -> frozenset[str]:
    """The names of all icons that set-up fetched; empty before that."""
    return frozenset(path.stem for path in (vendor_dir / "heroicons").glob("*.svg"))


def names_in_templates(dirs: Iterable[Path]) -> frozenset[str]:
    """Icons that templates name as `icon("…")` or `icon="…"`."""
    paths = (path for folder in dirs for path in folder.rglob("*.html"))
    return frozenset(name for path in paths for name in _names_in(path))


@per_file
def _names_in(template: Path) -> frozenset[str]:
    return frozenset(NAMED.findall(template.read_text("utf-8")))


def sprite(names: Iterable[str], vendor_dir: Path) -> Sprite:
    """The known ones of these icons as symbols: geometry only, colour and stroke are the stylesheet's."""
    known = sorted(set(names) & available(vendor_dir))
    folder = vendor_dir / "heroicons"
    symbols = "".join(_symbol(folder / f"{name}.svg") for name in known)
    text = f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'
    return Sprite(text, digest_of(text.encode()), frozenset(known))


@per_file
def _symbol(file: Path) -> str:
    svg = file.read_text("utf-8")
    box = BOX.search(svg)
    shapes = "".join(f"<{tag} {' '.join(GEOMETRY.findall(rest))}/>" for tag, rest in DRAWN.findall(svg))
    return f'<symbol id="{file.stem}" viewBox="{box[1] if box else "0 0 24 24"}">{shapes}</symbol>'


class Icons:
    """The sprite of one application, rebuilt when the names in use change."""

    def __init__(self, app: Flask, vendor_dir: Path, template_dirs: Iterable[Path]) -> None:
        self.vendor_dir = vendor_dir
        self.available = available(vendor_dir)
        self._always = names_in_templates(template_dirs)
        self.sprite = sprite(self._always, vendor_dir)
        app.extensions["icons"] = self
        app.jinja_env.globals["icon_href"] = self.href
        app.add_url_rule("/static/icons.<digest>.svg", "assets.icons", self._serve)

    def use(self, names: Iterable[str]) -> None:
        """Also serve these."""
        wanted = (self._always | frozenset(names)) & self.available
        if wanted != self.sprite.names:
            self.sprite = sprite(wanted, self.vendor_dir)

    def href(self, name: str) -> str:
        """What `<use href>` takes."""
        return f"/static/icons.{self.sprite.digest}.svg#{name}"

    def _serve(self, digest: str) -> Response:
        """The sprite. An address of an older sprite gets the current one, uncached."""
        current = self.sprite
        return respond(current.text.encode(), SERVED[".svg"], current.digest, digest)


def init_app(app: Flask, settings: "Settings", installation: "Installation") -> None:
    """Serve the icons that the shell, the modules' templates and the current manifests name."""
    folders = [settings.templates, *(m.folder / "templates" for m in installation.modules.values())]
    icons = Icons(app, settings.static / "vendor", folders)
    installation.icons = icons.available or None
    seen: list[str] = []

    def follow() -> None:
        registry = installation.registry
        if seen != [registry.version]:
            icons.use(_in_manifests(registry.manifests.values()))
            seen[:] = [registry.version]

    app.before_request(follow)


def _in_manifests(manifests: Iterable[object]) -> set[str]:
    """Every icon that a manifest names: of sections, items and metrics."""
    names: set[str] = set()
    for manifest in manifests:
        for sections in manifest.menus.values():  # type: ignore[attr-defined]
            names |= {part.icon for section in sections for part in (section, *section.items)}
        names |= {metric.icon for metric in manifest.metrics}  # type: ignore[attr-defined]
    return names - {None, ""}
