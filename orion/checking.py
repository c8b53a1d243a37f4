"""`orion check`: every error of every file at once."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial
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
    """Diagnostics of all manifests, modules and imports, sorted by place. Needs no database: where there is
    one, it is asked for the vendors that features name.

    Without `python` no module's files are read for what they import, which takes most of the time.
    """
    settings = replace(settings, manifests=manifests or settings.manifests)
    modules = load_modules(settings)
    return run_check(
        manifests_dir=settings.manifests,
        package_dir=package_folder(settings) if python else None,
        facts={code: facts_of(module) for code, module in modules.items()},
        icons=available(settings.static / "vendor") or None,
        vendors=partial(_known_vendors, settings) if python else None,
    )


def _known_vendors(settings: Settings, codes: Collection[str]) -> Collection[str] | None:
    # Here, because an application takes longer than everything else together, and is seldom needed.
    from orion.app import create_app

    found: Collection[str] | None = (
        create_app(replace(settings, watch_every=0)).extensions["orion"].known_vendors(codes)
    )
    return found
