"""Texts that people write in several languages: which there are, and which of them a reader gets.

A vendor writes in its own language (`Vendor.locale`), and translates into those that it has chosen
(`VendorRef.languages`). Languages are named by their tags as HTML writes them: `de`, `de-AT`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

from babel import Locale, UnknownLocaleError
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from orion.contracts.scope import Scope
from orion.i18n import fallbacks, nearest
from orion.web.formats import locale

__all__ = [
    "LANGUAGES",
    "Tongue",
    "direction_of",
    "fallbacks",
    "how_whole",
    "language_here",
    "language_name",
    "nearest",
    "own_language",
    "spoken",
    "stamp_of",
    "tongues",
    "translated_into",
]

#: Languages that texts are written in.
LANGUAGES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hr", "hu", "is"),
    *("it", "lb", "lt", "lv", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sq", "sr", "sv", "tr", "uk"),
)


def language_name(tag: str) -> str:
    """A language's own name; the tag where it is none that is known."""
    known = _locale(tag)
    return (known.display_name or tag).capitalize() if known else tag


def language_here(tag: str) -> str:
    """A language's name in the words of whoever reads this request."""
    known = _locale(tag)
    return (known.get_display_name(locale()) or tag) if known else tag


def direction_of(tag: str) -> str:
    """`ltr` or `rtl`."""
    known = _locale(tag)
    return known.text_direction if known else "ltr"


def own_language(scope: Scope) -> str:
    """The language that the scope's vendor writes in: the wide one, as its mails may know a region."""
    return fallbacks(scope.vendor.locale)[-1] if scope.vendor else "en"


def translated_into(scope: Scope) -> tuple[str, ...]:
    """The languages that the scope's vendor translates its texts into."""
    own = own_language(scope)
    return tuple(tag for tag in scope.vendor.languages if tag != own) if scope.vendor else ()


def stamp_of(text: str) -> str:
    """Tells whether a text is the one that was translated."""
    return f"{crc32(text.encode()):08x}"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of a text, as the switch between them shows it (templates/_texts.html): where it is edited,
    and what it lacks in words."""

    tag: str
    url: str = ""
    said: str = ""
    chosen: bool = False

    @property
    def name(self) -> str:
        """What it calls itself."""
        return language_name(self.tag)

    @property
    def dir(self) -> str:
        """`ltr` or `rtl`."""
        return direction_of(self.tag)


def tongues(
    own: str,
    others: Iterable[str],
    lacking: Mapping[str, tuple[int, int]],
    chosen: str,
    url: Callable[[str], str],
) -> list[Tongue]:
    """The languages of a text, the original's first. `lacking` says of each translation how many texts are
    missing and how many are out of date; `url` gives the address of a language's form, "" is the original.
    """
    found = [Tongue(own, url(""), _("Original"), chosen in ("", own))]
    return [*found, *(Tongue(tag, url(tag), how_whole(lacking.get(tag)), chosen == tag) for tag in others)]


def how_whole(lacking: tuple[int, int] | None) -> str:
    """What a translation lacks: how many texts are missing and out of date, None where there is none."""
    if lacking is None:
        return _("Not translated")
    missing, outdated = lacking
    if missing:
        return ngettext("One missing", "%(num)s missing", missing)
    if outdated:
        return ngettext("One out of date", "%(num)s out of date", outdated)
    return _("Complete")


def spoken(text: str, language: str, around: str) -> Markup:
    """A text as HTML that says its language, where it is another than that of what stands around it."""
    if not language or language == around:
        return escape(text)
    said = Markup('<span lang="%s" dir="%s">%s</span>')
    return said % (language, direction_of(language), text)


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
