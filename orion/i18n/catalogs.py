"""Catalogs read straight from `<locale>/LC_MESSAGES/*.po`: nothing to compile, nothing to restart."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import NamedTuple, cast

from babel import Locale, UnknownLocaleError
from flask import current_app, g
from flask_babel import Domain, get_locale

from orion.i18n import pseudo
from orion.i18n.held import Held, Keeper, Stamp, Trouble, glance, read
from orion.i18n.noting import NotedWords
from orion.i18n.reading import Unreadable
from orion.i18n.words import ENGLISH, Forms, Words, key_of

#: The engine's catalog: it comes before those of modules, which are taken in the order of their names.
ENGINE = "orion.po"
#: Seconds for which it is believed which locales there are; the files of a locale are looked at each time.
BELIEVED = 0.2
#: Nanoseconds within which two writings of a file may have the same time.
TICK = 20_000_000


def words_here() -> Words:
    """The words of whoever reads what is said now; English where there are no catalogs."""
    domain: CatalogDomain | None = current_app.extensions.get("orion_catalogs")
    return domain.get_translations() if domain is not None else ENGLISH


class Layer(NamedTuple):
    """A locale's own words, of all its files; of a message that stands in several the first counts."""

    stamps: tuple[Stamp, ...]
    words: dict[str, str | Forms]
    labels: dict[str, str]
    revision: str


NOTHING = Layer((), {}, {}, "")


class CatalogDomain(Domain):
    """All catalogs of a locale as one domain, with fallback message by message (de_AT → de → en).

    `folders` come in the order in which they count: an installation's own before those that Orion brings. A
    locale is read when somebody asks for it. With `live` its files are looked at anew in each request; else
    by `refresh` alone. A file that can't be read keeps its last good text; `broken` names it and says why.
    """

    def __init__(self, *folders: Path, live: bool = False, keeper: Keeper | None = None) -> None:
        super().__init__([str(folder) for folder in folders])
        self.folders, self.live = folders, live
        self._keeper = keeper or Keeper(None)
        self._held: dict[Path, Held] = {}
        self._layers: dict[str, Layer] = {}
        self._glanced: dict[Path, tuple[Stamp, Unreadable | None]] = {}
        self._locales: tuple[float, list[str]] | None = None
        self._lock = RLock()

    # -- what is asked --

    def get_translations(self) -> Words:
        """The words of the request's locale, the same ones for the whole request."""
        locale = get_locale()
        if locale is None:
            return ENGLISH
        # By name: a pseudo-language is equal to the locale whose formats it has.
        kept, name = cast(dict[str, Words], g.setdefault("orion_words", {})), str(locale)
        if name not in kept:
            words, notes = self.words(name), g.get("orion_notes")
            kept[name] = words if notes is None else NotedWords(words, notes, name.startswith("en"))
        return kept[name]

    def words(self, locale: str) -> Words:
        """The words of a locale, with those of wider ones behind them."""
        if locale in pseudo.LOCALES:
            return pseudo.PseudoWords(self.words("en"))
        layers = [layer for name in wider(locale) if (layer := self._layer(name)).stamps]
        told = "".join(layer.revision for layer in layers)
        return Words([layer.words for layer in layers], [layer.labels for layer in layers], told)

    def locales(self, wanted: str | None = None) -> list[str]:
        """Locales with a catalog, and English, which needs none; `wanted` may have come a moment ago."""
        known = self._locales or self._list()
        if self.live and (time.monotonic() - known[0] > BELIEVED or (wanted and wanted not in known[1])):
            known = self._list()
        return known[1]

    def locales_with(self, context: str, text: str) -> list[str]:
        """The locales that have translated a text in a context."""
        key = key_of(context, text)
        return [name for name in self.locales() if key in self._layer(name).words]

    def files(self, locale: str) -> list[Path]:
        """A locale's catalogs, in the order in which they count."""
        return [stamp.path for stamp in self._stamps(locale)]

    @property
    def broken(self) -> dict[Path, Unreadable]:
        """Files that can't be read, and why: those that were asked for, or that `refresh` looked at."""
        glanced = {path: broken for path, (_, broken) in list(self._glanced.items()) if broken}
        return glanced | {path: held.broken for path, held in list(self._held.items()) if held.broken}

    @property
    def troubles(self) -> dict[Path, tuple[Trouble, ...]]:
        """Translations that are left out because they would break a page, of files that were asked for."""
        return {path: held.troubles for path, held in list(self._held.items()) if held.troubles}

    # -- what keeps it true --

    def refresh(self) -> bool:
        """Look at all files: at those of locales in use so that nobody waits for it, at the others so that
        their last good text is known. True if one in use has changed."""
        self._list()
        idle = sorted(set(self.locales()) - set(self._layers))
        self._glanced = {path: seen for locale in idle for path, seen in self._glance(locale)}
        return any([self._look(locale) for locale in list(self._layers)])

    def read_all(self) -> None:
        """Read every locale, for whoever wants to know all that is broken."""
        for locale in self.locales():
            self._look(locale)

    def _list(self) -> tuple[float, list[str]]:
        found = {"en"}
        for folder in self.folders:
            with suppress(OSError):
                found |= {one.name for one in os.scandir(folder) if is_known(one.name)}
        there = [name for name in sorted(found) if name == "en" or self._stamps(name)]
        self._locales = (time.monotonic(), there)
        return self._locales

    def _glance(self, locale: str) -> Iterator[tuple[Path, tuple[Stamp, Unreadable | None]]]:
        for stamp in self._stamps(locale):
            seen = self._glanced.get(stamp.path)
            if seen is None or seen[0] != stamp:
                seen = (stamp, glance(_unless_young(stamp), locale, self._keeper))
            yield stamp.path, seen

    def _layer(self, locale: str) -> Layer:
        if self.live or locale not in self._layers:
            self._look(locale)
        return self._layers[locale]

    def _look(self, locale: str) -> bool:
        """Read what has changed of a locale. True if anything has."""
        kept, stamps = self._layers.get(locale), self._stamps(locale)
        if kept is not None and kept.stamps == stamps:
            return False
        with self._lock:
            kept = self._layers.get(locale)
            if kept is not None and kept.stamps == stamps:
                return True
            self._layers[locale] = self._built(locale, stamps, kept.stamps if kept else ())
        return True

    def _built(self, locale: str, stamps: tuple[Stamp, ...], before: tuple[Stamp, ...]) -> Layer:
        for gone in {one.path for one in before} - {one.path for one in stamps}:
            self._held.pop(gone, None)
        for stamp in stamps:
            self._glanced.pop(stamp.path, None)
            if stamp not in before:
                held = self._held.get(stamp.path)
                self._held[stamp.path] = read(_unless_young(stamp), locale, held, self._keeper)
        if not stamps:
            return NOTHING
        words: dict[str, str | Forms] = {}
        labels: dict[str, str] = {}
        for held in reversed([self._held[stamp.path] for stamp in stamps]):
            words.update(held.words)
            labels.update(held.labels)
        told = [(s.path.name, s.modified, s.size) for s in stamps]
        revision = sha256(repr(told).encode()).hexdigest()[:12]
        return Layer(tuple(_unless_young(s) for s in stamps), words, labels, revision)

    def _stamps(self, locale: str) -> tuple[Stamp, ...]:
        return tuple(_stamps(self.folders, locale))


def _stamps(folders: Sequence[Path], locale: str) -> Iterator[Stamp]:
    for folder in folders:
        found = []
        try:
            with os.scandir(folder / locale / "LC_MESSAGES") as there:
                for entry in there:
                    if entry.name.endswith(".po"):
                        known = entry.stat()
                        stamp = Stamp(Path(entry.path), known.st_mtime_ns, known.st_size, known.st_ino)
                        found.append((entry.name != ENGINE, entry.name, stamp))
        except OSError:
            # Gone, or going while it is looked at: what is left shows the next time.
            pass
        yield from (stamp for _module, _name, stamp in sorted(found))


def _unless_young(stamp: Stamp) -> Stamp:
    """A file that was written a moment ago may be written again without another time: look once more."""
    return stamp._replace(modified=0) if time.time_ns() - stamp.modified < TICK else stamp


@lru_cache(maxsize=256)
def wider(locale: str) -> tuple[str, ...]:
    """A locale and those behind it: `de_AT`, `de`, `en`."""
    parts = locale.split("_")
    return tuple(dict.fromkeys([*("_".join(parts[:n]) for n in range(len(parts), 0, -1)), "en"]))


@lru_cache(maxsize=1024)
def is_known(name: str) -> bool:
    """Whether a name is that of a locale."""
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return False
    return True
