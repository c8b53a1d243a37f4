"""/admin/translations: what is translated, and the mode in which pages say where their words come from."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from babel import Locale
from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from orion.contracts.pages import PREFIXES, engine_page, render
from orion.contracts.permissions import VIEW_TRANSLATIONS
from orion.contracts.scope import Scope
from orion.i18n import MODE
from orion.i18n.catalogs import CatalogDomain
from orion.i18n.extract import ENGINE
from orion.i18n.noting import Notes, mark
from orion.i18n.overview import Overview
from orion.i18n.seen import Seen
from orion.i18n.status import Coverage, Lack, share
from orion.i18n.words import key_of
from orion.identity.cookies import cookie_name
from orion.manifest.checks import shown
from orion.settings import Settings
from orion.web.formats import locale, number, percent
from orion.web.labels import label
from orion.web.theme import inside

#: Messages that one page lists.
MANY = 50
KEPT = ("locale", "module", "state", "lang")
STATES = ("missing", "fuzzy", "stale")
Cells = list[dict[str, Any]]


class Said(NamedTuple):
    """A message of a page, for the list at its foot."""

    mark: str
    text: str
    english: str
    context: str
    catalog: str
    sources: tuple[str, ...]
    found: bool


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, and note what translators' pages say."""
    domain: CatalogDomain = app.extensions["orion_catalogs"]
    app.extensions["orion_overview"] = Overview(settings.translations, domain)
    app.extensions["orion_seen"] = Seen(settings.data / "catalogs" / "seen.json")
    guarded = engine_page("admin", permission=VIEW_TRANSLATIONS)
    rules: tuple[tuple[str, str, Any, str], ...] = (
        ("index", "/translations", index, "GET"),
        ("begin", "/translations/words", begin, "POST"),
        ("end", "/translations/words/end", end, "POST"),
    )
    for name, rule, view, method in rules:
        page = guarded(view)
        app.add_url_rule(PREFIXES["admin"] + rule, f"translations.{name}", page, methods=[method])
    app.jinja_env.globals["words_said"] = words_said
    app.after_request(_note_seen)


def index(_scope: Scope) -> ResponseReturnValue:
    """Coverage by locale, or of one locale by module, with the messages that are missing."""
    domain, modules = _domain(), _modules()
    domain.read_all()
    locales = [name for name in domain.locales() if name != "en"]
    chosen = _asked("locale", locales)
    module, state = _asked("module", [*modules]), _asked("state", STATES)
    found = {one: _overview().coverage(one, modules) for one in ([chosen] if chosen else locales)}
    looked_at = [one for one in found.get(chosen, []) if module in ("", one.module)]
    lacks = [(one, lack) for one in looked_at for lack in one.lacks if state in ("", lack.state)]
    page = _page(len(lacks))
    return render(
        "i18n/translations.html",
        locales=[(name, name_of(name)) for name in locales],
        modules=modules,
        asked={"locale": chosen, "module": module, "state": state},
        locale_rows=[_of_locale(name, parts) for name, parts in found.items()] if not chosen else [],
        module_rows=[_row(one, modules[one.module], chosen) for one in found.get(chosen, [])],
        lacks=[_lack(one, lack) for one, lack in lacks[page * MANY : (page + 1) * MANY]],
        number=len(lacks),
        pager=_pager(page, len(lacks)),
        broken=[(shown(str(path)), wrong.line, wrong.said) for path, wrong in sorted(domain.broken.items())],
        troubles=[(shown(str(path)), one) for path, all_ in sorted(domain.troubles.items()) for one in all_],
    )


def begin(_scope: Scope) -> ResponseReturnValue:
    """From now on this browser's pages number their texts."""
    return _with_mode("1")


def end(_scope: Scope) -> ResponseReturnValue:
    """No longer."""
    return _with_mode("")


def words_said() -> list[Said]:
    """What the page has said up to here, where somebody wants to know; nothing else."""
    notes: Notes | None = g.get("orion_notes")
    if notes is None or not notes.marking:
        return []
    # What the list itself says isn't numbered: it would go on for ever.
    notes.marking = False
    found = list(notes.found.values())
    places = _overview().places(found, str(locale()), _modules())
    return [
        Said(
            mark(note),
            note.said,
            note.text,
            note.context or "",
            f"{place.catalog}:{place.line}" if place.line else place.catalog,
            place.sources,
            note.found,
        )
        for note, place in zip(found, places, strict=True)
    ]


def name_of(name: str) -> str:
    """A language in the reader's words: `German (Austria)`."""
    return str(Locale.parse(name).get_display_name(locale()) or name)


def _with_mode(value: str) -> ResponseReturnValue:
    back = urlsplit(request.referrer or "")
    response = redirect(inside(back.path + (f"?{back.query}" if back.query else "")), 303)
    name = cookie_name(MODE, request)
    response.set_cookie(name, value, samesite="Lax", secure=request.is_secure, httponly=True)
    return response


def _note_seen(response: Response) -> Response:
    """Remember on which page each word was said, where a translator looks at pages."""
    notes: Notes | None = g.get("orion_notes")
    if notes is not None and response.status_code == 200 and response.mimetype == "text/html":
        here = request.headers.get("HX-Current-URL")
        path = urlsplit(here).path if here else request.path
        if not path.startswith("/admin/translations"):
            seen: Seen = current_app.extensions["orion_seen"]
            seen.note(list(notes.found), path)
    return response


def _domain() -> CatalogDomain:
    found: CatalogDomain = current_app.extensions["orion_catalogs"]
    return found


def _overview() -> Overview:
    found: Overview = current_app.extensions["orion_overview"]
    return found


def _modules() -> dict[str, str]:
    """Id → name of the engine and of each module that is on."""
    registry = g.registry
    on = {code: registry.manifests[code] for code in registry.on}
    return {ENGINE: "Orion", **{code: label(one.name_key, one.name) for code, one in on.items()}}


def _asked(name: str, known: Any) -> str:
    """A parameter of the address, if it is one of those that there are."""
    value = request.args.get(name, "")
    return value if value in known else ""


def _page(entries: int) -> int:
    try:
        asked = int(request.args.get("page", "1")) - 1
    except ValueError:
        asked = 0
    return max(0, min(asked, (entries - 1) // MANY))


def _pager(page: int, entries: int) -> dict[str, str | None]:
    last = max(0, (entries - 1) // MANY)
    return {
        "previous_url": _at(page=str(page)) if page > 0 else None,
        "next_url": _at(page=str(page + 2)) if page < last else None,
    }


def _at(**changes: str) -> str:
    kept = {k: v for k, v in request.args.items() if k in KEPT and v}
    return f"{url_for('translations.index')}?{urlencode(kept | changes)}"


def _of_locale(name: str, parts: list[Coverage]) -> Cells:
    good = sum(one.translated + one.inherited for one in parts)
    total = sum(one.total for one in parts)
    named = {"text": name_of(name), "sub": name, "href": _at(locale=name)}
    return [named, *_numbers(parts, share(good, total))]


def _row(one: Coverage, name: str, chosen: str) -> Cells:
    named = {"text": name, "sub": shown(str(one.file)), "href": _at(locale=chosen, module=one.module)}
    return [named, *_numbers([one], one.percent)]


def _numbers(parts: list[Coverage], covered: float) -> Cells:
    figures = [sum(getattr(one, state) for one in parts) for state in (*STATES, "obsolete")]
    shown_percent = percent(covered / 100, 1)
    return [{"text": shown_percent}, *({"text": number(figure)} for figure in figures)]


def _lack(one: Coverage, lack: Lack) -> dict[str, Any]:
    seen: Mapping[str, str] = current_app.extensions["orion_seen"].pages()
    file = shown(str(one.file))
    return {
        "text": lack.text,
        "plural": lack.plural,
        "context": lack.context,
        "state": lack.state,
        "before": lack.before,
        "catalog": f"{file}:{lack.line}" if lack.line else file,
        "places": lack.places,
        "seen": seen.get(key_of(lack.context, lack.text)),
    }
