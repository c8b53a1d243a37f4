"""What set-up installs is pinned, whole, and the same on every machine."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9-]+)==[^\s;]+( ; .+?)? \\$")


def _requirements() -> list[str]:
    """What pyproject.toml asks for, with and without extras, but for the project's own extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    return [one for requirements in lists for one in requirements if not one.startswith("orion[")]


def _pinned(lock: Path) -> dict[str, list[str]]:
    """Each package's hashes."""
    pins: dict[str, list[str]] = {}
    for line in lock.read_text().splitlines():
        if found := PIN.match(line):
            pins[found[1]] = hashes = []
        elif line.startswith("    --hash="):
            hashes.append(line.strip(" \\"))
        else:
            assert line.lstrip().startswith("#"), f"{lock.name} holds more than pins and hashes: {line}"
    return pins


@pytest.mark.parametrize(
    "name", sorted({re.split(r"[\[>=<~! ;]", one)[0].lower() for one in _requirements()})
)
def test_every_declared_package_is_pinned(name: str) -> None:
    assert name in _pinned(ROOT / "requirements.lock")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_the_hashes_of_its_files(lock: Path) -> None:
    pins = _pinned(lock)
    assert pins
    assert not [name for name, hashes in pins.items() if not hashes]
    assert all(
        re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", value) for hashes in pins.values() for value in hashes
    )


def test_every_requirement_has_a_lower_bound_and_no_upper_one() -> None:
    assert not [one for one in _requirements() if not re.fullmatch(r"[\w.\[\]-]+>=[\d.]+", one)]


def test_the_front_end_files_are_pinned_to_one_version_each() -> None:
    package = json.loads((ROOT / "static" / "package.json").read_text())
    wanted = package["dependencies"] | package.get("devDependencies", {})
    assert not [version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
