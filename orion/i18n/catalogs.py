"""Catalogs read straight from `<locale>/LC_MESSAGES/*.po`: nothing to compile, nothing to restart."""

import io
import logging
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

log = logging.getLogger("orion.i18n")


class Stamp(NamedTuple):
    """What tells that a file has changed."""

    path: Path
    modified: int
    size: int


class CatalogDomain(Domain):
    """All modules' catalogs of a locale as one domain, with fallback message by message (de_AT → de).

    A file that can't be read keeps its last good text; `broken` names it and says why.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__([str(folder)])
        self.folder = folder
        self.broken: dict[Path, str] = {}
        self._good: dict[Path, Catalog] = {}
        self._stamps: tuple[Stamp, ...] = ()
        self._built: dict[str, Translations | NullTranslations] = {}
        self.refresh()

    def locales(self) -> list[str]:
        """Locales with a catalog, and English, which needs none."""
        found = {path.parent.parent.name for path in self._files()}
        return sorted(name for name in found | {"en"} if _known(name))

    def refresh(self) -> bool:
        """Look at the files; forget what was built if one has changed. True if so."""
        stamps = tuple(Stamp(p, p.stat().st_mtime_ns, p.stat().st_size) for p in self._files())
        if stamps == self._stamps:
            return False
        for stamp in set(stamps) - set(self._stamps):
            self._read(stamp.path)
        self._good = {path: catalog for path, catalog in self._good.items() if path.exists()}
        self.broken = {path: reason for path, reason in self.broken.items() if path.exists()}
        self._stamps, self._built = stamps, {}
        return True

    def get_translations(self) -> Translations | NullTranslations:
        """The catalogs of the request's locale."""
        return self.translations(str(get_locale() or "en"))

    def translations(self, locale: str) -> Translations | NullTranslations:
        """The catalogs of a locale, with those of its parent behind them."""
        built = self._built
        if locale not in built:
            built[locale] = self._build(locale)
        return built[locale]

    def locales_with(self, context: str, text: str) -> list[str]:
        """The locales that have translated a text in a context."""
        found = set()
        for path, catalog in self._good.items():
            message = catalog.get(text, context)
            if message is not None and _is_translated(message):
                found.add(path.parent.parent.name)
        return sorted(found)

    def _build(self, locale: str) -> Translations | NullTranslations:
        merged = Catalog(locale=locale)
        for path, catalog in sorted(self._good.items()):
            if path.parent.parent.name == locale:
                for message in catalog:
                    if message.id and not message.fuzzy and _is_translated(message):
                        merged[message.id] = message
        buffer = io.BytesIO()
        write_mo(buffer, merged)
        buffer.seek(0)
        translations = Translations(buffer)
        parent = locale.rpartition("_")[0]
        if parent:
            translations.add_fallback(self.translations(parent))
        return translations

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*/LC_MESSAGES/*.po"))

    def _read(self, path: Path) -> None:
        try:
            self._good[path] = _catalog(path)
            self.broken.pop(path, None)
        except Exception as error:
            # Whatever a file contains: one that can't be read must not keep the others from being read.
            self.broken[path] = str(error)
            log.warning("catalog keeps its last good text", extra={"file": str(path), "error": str(error)})


def _catalog(path: Path) -> Catalog:
    """A file's catalog. Raises for anything that isn't one; a file that was cut off is not."""
    text = path.read_bytes()
    if not text.strip():
        raise ValueError("the file is empty")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith(b"#") and b'"' in line and not line.rstrip().endswith(b'"'):
            raise ValueError(f"line {number}: a quote is never closed")
    return read_po(io.BytesIO(text), locale=path.parent.parent.name, abort_invalid=True)


def _is_translated(message: Message) -> bool:
    """Whether there is a word for every number: what is left empty is for the fallback."""
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def _known(name: str) -> bool:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return False
    return True
