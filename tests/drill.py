"""The removal drill: `python -m tests.drill [--brief] [MODULE …]`.

Each optional module is really deleted, from a copy of the checkout and together with what requires it;
then the copy has to check, migrate, make its demo and pass its tests. Which modules are optional is read
from the manifests. The brief drill asks each copy what holds for every module, and of the one where all
optional modules are gone the whole suite, in which tests of pages take turns as in every run, but for tests
on fake modules, to which it is all the same.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from fnmatch import fnmatch
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
#: What set-up fetched: linked into the copy.
FETCHED = ("static/vendor", "static/node_modules")
#: What else isn't source, for a checkout without git.
MADE = (".git", ".venv", "instance", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")

#: The tests that hold for every module found, but for those of figures, plans, costs and markup, which don't
#: depend on which others there are, and of modules that are there and off.
LEFT_OUT = ("true_tiles", "plans", "costs", "matrix", "access", "headers")
ABOUT_MODULES = ("tests/contracts", *(f"--ignore=tests/contracts/test_{name}.py" for name in LEFT_OUT))

Manifests = Mapping[str, Mapping[str, Any]]


class Broken(Exception):
    """A step failed in the copy; the message says which."""


def read_manifests(folder: Path) -> Manifests:
    """The manifests of all modules, by module."""
    files = sorted(folder.glob("*.yaml"))
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}


def leaving(module: str, manifests: Manifests) -> list[str]:
    """The module and everything that requires it, directly or not, sorted."""
    gone, before = {module}, 0
    while len(gone) > before:
        before = len(gone)
        gone |= {
            code for code, manifest in manifests.items() if gone.intersection(manifest.get("requires") or ())
        }
    return sorted(gone)


def _requires(manifest: Mapping[str, Any]) -> list[str]:
    return manifest.get("requires") or []


def drills(manifests: Manifests) -> list[list[str]]:
    """What to delete, one drill an optional module, equal sets once. Raises Broken over a core one."""
    found: list[list[str]] = []
    for module, manifest in manifests.items():
        gone = leaving(module, manifests)
        if manifest.get("core") or gone in found:
            continue
        core = [code for code in gone if manifests[code].get("core")]
        if core:
            raise Broken(f"the core module {core[0]} requires {module}, which is optional")
        found.append(gone)
    return found


def copy_checkout(to: Path) -> None:
    """Copy the files that git knows or would take, as they are now, and link what set-up fetched."""
    for name in _files():
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    for fetched in FETCHED:
        if (ROOT / fetched).exists():
            (to / fetched).symlink_to(ROOT / fetched)


def _files() -> list[Path]:
    names = _known_to_git()
    if names is None:
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    return [name for name in names if _is_source(name) and (ROOT / name).is_file()]


def _is_source(name: Path) -> bool:
    made = any(fnmatch(part, pattern) for part in name.parts for pattern in MADE)
    return not made and not name.as_posix().startswith(FETCHED)


def _known_to_git() -> list[Path] | None:
    if not shutil.which("git"):
        return None
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return None if listed.returncode else [Path(name) for name in listed.stdout.split("\0") if name]


def delete(modules: Sequence[str], tree: Path) -> None:
    """`rm -r modules/<id> manifests/<id>.yaml`, and nothing else."""
    for module in modules:
        shutil.rmtree(tree / "modules" / module)
        (tree / "manifests" / f"{module}.yaml").unlink()


def steps(tests: Sequence[str]) -> dict[str, list[str]]:
    """What has to succeed in the copy, by name, as arguments for Python."""
    orion = ["-c", "from orion.cli import main; main()"]
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return {
        "orion is the copy's": ["-c", "import modules, orion; print(orion.__file__, modules.__file__)"],
        "orion check": [*orion, "check"],
        "orion db upgrade": [*orion, "db", "upgrade"],
        "orion demo": [*orion, "demo", "--no-serve"],
        "tests": [*pytest, "-m", "not browser", "--db", "sqlite", *tests],
    }


def drill(gone: Sequence[str], tests: Sequence[str]) -> Iterator[str]:
    """Delete the modules from a copy and run every step there; gives what each took. Raises Broken at the
    first that fails."""
    with tempfile.TemporaryDirectory(prefix="orion-drill-") as folder:
        tree = Path(folder, "orion")
        copy_checkout(tree)
        delete(gone, tree)
        for name, arguments in steps(tests).items():
            begun = time.monotonic()
            # Each in a folder of its own: a demo takes none that is in use.
            _run(name, arguments, tree, Path(folder, name.replace(" ", "-")))
            yield f"  {name:<22} {time.monotonic() - begun:6.1f} s"


def _run(name: str, arguments: Sequence[str], tree: Path, data: Path) -> None:
    """Run this interpreter in the copy, which wins over the installed checkout."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ORION_")}
    env = kept | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "ORION_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=env, text=True, stdout=PIPE, stderr=STDOUT
    )
    stray = name == "orion is the copy's" and done.stdout.count(str(tree)) != 2
    if done.returncode or stray:
        raise Broken(f"{name} failed ({done.returncode}):\n{done.stdout}")


def planned(modules: Sequence[str], manifests: Manifests) -> list[list[str]]:
    """The drills that take one of the modules away; all of them when none is named. Raises Broken."""
    every = drills(manifests)
    if not modules:
        return every
    optional = {code for code, manifest in manifests.items() if not manifest.get("core")}
    if not optional.issuperset(modules):
        raise Broken(f"the optional modules are {', '.join(sorted(optional))}")
    chosen = [leaving(module, manifests) for module in modules]
    return [gone for gone in every if gone in chosen]


def brief(plan: Sequence[Sequence[str]], manifests: Manifests) -> list[tuple[Sequence[str], Sequence[str]]]:
    """(what to delete, which tests to run) of the brief drill, the longest first."""
    everything = sorted(code for code, manifest in manifests.items() if not manifest.get("core"))
    suite = ("--long", "without", "--turns", "--no-houses")
    return [(everything, suite), *((gone, ABOUT_MODULES) for gone in plan if gone != everything)]


def report(gone: Sequence[str], tests: Sequence[str]) -> tuple[bool, str]:
    """Drill, and tell of it: whether the rest lives without these modules, and what was done."""
    lines = [f"without {', '.join(gone)}"]
    try:
        lines += drill(gone, tests)
    except Broken as error:
        return False, "\n".join([*lines, f"  {error}"])
    return True, "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Drill the modules named, or every optional one; exit status 1 when one of them breaks the rest."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description="The removal drill.")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="optional modules; default: all")
    parser.add_argument("--brief", action="store_true", help="the whole suite but once")
    parser.add_argument("--jobs", default="auto", help="processes that run tests")
    asked = parser.parse_args(arguments)
    try:
        manifests = read_manifests(ROOT / "manifests")
        plan = planned(asked.modules, manifests)
    except Broken as error:
        parser.error(str(error))
    ahead = brief(plan, manifests) if asked.brief else [(gone, ()) for gone in plan]
    jobs = (os.cpu_count() or 1) if asked.jobs == "auto" else int(asked.jobs)
    # Copies side by side leave no processor idle while each of them checks, migrates and makes its demo.
    share = ["-n", str(jobs // len(ahead))] if jobs > len(ahead) else []
    failed = 0
    with ThreadPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(report, gone, [*share, *tests]) for gone, tests in ahead]):
            lives, told = done.result()
            print(told, flush=True)
            failed += not lives
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
