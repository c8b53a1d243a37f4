"""Labels of manifests as the reader sees them: the platform's own words, else the catalogs'."""

from flask import g, has_request_context
from flask_babel import get_locale

from orion.i18n import pseudo
from orion.i18n.catalogs import words_here
from orion.manifest.model import PlatformManifest


def label(key: str, text: str) -> str:
    """The translation of a manifest's label, which a page's one platform may reword."""
    file = platform_file()
    words = file.labels.get(key) if file is not None else None
    locale = str(get_locale() or "en") if words else ""
    for name in (locale, locale.partition("_")[0]):
        if words and name in words:
            return pseudo.dressed(words[name]) if locale in pseudo.LOCALES else words[name]
    return words_here().label(key, text)


def platform_file() -> PlatformManifest | None:
    """The file of the platform that this request is about: the chosen one, or the only one there is."""
    access = g.get("access") if has_request_context() else None
    if access is None:
        return None
    here = [access.platform] if access.platform else list(access.platforms_here)
    file: PlatformManifest | None = g.registry.platforms.get(here[0].code) if len(here) == 1 else None
    return file
