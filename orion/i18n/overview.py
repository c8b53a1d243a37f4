"""How far catalogs are and where each message is: worked out once, and anew when a file changes."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from orion.i18n.catalogs import CatalogDomain, wider
from orion.i18n.extract import Template
from orion.i18n.noting import Note
from orion.i18n.reading import Unreadable, entries
from orion.i18n.status import Coverage, coverage, templates_on_disk
from orion.i18n.words import key_of
from orion.manifest.checks import shown


class Place(NamedTuple):
    """Where a message stands: its catalog and the line there, 0 if it isn't; `file:line` in the source."""

    catalog: str
    line: int
    sources: tuple[str, ...]


class Overview:
    """Answers for the templates and catalogs as they are now."""

    def __init__(self, folder: Path, domain: CatalogDomain) -> None:
        self._folder, self._domain = folder, domain
        self._kept: dict[tuple[str, ...], tuple[Any, Any]] = {}

    def templates(self, modules: Collection[str]) -> Mapping[str, Template]:
        """The templates of the engine and of these modules."""
        codes = sorted(modules)
        files = sorted((self._folder / "templates").glob("*.pot"))
        return self._once(
            ("templates", *codes), _stamps(files), lambda: templates_on_disk(self._folder, codes)
        )

    def coverage(self, locale: str, modules: Collection[str]) -> list[Coverage]:
        """A locale's catalogs, one a module, held against the templates."""
        templates = self.templates(modules)
        files = [path for name in wider(locale) for path in self._domain.files(name)]
        stamps = (id(templates), _stamps(files))
        return self._once(("coverage", locale), stamps, lambda: coverage(self._folder, templates, [locale]))

    def places(self, notes: Collection[Note], locale: str, modules: Collection[str]) -> list[Place]:
        """Where each of these messages stands in the locale's catalogs, else in which it is to be written."""
        lines, templates = self._lines(locale), self.templates(modules)
        return [_place(note, locale, lines, templates) for note in notes]

    def _lines(self, locale: str) -> dict[str, tuple[str, int]]:
        files = [path for name in wider(locale) for path in self._domain.files(name)]
        return self._once(("lines", locale), _stamps(files), lambda: _lines_of(files))

    def _once(self, name: tuple[str, ...], stamps: Any, work: Any) -> Any:
        kept = self._kept.get(name)
        if kept is None or kept[0] != stamps:
            kept = self._kept[name] = (stamps, work())
        return kept[1]


def _stamps(files: Collection[Path]) -> tuple[tuple[Path, int, int], ...]:
    found = []
    for path in files:
        try:
            known = path.stat()
        except OSError:
            continue
        found.append((path, known.st_mtime_ns, known.st_size))
    return tuple(found)


def _lines_of(files: Collection[Path]) -> dict[str, tuple[str, int]]:
    """Key, or of a label its context and a separator alone → the first catalog that has it, and the line."""
    found: dict[str, tuple[str, int]] = {}
    for path in files:
        try:
            for entry in entries(path.read_bytes()):
                at = (shown(str(path)), entry.line)
                found.setdefault(key_of(entry.context, entry.ids[0]), at)
                if entry.context is not None:
                    found.setdefault(key_of(entry.context, ""), at)
        except (OSError, Unreadable):
            continue
    return found


def _place(
    note: Note, locale: str, lines: Mapping[str, tuple[str, int]], templates: Mapping[str, Template]
) -> Place:
    owner = next((code for code, one in templates.items() if (note.context, note.text) in one.entries), None)
    sources: tuple[str, ...] = ()
    if owner is not None:
        sources = tuple(templates[owner].entries[note.context, note.text].places)
    at = lines.get(note.key) or (lines.get(key_of(note.context, "")) if note.is_label else None)
    if at is not None:
        return Place(*at, sources)
    written = owner is not None and not locale.startswith("en")
    return Place(f"translations/{locale}/LC_MESSAGES/{owner}.po" if written else "", 0, sources)
