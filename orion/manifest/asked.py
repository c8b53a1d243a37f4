"""Features that nothing asks for: switching one would change nothing."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from orion.manifest.diagnostics import WARNING, Diagnostic, shortened
from orion.manifest.model import Manifest

_QUOTED = re.compile(r"""["']([a-z][a-z0-9_.]*)["']""")


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
                message = (
                    f"nothing asks for the feature {shortened(feature.id)}: switching it changes nothing"
                )
                yield manifest.document.diagnostic(
                    ("features", feature.id), "ORN318", message, key=True, severity=WARNING
                )


def _named(folder: Path) -> frozenset[str]:
    """Every quoted name in a module's Python and templates."""
    files = (file for file in folder.rglob("*") if file.suffix in (".py", ".html"))
    own = (file for file in files if "tests" not in file.relative_to(folder).parts)
    return frozenset(name for file in own for name in _QUOTED.findall(_text(file)))


def _text(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.is_file() else ""
