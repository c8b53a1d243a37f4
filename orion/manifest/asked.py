"""Features that nothing asks for, and panels on slots that no page has: nobody would see them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from orion.manifest.diagnostics import WARNING, Diagnostic, did_you_mean, shortened
from orion.manifest.model import Manifest
from orion.manifest.saying import sentence

_QUOTED = re.compile(r"""["']([a-z][a-z0-9_.]*)["']""")
_SLOT = re.compile(r"""\bpanels\(\s*["']([a-z][a-z0-9_.]*)["']""")
#: How close a slot must be to one that there is, where its module isn't here: it may only be not installed.
_NEARLY = 0.85


def check_asked(package_dir: Path, manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    """A feature is asked for by a metric or panel of its manifest, by its id in the module's own code or
    templates, or by its full id in any module's; tests ask for nothing."""
    named = {code: _named(package_dir / code) for code in manifests if (package_dir / code).is_dir()}
    anywhere = frozenset().union(*named.values())
    for code, names in named.items():
        manifest = manifests[code]
        parts = {part.feature for part in manifest.metrics} | {part.feature for part in manifest.panels}
        for feature in manifest.features:
            if feature.id not in names | parts and feature.full_id not in anywhere:
                message = sentence(
                    "nothing asks for the feature %(feature)s: switching it changes nothing",
                    feature=shortened(feature.id),
                )
                yield manifest.document.diagnostic(
                    ("features", feature.id), "ORN318", message, key=True, severity=WARNING
                )


def check_slots(package_dir: Path, manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    """A slot is where a template of a module says `panels("catalog.product", …)`. Those of a module that
    is not here are left alone, but for one that is a letter away from a slot."""
    here = {code for code in manifests if (package_dir / code).is_dir()}
    slots = {
        slot for code in here for file in _own(package_dir / code) for slot in _SLOT.findall(_text(file))
    }
    for manifest in manifests.values():
        for index, panel in enumerate(manifest.panels):
            is_here = panel.slot.partition(".")[0] in here
            hint = did_you_mean(panel.slot, slots, 0.6 if is_here else _NEARLY)
            if panel.slot not in slots and (is_here or hint):
                message = sentence(
                    "no page has the slot %(slot)s: the panel is nowhere", slot=shortened(panel.slot)
                )
                yield manifest.document.diagnostic(
                    ("panels", index, "slot"), "ORN324", message, hint=hint, severity=WARNING
                )


def _named(folder: Path) -> frozenset[str]:
    """Every quoted name in a module's Python and templates."""
    return frozenset(name for file in _own(folder) for name in _QUOTED.findall(_text(file)))


def _own(folder: Path) -> Iterator[Path]:
    """A module's Python and templates, without its tests."""
    files = (file for file in folder.rglob("*") if file.suffix in (".py", ".html"))
    return (file for file in files if "tests" not in file.relative_to(folder).parts)


def _text(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.is_file() else ""
