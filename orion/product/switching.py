"""Switching modules and features in the files: refused where it breaks something, written whole."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from orion.checking import check_installation
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.manifest import document
from orion.manifest.checks import shown
from orion.manifest.diagnostics import ERROR, Diagnostic, as_text, none_such
from orion.manifest.edit import CannotEdit, with_value
from orion.manifest.load import Reading, read_folder
from orion.manifest.model import Manifest
from orion.settings import Settings

NEW_PLATFORM = (
    "# yaml-language-server: $schema=../../orion/manifest/schemas/platform-1.json\nschema: 1\ncode: {code}\n"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the manifests folder, before and after. `before` is None for a file that is new."""

    file: Path
    before: bytes | None
    after: bytes

    def diff(self) -> str:
        """The lines that differ, with the file and the place of each."""
        old, new = ((text or b"").decode().splitlines() for text in (self.before, self.after))
        name = shown(str(self.file))
        return "\n".join(unified_diff(old, new, name, name, lineterm="", n=0))


class Switches:
    """The manifests folder as it is now, and the changes that a switch would make to it."""

    def __init__(self, settings: Settings, platform: str | None = None) -> None:
        self.settings, self.platform = settings, platform
        self.reading: Reading = read_folder(settings.manifests)

    # -- modules ------------------------------------------------------------------------------

    def enable(self, code: str, cascade: bool = False) -> list[Change]:
        """The changes that switch a module on. Raises NotFound, and Conflict where its needs are off."""
        manifest = self._manifest(code)
        if self.platform and not manifest.enabled:
            place = manifest.document.mark(("enabled",), key=True)
            raise Conflict(
                f"{code} is off in the whole installation ({manifest.file}:{place.line}): "
                "a platform can't switch it on"
            )
        off = [need for need in self._needs(code) if not self._is_on(need)]
        if off and not cascade:
            raise Conflict(f"{code} requires what is off: {', '.join(off)} (--cascade switches them on too)")
        if self.platform and any(not self._manifest(need).enabled for need in off):
            raise Conflict(f"{code} requires what is off in the whole installation: {', '.join(off)}")
        return self._changes({self._path(one): True for one in (*off, code) if not self._is_on(one)})

    def disable(self, code: str, cascade: bool = False) -> list[Change]:
        """The changes that switch a module off. Raises NotFound, and Conflict for a core module and while
        others that are on require it."""
        manifest = self._manifest(code)
        if manifest.core:
            raise Conflict(f"{code} is a core module and stays on")
        dependants = [one for one in self._dependants(code) if self._is_on(one)]
        if dependants and not cascade:
            raise Conflict(f"{code} is required by {', '.join(dependants)} (--cascade switches them off too)")
        core = [one for one in dependants if self._manifest(one).core]
        if core:
            raise Conflict(f"{code} is required by a core module, which stays on: {', '.join(core)}")
        return self._changes({self._path(one): False for one in (code, *dependants) if self._is_on(one)})

    def _manifest(self, code: str) -> Manifest:
        manifest = self.reading.manifests.get(code)
        if manifest is None and code in self.reading.texts:
            raise Invalid(f"{code}.yaml has errors: mend it first\n{self._explained(code)}")
        if manifest is None:
            raise NotFound(none_such("module", code, self.reading.texts))
        return manifest

    def _explained(self, code: str) -> str:
        return _as_lines(d for d in self.reading.diagnostics if Path(d.file).stem == code)

    def _is_on(self, code: str) -> bool:
        manifest = self._manifest(code)
        if manifest.core:
            return True
        file = self.reading.platforms.get(self.platform or "")
        return manifest.enabled and (file is None or file.modules.get(code, True))

    def _needs(self, code: str) -> list[str]:
        """All that a module requires, what is required first."""
        found: list[str] = []
        for need in self._manifest(code).requires:
            found += [one for one in (*self._needs(need), need) if one not in found]
        return found

    def _dependants(self, code: str) -> list[str]:
        return [one for one in sorted(self.reading.manifests) if code in self._needs(one)]

    def _path(self, code: str) -> tuple[str, document.Path]:
        """The file's name without .yaml, and the path of the module's switch in it."""
        return (f"platforms/{self.platform}", ("modules", code)) if self.platform else (code, ("enabled",))

    # -- features -----------------------------------------------------------------------------

    def feature(self, full: str, on: bool) -> list[Change]:
        """The changes that switch a feature. Raises NotFound."""
        code, _, name = full.partition(".")
        known = [one.full_id for manifest in self.reading.manifests.values() for one in manifest.features]
        if full not in known:
            if code in self.reading.texts:
                self._manifest(code)
            raise NotFound(none_such("feature", full, known))
        feature = next(one for one in self._manifest(code).features if one.id == name)
        file = self.reading.platforms.get(self.platform or "")
        now = file.features.get(full, feature.default) if file else feature.default
        if now == on:
            return []
        if self.platform:
            return self._changes({(f"platforms/{self.platform}", ("features", full)): on})
        return self._changes({(code, ("features", name, "default")): on})

    # -- files --------------------------------------------------------------------------------

    def _changes(self, wanted: Mapping[tuple[str, document.Path], bool]) -> list[Change]:
        """Raises Invalid where a file has errors, would have some, or can't be edited for a person."""
        before: dict[str, bytes | None] = {}
        after: dict[str, bytes] = {}
        for (name, path), value in wanted.items():
            before.setdefault(name, self._text(name))
            text = after.get(name, before[name] or NEW_PLATFORM.format(code=self.platform).encode())
            try:
                after[name] = with_value(text, path, value)
            except CannotEdit:
                raise Invalid(_by_hand(name, path, value, self._explained_file(name))) from None
        made = [Change(self.settings.manifests / f"{n}.yaml", before[n], text) for n, text in after.items()]
        found = list(_new_errors(self.settings, made))
        if found:
            raise Invalid(f"nothing was written, for this would be wrong then:\n{_as_lines(found)}")
        return made

    def _text(self, name: str) -> bytes | None:
        folder, _, code = name.rpartition("/")
        return (self.reading.platform_texts if folder else self.reading.texts).get(code)

    def _explained_file(self, name: str) -> str:
        return _as_lines(d for d in self.reading.diagnostics if d.file.endswith(f"/{name}.yaml"))


def write(changes: Iterable[Change]) -> None:
    """Replace each file whole. Raises Conflict, before any is written, where one has changed meanwhile."""
    changes = list(changes)
    for change in changes:
        now = change.file.read_bytes() if change.file.exists() else None
        if now != change.before:
            raise Conflict(f"{change.file.name} was changed by somebody else meanwhile: nothing was written")
    for change in changes:
        _replace(change)


def _replace(change: Change) -> None:
    """By way of a file beside it that nobody reads. A link goes on leading to its file."""
    file = change.file.resolve()
    file.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".new", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(change.after)
            new.flush()
            os.fsync(new.fileno())
        if change.before is None:
            Path(name).chmod(0o644)
        else:
            shutil.copymode(file, name)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _new_errors(settings: Settings, changes: Iterable[Change]) -> Iterator[Diagnostic]:
    """The errors that `orion check` would find in files that are changed, and new ones elsewhere.

    Which Python files import what is the same before and after, and is not read.
    """
    known = {_gist(d) for d in check_installation(settings, python=False)}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / settings.manifests.name
        shutil.copytree(settings.manifests, copy, ignore=shutil.ignore_patterns(".*"))
        changed = set()
        for change in changes:
            inside = change.file.relative_to(settings.manifests)
            (copy / inside).parent.mkdir(exist_ok=True)
            (copy / inside).write_bytes(change.after)
            changed.add(f"{settings.manifests.name}/{inside.as_posix()}")
        for found in check_installation(settings, copy, python=False):
            named = replace(found, file=found.file.removeprefix(f"{folder}/"))
            if named.severity == ERROR and (named.file in changed or _gist(named) not in known):
                yield named


def _gist(found: Diagnostic) -> tuple[str, str, str]:
    """What makes a finding the same one, whatever folder it was read from."""
    return (Path(found.file).name, found.code, found.message)


def _as_lines(found: Iterable[Diagnostic]) -> str:
    return "\n".join(as_text(one) for one in found)


def _by_hand(name: str, path: document.Path, value: bool, explained: str) -> str:
    said = f"{' → '.join(str(key) for key in path)}: {str(value).lower()}"
    if explained:
        return f"{name}.yaml has errors: mend it first\n{explained}"
    return f"{name}.yaml is written in a way that can't be edited for you: set {said} by hand"
