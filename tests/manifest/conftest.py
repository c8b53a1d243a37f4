"""A small installation of files: manifests, modules and an engine, checked as `orion check` does."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest

from orion.manifest.checks import ModuleFacts
from orion.manifest.commands import run_check
from orion.manifest.diagnostics import Diagnostic

Check = Callable[..., list[Diagnostic]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """`check({"shop": text}, …)` → diagnostics. `platforms/x` names a platform's file.

    `modules` are Python files by path inside the package `rooms`; each manifest gets an empty module
    unless `empty` is False.
    """
    monkeypatch.chdir(tmp_path)

    def run(
        manifests: Mapping[str, str | bytes],
        modules: Mapping[str, str] | None = None,
        facts: ModuleFacts | None = None,
        icons: frozenset[str] | None = None,
        engine: str = "",
        empty: bool = True,
        vendors: Callable[..., Collection[str]] | None = None,
    ) -> list[Diagnostic]:
        for name, text in manifests.items():
            path = Path("manifests", name if "." in name else f"{name}.yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            if empty and path.parent.name == "manifests":
                _write(Path("rooms", path.stem, "__init__.py"), "")
        for inside, source in (modules or {}).items():
            _write(Path("rooms", inside), source)
        Path("rooms").mkdir(exist_ok=True)
        _write(Path("orion", "app.py"), engine)
        known = {facts.code: facts} if facts else {}
        folder = Path("manifests").absolute()
        return run_check(folder, Path("rooms"), known, icons, engine_dir=Path("orion"), vendors=vendors)

    return run


def _write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
