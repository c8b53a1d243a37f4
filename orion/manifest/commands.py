"""What `orion check` runs."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from orion.manifest.asked import check_asked, check_slots
from orion.manifest.checks import ModuleFacts, cross_check, shown
from orion.manifest.diagnostics import Diagnostic
from orion.manifest.imports import check_engine, check_imports
from orion.manifest.load import check_set, read_folder
from orion.manifest.meaning import check_vendors, named_vendors
from orion.manifest.model import Manifest


def run_check(
    manifests_dir: Path,
    package_dir: Path | None,
    facts: Mapping[str, ModuleFacts],
    icons: Collection[str] | None,
    engine_dir: Path = Path(__file__).parents[1],
    vendors: Callable[[Collection[str]], Collection[str] | None] | None = None,
) -> list[Diagnostic]:
    """Everything that can be said of a folder of manifests and its modules, sorted by place, each once.

    `package_dir` is the folder of all modules, None where there is none; `icons` are the names of
    all icons, None where that is not known. `vendors` gives those of some codes that there are, None
    where nobody can tell; it is asked where a feature names any.
    """
    reading = read_folder(manifests_dir, shown(str(manifests_dir)))
    manifests = {**reading.manifests, **{code: one.manifest for code, one in reading.salvaged.items()}}
    doubtful = frozenset().union(*(one.doubtful for one in reading.salvaged.values()))
    checked = [*check_set(manifests, known=reading.texts), *cross_check(manifests, facts, icons)]
    found = [*reading.diagnostics, *(one for one in checked if one.code not in doubtful)]
    named = named_vendors(manifests)
    there = vendors(named) if vendors and named else None
    if there is not None:
        found += check_vendors(manifests, there)
    if package_dir is not None:
        found += _modules(package_dir, manifests)
        found += [*check_asked(package_dir, manifests), *check_slots(package_dir, manifests)]
        found += check_engine(engine_dir, package_dir.name, _codes(package_dir))
    return sorted(set(found))


def _codes(package_dir: Path) -> set[str]:
    return {path.name for path in package_dir.iterdir() if (path / "__init__.py").is_file()}


def _modules(package_dir: Path, manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    """A manifest without a module, and the imports of those that have one."""
    package, codes = package_dir.name, _codes(package_dir)
    for code, manifest in manifests.items():
        if code in codes:
            yield from check_imports(package_dir, package, code, manifest.requires)
        else:
            message = f"there is no module {package}/{code}"
            yield manifest.document.diagnostic(
                ("code",), "ORN336", message, hint="a folder with an __init__.py"
            )
