"""Options that many forms offer: countries, currencies, time zones, languages, each in the reader's words."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import list_currencies

from orion.contracts.models import normalise
from orion.i18n.pseudo import locale_of
from orion.web.formats import locale

#: Territories of CLDR that are no countries: the European Union, the euro zone, the United Nations …
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def countries() -> list[tuple[str, str]]:
    """(ISO 3166 code, name), by name."""
    return _countries(str(locale()))


def currencies() -> list[tuple[str, str]]:
    """(ISO 4217 code, `EUR – euro`), by code. Those of the past are left out."""
    return _currencies(str(locale()))


def zones() -> list[tuple[str, str]]:
    """(IANA name, the same with spaces): those of cities, and UTC."""
    return _zones()


class Spoken(str):
    """A text in the language `lang`, which may be another one than the page's."""

    lang: str

    def __new__(cls, text: str, lang: str) -> "Spoken":
        made = super().__new__(cls, text)
        made.lang = lang
        return made


def languages(tags: list[str]) -> list[tuple[str, str]]:
    """(tag, the language's own name) of these locales."""
    named = ((tag, (Locale.parse(tag).display_name or tag).capitalize()) for tag in tags)
    return [(tag, Spoken(name, tag.replace("_", "-"))) for tag, name in named]


@lru_cache(maxsize=64)
def _countries(tag: str) -> list[tuple[str, str]]:
    found = locale_of(tag).territories.items()
    named = [(code, str(name)) for code, name in found if len(code) == 2 and code not in NO_COUNTRIES]
    return sorted(named, key=lambda pair: normalise(pair[1]))


@lru_cache(maxsize=64)
def _currencies(tag: str) -> list[tuple[str, str]]:
    from babel.core import get_global

    named = locale_of(tag).currencies
    now = {
        code
        for codes in get_global("territory_currencies").values()
        for code, _from, to, tender in codes
        if to is None and tender
    }
    return [(code, f"{code} – {named.get(code, code)}") for code in sorted(list_currencies()) if code in now]


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, str]]:
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    names = [name for name in available_timezones() if name.partition("/")[0] in regions and "/" in name]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]
