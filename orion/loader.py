"""From folders to modules: the one place where the engine reaches modules, by importlib alone."""

import importlib
import importlib.util
import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from flask import Blueprint

from orion.contracts.audit import AuditKeeper
from orion.contracts.pages import PREFIXES, Pages, PageSpec
from orion.contracts.permissions import PermissionSource
from orion.settings import Settings

log = logging.getLogger("orion.loader")
#: What a module may consist of, in the order of import: tables before what reads them.
PARTS = (
    *(
        "models",
        "notices",
        "api",
        "destination",
        "services",
        "queries",
        "metrics",
        "rollups",
        "panels",
        "listeners",
    ),
    *("undo", "jobs", "search"),
    "seed",
)


@dataclass(frozen=True, slots=True)
class LoadedModule:
    """A module as Python gave it. `error` says in one line why it couldn't be imported, `failed` what went
    wrong when the application took its pages on."""

    code: str
    folder: Path
    parts: Mapping[str, ModuleType] = field(default_factory=dict)
    blueprints: tuple[Blueprint, ...] = ()
    undeclared: tuple[str, ...] = ()
    error: str | None = None
    failed: str | None = None

    @property
    def pages(self) -> tuple[PageSpec, ...]:
        """Every page with its policy."""
        return tuple(spec for bp in self.blueprints if isinstance(bp, Pages) for spec in bp.specs)

    @property
    def permission_source(self) -> PermissionSource | None:
        """The module's answer to who may do what, if it keeps memberships."""
        source = getattr(self.parts.get("api"), "permission_source", None)
        return source if isinstance(source, PermissionSource) else None

    @property
    def audit_keeper(self) -> AuditKeeper | None:
        """The module's audit log, if it keeps one."""
        keeper = getattr(self.parts.get("api"), "audit_keeper", None)
        return keeper if isinstance(keeper, AuditKeeper) else None

    def functions(self, part: str) -> dict[str, Callable[..., Any]]:
        """The public functions that a part defines itself."""
        module = self.parts.get(part)
        if module is None:
            return {}
        return {
            name: value
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        }


def load_modules(settings: Settings) -> dict[str, LoadedModule]:
    """Import every module folder, on or off. A module that can't be imported carries its error.

    Raises RuntimeError when the package of that name lies in another tree than this installation.
    """
    package = settings.modules_package
    folder = package_folder(settings)
    codes = sorted(p.name for p in folder.iterdir() if (p / "__init__.py").is_file()) if folder else []
    return {code: _load(package, code, folder / code) for code in codes if folder}


def package_folder(settings: Settings) -> Path | None:
    """The folder of the modules package, checked to be this installation's own."""
    spec = importlib.util.find_spec(settings.modules_package)
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).resolve().parent
    expected = (settings.root / settings.modules_package).resolve()
    if found != expected:
        raise RuntimeError(f"the package {settings.modules_package!r} is {found}, and not {expected}")
    return found


def _load(package: str, code: str, folder: Path) -> LoadedModule:
    try:
        parts = {part: _import(f"{package}.{code}.{part}") for part in PARTS if _has(folder, part)}
        _configure_mappers(parts.get("models"))
        routes = [_import(f"{package}.{code}.routes.{f}") for f in PREFIXES if _has(folder / "routes", f)]
    except (Exception, SystemExit) as error:
        log.exception("module cannot be imported", extra={"module_code": code})
        return LoadedModule(code, folder, error=in_one_line(error))
    blueprints = tuple(
        value for route in routes for value in vars(route).values() if isinstance(value, Blueprint)
    )
    return LoadedModule(code, folder, parts, blueprints, _undeclared(blueprints))


def _undeclared(blueprints: tuple[Blueprint, ...]) -> tuple[str, ...]:
    """Rules without a policy; of a blueprint that isn't Pages, its name."""
    rules: list[str] = []
    for blueprint in blueprints:
        rules += blueprint.undeclared if isinstance(blueprint, Pages) else [f"blueprint {blueprint.name}"]
    return tuple(rules)


def load_commands(settings: Settings) -> dict[str, click.Group]:
    """`orion <id> …`: the group `commands` in each module's commands.py. A broken one is left out."""
    folder = package_folder(settings)
    groups: dict[str, click.Group] = {}
    for path in sorted(folder.iterdir()) if folder else []:
        if _has(path, "commands"):
            try:
                groups[path.name] = _import(f"{settings.modules_package}.{path.name}.commands").commands
            except Exception:
                log.exception("commands cannot be imported", extra={"module_code": path.name})
    return groups


def _has(folder: Path, part: str) -> bool:
    return (folder / f"{part}.py").is_file() or (folder / part / "__init__.py").is_file()


def _import(name: str) -> ModuleType:
    return importlib.import_module(name)


def _configure_mappers(models: ModuleType | None) -> None:
    """Find broken mappers now, in their own registry, rather than at the first query."""
    base = getattr(models, "Base", None)
    if base is not None:
        base.registry.configure()


def in_one_line(error: BaseException) -> str:
    """An exception as people read it in a reason."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
