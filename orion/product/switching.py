"""Switching modules and features in the files: refused where it breaks something."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from flask_babel import gettext as _

from orion.checking import check_installation
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.manifest import document
from orion.manifest.checks import shown
from orion.manifest.diagnostics import ERROR, Diagnostic, as_text, none_such, spoken
from orion.manifest.edit import CannotEdit, with_value
from orion.manifest.load import Reading, read_folder
from orion.manifest.model import Manifest
from orion.settings import Settings

NEW_PLATFORM = (
    "# yaml-language-server: $schema=../../orion/manifest/schemas/platform-1.json\nschema: 1\ncode: {code}\n"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the manifests folder, before and after: None where there is none.

    `name` is that of the file in the folder, without .yaml: `orders`, `platforms/letz`.
    """

    file: Path
    before: bytes | None
    after: bytes | None

    @property
    def name(self) -> str:
        """See the class."""
        return f"platforms/{self.file.stem}" if self.file.parent.name == "platforms" else self.file.stem

    def diff(self) -> str:
        """The lines that differ, with the file and the place of each."""
        old, new = ((text or b"").decode().splitlines() for text in (self.before, self.after))
        name = shown(str(self.file))
        return "\n".join(unified_diff(old, new, name, name, lineterm="", n=0))


class NeedsOthers(Conflict):
    """A module can't be switched alone; `others` are the codes that would be switched along."""

    def __init__(self, message: str, others: Iterable[str]) -> None:
        super().__init__(message)
        self.others = tuple(others)


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
                _(
                    "%(module)s is off in the whole installation (%(place)s): a platform can't switch it on",
                    module=code,
                    place=f"{manifest.file}:{place.line}",
                )
            )
        off = [need for need in self._needs(code) if not self._is_on(need)]
        if off and not cascade:
            said = _("%(module)s requires what is off: %(others)s", module=code, others=", ".join(off))
            raise NeedsOthers(said, off)
        far = [need for need in off if self.platform and not self._manifest(need).enabled]
        if far:
            raise Conflict(
                _(
                    "%(module)s requires what is off in the whole installation: %(others)s",
                    module=code,
                    others=", ".join(far),
                )
            )
        return self._changes({self._path(one): True for one in (*off, code) if not self._is_on(one)})

    def disable(self, code: str, cascade: bool = False) -> list[Change]:
        """The changes that switch a module off. Raises NotFound, and Conflict for a core module and while
        others that are on require it."""
        manifest = self._manifest(code)
        if manifest.core:
            raise Conflict(_("%(module)s is a core module and stays on", module=code))
        dependants = [one for one in self._dependants(code) if self._is_on(one)]
        if dependants and not cascade:
            others = ", ".join(dependants)
            said = _("%(module)s is required by %(others)s", module=code, others=others)
            raise NeedsOthers(said, dependants)
        core = [one for one in dependants if self._manifest(one).core]
        if core:
            others = ", ".join(core)
            said = _("%(module)s is required by core modules: %(others)s", module=code, others=others)
            raise Conflict(said)
        return self._changes({self._path(one): False for one in (code, *dependants) if self._is_on(one)})

    def _manifest(self, code: str) -> Manifest:
        manifest = self.reading.manifests.get(code)
        if manifest is None and code in self.reading.texts:
            raise Invalid(_mend(code, self._explained(code)))
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
        after: dict[str, bytes | None] = {}
        for (name, path), value in wanted.items():
            before.setdefault(name, self.text(name))
            text = after.get(name) or before[name] or NEW_PLATFORM.format(code=self.platform).encode()
            try:
                after[name] = with_value(text, path, value)
            except CannotEdit:
                raise Invalid(_by_hand(name, path, value, self._explained_file(name))) from None
        return self._checked([Change(self._file(n), before[n], text) for n, text in after.items()])

    def back_to(self, name: str, text: bytes | None) -> list[Change]:
        """The change that gives a file (`platforms/letz`) a text that it once had, or takes it away.
        Raises Invalid where there would be errors."""
        now = self.text(name)
        return [] if now == text else self._checked([Change(self._file(name), now, text)])

    def _checked(self, made: list[Change]) -> list[Change]:
        found = list(_new_errors(self.settings, made))
        if found:
            said = _("Nothing was written, for this would be wrong then:")
            raise Invalid(f"{said}\n{_as_lines(found)}")
        return made

    def _file(self, name: str) -> Path:
        return self.settings.manifests / f"{name}.yaml"

    def text(self, name: str) -> bytes | None:
        """A file's text as it was read (`orders`, `platforms/letz`), None where there is none."""
        folder, _, code = name.rpartition("/")
        return (self.reading.platform_texts if folder else self.reading.texts).get(code)

    def _explained_file(self, name: str) -> str:
        return _as_lines(d for d in self.reading.diagnostics if d.file.endswith(f"/{name}.yaml"))


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
            if change.after is None:
                (copy / inside).unlink(missing_ok=True)
            else:
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
    return "\n".join(as_text(spoken(one)) for one in found)


def _by_hand(name: str, path: document.Path, value: bool, explained: str) -> str:
    said = f"{' → '.join(str(key) for key in path)}: {str(value).lower()}"
    if explained:
        return _mend(name, explained)
    return _(
        "%(file)s is written in a way that can't be edited for you: set %(said)s by hand",
        file=f"{name}.yaml",
        said=said,
    )


def _mend(name: str, explained: str) -> str:
    return _("%(file)s has errors: mend it first", file=f"{name}.yaml") + f"\n{explained}"
