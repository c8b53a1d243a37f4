"""Languages that nobody speaks: English with accents, a third longer, in brackets.

What is on a page without brackets comes from no catalog; what is cut off will be in a longer language.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale

from orion.i18n.words import Words

LOCALES = ("en_XA", "ar_XB")
OPEN, CLOSE = "⟦", "⟧"
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED = str.maketrans(_PLAIN, "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž")
_PADDING = "·one two three four five six seven eight nine ten"
#: What means something to a machine: placeholders, tags, entities, addresses.
_KEPT = re.compile(
    r"%(?:\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%)"
    r"|\{[^{}]*\}|</?[a-zA-Z][^<>]*>|&(?:\w+|#\w+);"
    r"|\b(?:https?|mailto|ftp):\S+|\b[\w.+-]+@[\w-]+\.\w[\w.-]*"
)


class PseudoLocale(Locale):  # type: ignore[misc, unused-ignore]
    """English to everything that formats, under a name and a direction of its own."""

    def __init__(self, name: str) -> None:
        self._name = "en"
        super().__init__("en")
        self._name = name

    def __str__(self) -> str:
        return self._name

    @property
    def text_direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self._name.startswith("ar") else "ltr"


def locale_of(name: str) -> Locale:
    """The locale of a name, one of LOCALES too. Raises UnknownLocaleError and ValueError."""
    return _pretended(name) if name in LOCALES else Locale.parse(name)


@lru_cache(maxsize=len(LOCALES))
def _pretended(name: str) -> PseudoLocale:
    return PseudoLocale(name)


class PseudoWords(Words):
    """The words of English, dressed."""

    def __init__(self, english: Words) -> None:
        super().__init__()
        self._english = english

    def gettext(self, text: str) -> str:
        """See Words."""
        return dressed(self._english.gettext(text))

    def pgettext(self, context: str, text: str) -> str:
        """See Words."""
        return dressed(self._english.pgettext(context, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """See Words."""
        return dressed(self._english.ngettext(singular, plural, number))

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """See Words."""
        return dressed(self._english.npgettext(context, singular, plural, number))

    def label(self, key: str, text: str) -> str:
        """See Words."""
        return dressed(self._english.label(key, text))

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext

    def has(self, context: str | None, text: str, is_label: bool = False) -> bool:
        """See Words: there is nothing that it has no words for."""
        return True


@lru_cache(maxsize=8192)
def dressed(text: str) -> str:
    """`Save %(name)s` → `⟦Šåṽé %(name)s·on⟧`; nothing stays nothing."""
    if not text.strip():
        return text
    wanted = max(1, len(_KEPT.sub("", text)) // 3)
    longer = (_PADDING * (wanted // len(_PADDING) + 1))[:wanted].translate(_ACCENTED)
    return f"{OPEN}{''.join(_parts(text))}{longer}{CLOSE}"


def _parts(text: str) -> Iterator[str]:
    end = 0
    for found in _KEPT.finditer(text):
        yield text[end : found.start()].translate(_ACCENTED)
        yield found[0]
        end = found.end()
    yield text[end:].translate(_ACCENTED)
