"""What /admin/modules says of the modules: their states, who decided, what is wrong and what they need."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from flask_babel import gettext as _

from orion.installation import Installation
from orion.manifest.diagnostics import ERROR, Diagnostic
from orion.manifest.load import read_folder
from orion.manifest.saying import in_words
from orion.product.why import Decision, decisions, verdict
from orion.registry import Registry, State
from orion.served import Texts

QUARANTINED = State.QUARANTINED.value
MANIFESTS, PLATFORMS = "manifests", "platforms"


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module as the list shows it. `state` is on, off or quarantined, here; `needs` are sentences."""

    code: str
    version: str
    core: bool
    state: str
    reason: str
    place: tuple[str, int] | None
    required_by: tuple[str, ...]
    errors: int
    stale: bool
    needs: tuple[str, ...]


def module_rows(here: Installation, registry: Registry, platforms: Sequence[str]) -> list[ModuleRow]:
    """Every module as it is on these platforms, in the installation without any."""
    wrong = [owner for d in registry.diagnostics if d.severity == ERROR and (owner := owner_of(here, d))]
    return [
        module_row(here, registry, code, platforms, wrong.count(code))
        for code in {**registry.states, **dict.fromkeys(unknown_packages(here), None)}
    ]


def module_row(
    here: Installation, registry: Registry, code: str, platforms: Sequence[str], errors: int
) -> ModuleRow:
    """One of them."""
    manifest = registry.manifests.get(code)
    state, reason, place = _state(registry, code, platforms)
    return ModuleRow(
        code,
        manifest.version if manifest else "",
        bool(manifest and manifest.core),
        state,
        reason,
        place,
        required_by(registry, code),
        errors,
        code in registry.stale_manifests,
        tuple(needs(here, code)),
    )


def _state(
    registry: Registry, code: str, platforms: Sequence[str]
) -> tuple[str, str, tuple[str, int] | None]:
    """State, reason, and the file and line that decided."""
    if code not in registry.states:
        return State.OFF.value, _("its Python package is new"), None
    decided = decisions(registry, code, platforms)[code]
    said = verdict(decided)
    place = (said.file, said.line) if said.file else None
    if registry.state(code) == QUARANTINED:
        return QUARANTINED, in_words(registry.reason(code)), place
    return (State.ON if said.on else State.OFF).value, "" if said.on and not place else said.reason, place


def required_by(registry: Registry, code: str) -> tuple[str, ...]:
    """The modules whose manifests name it."""
    return tuple(other for other, manifest in registry.manifests.items() if code in manifest.requires)


# -- what is wrong ----------------------------------------------------------------------------------


def owner_of(here: Installation, found: Diagnostic) -> str | None:
    """The module that a finding is about; None for a platform's file."""
    return Texts(here.app, here.modules, None).owner(found)


def platform_of(file: str) -> str | None:
    """The platform whose file this is."""
    path = PurePath(file)
    return path.stem if path.parent.name == PLATFORMS else None


def findings(here: Installation, registry: Registry, platforms: Collection[str] | None) -> list[Diagnostic]:
    """What is wrong with files, errors first: everything, or of these platforms alone."""
    found = [d for d in registry.diagnostics if platforms is None or platform_of(d.file) in platforms]
    return sorted(found, key=lambda d: (d.severity != ERROR, d))


def of_file(registry: Registry, file: str) -> dict[int, list[Diagnostic]]:
    """Line → findings of a file, by its name under the folder (`orders.yaml`, `platforms/letz.yaml`)."""
    lines: dict[int, list[Diagnostic]] = {}
    for found in registry.diagnostics:
        if PurePath(found.file).parts[1:] == PurePath(file).parts:
            lines.setdefault(found.line, []).append(found)
    return lines


# -- what needs more than a saved file -----------------------------------------------------------------


def needs(here: Installation, code: str) -> Iterator[str]:
    """What the machine must be told before a module's files count."""
    module = here.modules.get(code)
    if module is None:
        there = (here.settings.root / here.settings.modules_package / code / "__init__.py").is_file()
        if there:
            yield _("A restart of every process: its Python package is newer than they are.")
        else:
            yield _("Its Python package, and then a restart of every process.")
        return
    if code in here.behind:
        yield _("orion db upgrade: its tables are behind its migrations.")
    if module.error or any(file.stat().st_mtime > here.started for file in _python(module.folder)):
        yield _("A restart of every process: Python files are read at the start alone.")


def _python(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*.py") if "tests" not in file.parts)


def unknown_packages(here: Installation) -> list[str]:
    """Folders of modules that came after this process started, with or without a manifest."""
    folder = here.settings.root / here.settings.modules_package
    there = sorted(path.parent.name for path in folder.glob("*/__init__.py"))
    return [code for code in there if code not in here.modules]


# -- which level decided -------------------------------------------------------------------------------


def at_levels(
    registry: Registry, code: str, platforms: Sequence[str], top: bool
) -> list[tuple[str, dict[str, Decision]]]:
    """(platform, "" for the installation; name → decision) of each level."""
    levels: list[tuple[str, list[str]]] = [("", [])] if top else []
    levels += [(one, [one]) for one in platforms]
    return [
        (level, {name: decided[0] for name, decided in decisions(registry, code, asked).items()})
        for level, asked in levels
    ]


def text_of(here: Installation, name: str) -> list[str] | None:
    """The lines of a file of the manifests folder as it is now (`orders`, `platforms/letz`)."""
    reading = read_folder(here.settings.manifests)
    folder, _slash, code = name.rpartition("/")
    text = (reading.platform_texts if folder else reading.texts).get(code)
    return None if text is None else text.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
