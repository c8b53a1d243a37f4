"""`orion check`: every error of every file at once."""

from dataclasses import replace
from pathlib import Path

from orion.loader import load_modules, package_folder
from orion.manifest.commands import run_check
from orion.manifest.diagnostics import Diagnostic
from orion.served import facts_of
from orion.settings import Settings
from orion.web.icons import available


def check_installation(
    settings: Settings, manifests: Path | None = None, python: bool = True
) -> list[Diagnostic]:
    """Diagnostics of all manifests, modules and imports, sorted by place. Needs no database.

    Without `python` no module's files are read for what they import, which takes most of the time.
    """
    settings = replace(settings, manifests=manifests or settings.manifests)
    modules = load_modules(settings)
    return run_check(
        manifests_dir=settings.manifests,
        package_dir=package_folder(settings) if python else None,
        facts={code: facts_of(module) for code, module in modules.items()},
        icons=available(settings.static / "vendor") or None,
    )
