"""Languages: which one a request reads, and the catalogs it reads from."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_babel, get_locale, refresh

from orion.contracts.permissions import VIEW_TRANSLATIONS, Access
from orion.i18n import pseudo
from orion.i18n.catalogs import CatalogDomain
from orion.i18n.held import Keeper
from orion.i18n.kept import said_again
from orion.i18n.noting import Notes
from orion.identity.cookies import read_cookie
from orion.identity.visit import own_locale
from orion.settings import Settings

#: The cookie in which a browser keeps the language of strangers, and a pseudo-language.
COOKIE = "lang"
#: The cookie of those whose pages number their texts.
MODE = "words"


def init_app(app: Flask, settings: Settings) -> None:
    """Set up Flask-Babel with catalogs that are read straight from the .po files."""
    domain = CatalogDomain(
        settings.own_translations,
        settings.translations,
        live=settings.watch_every > 0,
        keeper=Keeper(settings.data / "catalogs"),
    )
    app.extensions["orion_catalogs"] = domain
    Babel(
        app,
        default_locale=settings.default_locale,
        default_timezone=settings.default_zone,
        locale_selector=lambda: pseudo.locale_of(choose_locale(offered(domain), settings.default_locale)),
        timezone_selector=_zone,
    )
    get_babel(app).instance.domain_instance = domain
    app.context_processor(lambda: {"lang": language_tag(), "dir": direction()})
    app.jinja_env.filters["said_again"] = said_again


def offered(domain: CatalogDomain) -> list[str]:
    """The languages that this request may choose from: the platform's, of those that there are."""
    # Not above: the web needs languages, and only here does a language ask for the page's platform.
    from orion.web.labels import platform_file

    file, there = platform_file(), domain.locales(request.args.get("lang") if has_request_context() else None)
    wanted = [name for name in file.locales if name in there] if file is not None else []
    return [*(wanted or there), *(pseudo.LOCALES if may_pretend() else ())]


def may_pretend() -> bool:
    """Whether the pseudo-languages are offered: outside production, and to translators."""
    access: Access | None = g.get("access")
    settings: Settings = current_app.extensions["settings"]
    return (
        settings.testing or settings.demo or (access is not None and VIEW_TRANSLATIONS in access.permissions)
    )


def settle() -> None:
    """The request's place is known: its language is chosen anew, and for translators its words are noted."""
    refresh()
    g.pop("orion_words", None)
    access: Access | None = g.get("access")
    if request.method != "GET" or access is None or VIEW_TRANSLATIONS not in access.permissions:
        return
    wanted = read_cookie(request, MODE) == "1" and "HX-Request" not in request.headers
    # A vendor's owner may everything, and is seldom a translator.
    if wanted or access.vendor is None:
        g.orion_notes = Notes(marking=wanted)


def speaking(name: str) -> AbstractContextManager[None]:
    """What is said within is said in the locale of this name, whoever asks."""
    held: AbstractContextManager[None] = force_locale(pseudo.locale_of(name))
    return held


def choose_locale(there: list[str], default: str) -> str:
    """`?lang=`, then the person's own choice, the cookie, and what the browser asks for. A pseudo-language is
    nobody's own: in the cookie it comes before that."""
    if not has_request_context():
        return default
    spoken = [name for name in there if name not in pseudo.LOCALES]
    best = request.accept_languages.best_match([name.replace("_", "-") for name in spoken])
    found = (nearest(wish, there) for wish in (*_chosen(), best, default) if wish)
    return next((name for name in found if name), there[0])


def wishes() -> list[str]:
    """The languages that the reader of this request wishes for, the dearest first: what the address asks,
    what was chosen, and what the browser asks for."""
    return [wish for wish in (*_chosen(), *request.accept_languages.values()) if wish]


def _chosen() -> list[str | None]:
    kept = read_cookie(request, COOKIE)
    chosen = [request.args.get("lang"), own_locale(), kept]
    if kept in pseudo.LOCALES:
        chosen.insert(1, kept)
    return chosen


def fallbacks(wish: str) -> list[str]:
    """A language and the wider ones behind it.

    >>> fallbacks("de_AT")
    ['de-AT', 'de']
    """
    parts = wish.replace("_", "-").split("-")[:4]
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def nearest(wish: str, there: Iterable[str]) -> str:
    """The language of those there, by tag or by a catalog's name, that serves a wish best: `de-ch` → `de`;
    empty where none does."""
    names = {name.casefold().replace("_", "-"): name for name in there}
    return next((names[one.casefold()] for one in fallbacks(wish) if one.casefold() in names), "")


def language_tag() -> str:
    """The page's language as HTML wants it: `de-AT`."""
    return str(get_locale() or "en").replace("_", "-")


def direction() -> str:
    """`ltr` or `rtl`."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def _zone() -> str | None:
    scope = getattr(g, "scope", None) if has_request_context() else None
    return (scope.zone or None) if scope is not None else None
