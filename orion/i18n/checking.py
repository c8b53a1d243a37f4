"""`orion i18n check`: the catalogs of an installation, or any others, with the coverage that is demanded."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from orion.i18n.check import Home, Report, check
from orion.i18n.extract import templates
from orion.i18n.status import coverage, totals
from orion.loader import package_folder
from orion.manifest.checks import shown
from orion.manifest.diagnostics import ERROR, Diagnostic
from orion.settings import Settings


def check_installation(settings: Settings, paths: Collection[Path] = ()) -> Report:
    """Check the catalogs at `paths`, each held against the source if it is one of this installation's.

    Without paths, all of these are checked, and their coverage is held against what pyproject.toml demands.
    """
    folders = (settings.translations, settings.own_translations)
    if paths and not any(_touch(path, folder) for path in paths for folder in folders):
        return check(paths)
    found = templates(settings)
    package = package_folder(settings)
    modules = sorted(path.name for path in package.iterdir() if path.is_dir()) if package else []
    homes = [
        Home(settings.translations, found, modules),
        Home(settings.own_translations, found, modules, strict=False),
    ]
    everything = [home.folder for home in homes if home.folder.is_dir()]
    report = check(paths or everything, homes)
    if not paths:
        file = settings.root / "pyproject.toml"
        demanded = floors(file)
        reached = totals(coverage(settings.translations, found, demanded), stale=True)
        report.found += _below(file, demanded, reached)
    return report


def _touch(path: Path, folder: Path) -> bool:
    """Whether one lies in the other."""
    one, other = path.resolve(), folder.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)


def floors(file: Path) -> dict[str, float]:
    """`[tool.orion.i18n] floors`: locale → the share that must be shown in it, 0 to 100.

    What is stale is shown: who words a label anew need not wait for every language.
    """
    if not file.is_file():
        return {}
    tools = tomllib.loads(file.read_text("utf-8")).get("tool", {})
    said = tools.get("orion", {}).get("i18n", {}).get("floors", {})
    return {str(locale): float(share) for locale, share in said.items()}


def _below(file: Path, demanded: Mapping[str, float], reached: Mapping[str, float]) -> Iterator[Diagnostic]:
    lines = file.read_text("utf-8").splitlines() if demanded else []
    for locale, share in demanded.items():
        if reached[locale] < share:
            line = next((n for n, text in enumerate(lines, 1) if "floors" in text), 1)
            message = f"{locale} is translated to {reached[locale]} percent, and {share:g} are demanded"
            hint = f"orion i18n status --locale {locale} --missing names what lacks"
            source = lines[line - 1] if lines else ""
            yield Diagnostic(shown(str(file)), line, 1, "ORN460", ERROR, message, source, hint)
