"""What every page of the shell shows around its own content: menu, places, platforms, banners."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from string import ascii_lowercase

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.local import LocalProxy
from werkzeug.routing import BuildError

from orion import demo
from orion.contracts.permissions import VIEW_TRANSLATIONS, Access, Door
from orion.contracts.scope import NOBODY, Scope
from orion.desk import notices
from orion.product.levels import may_manage
from orion.registry import Registry
from orion.web import theme
from orion.web.banners import Banner, banners
from orion.web.here import this_page
from orion.web.labels import label, platform_file

log = logging.getLogger("orion.shell")
DEFAULT_HUE = 250
#: More than these are not counted out in the bar.
MOST_UNREAD = 9


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the shell. `active` marks the page that is open, `letter` leads there after `g`."""

    label: str
    url: str
    icon: str = ""
    active: bool = False
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the menu."""

    label: str
    icon: str
    items: list[Link]


@dataclass(frozen=True, slots=True)
class Place:
    """A vendor or frontend that this person may go to."""

    name: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Shell:
    """See the fields. Nothing reads the database but `unread`, which whole pages alone ask."""

    frontend: str | None = None
    product: str = "Orion"
    home_url: str = "/"
    menu: list[Section] = field(default_factory=list)
    person: Person | None = None
    place: str | None = None
    places: list[Place] = field(default_factory=list)
    platforms: list[Link] = field(default_factory=list)
    banners: list[Banner] = field(default_factory=list)
    hue: int = DEFAULT_HUE
    theme: str = "auto"
    search_url: str | None = None
    keys_url: str | None = None
    notices_url: str | None = None
    unread: Callable[[], str] = str


def init_app(app: Flask) -> None:
    """Give `shell` to every template, and in the demo its logins. A fragment, which shows nothing of it,
    doesn't make it: for one tile that was a quarter of the computing."""
    app.context_processor(lambda: {"shell": LocalProxy(cache(_shell))})
    if app.extensions["settings"].demo:
        app.context_processor(lambda: {"demo": demo})


def _shell() -> Shell:
    try:
        return build(g.get("registry"), g.get("scope", NOBODY), g.get("access"))
    except Exception:
        # An error page must render while the database is away, and whatever else is wrong.
        return Shell()


def build(registry: Registry | None, scope: Scope, access: Access | None) -> Shell:
    """The shell of this request."""
    person = _person()
    frontend = _frontend()
    if registry is None or access is None or frontend is None:
        return Shell(person=person, theme=_theme(), home_url="/")
    sections = _with_letters(menu(registry, scope, frontend))
    return Shell(
        frontend=frontend,
        home_url=_home(frontend),
        menu=sections,
        person=person,
        place=_place_name(scope, frontend),
        places=[Place(_door_name(d), door_url(d), _here(d, scope, frontend)) for d in access.doors],
        platforms=_platforms(access, _one_thing(sections)),
        banners=banners(registry, scope),
        hue=_hue(),
        theme=_theme(),
        search_url=_desk(frontend, "search"),
        keys_url=_desk(frontend, "keys"),
        notices_url=_desk(frontend, "notices"),
        unread=lambda: "" if g.get("silent_bell") else _unread(scope),
    )


def _unread(scope: Scope) -> str:
    """How many notices wait for this person, as it is shown; nothing for none."""
    try:
        number = notices.unread(scope)
    except Exception:
        # As above: the page that says so comes first.
        log.exception("notices can't be counted")
        return ""
    return f"{MOST_UNREAD}+" if number > MOST_UNREAD else str(number or "")


def _desk(frontend: str, name: str) -> str | None:
    """A page of the desk, which is at every place but in shops."""
    return url_for(f"desk.{name}_{frontend}") if frontend in ("admin", "vendor") else None


def _door_name(door: Door) -> str:
    return _("Administration") if door.frontend == "admin" else door.name


def door_url(door: Door) -> str:
    """Where a door leads."""
    return f"/vendor/{door.code}/" if door.frontend == "vendor" else f"/{door.frontend}/"


def _here(door: Door, scope: Scope, frontend: str) -> bool:
    return door.frontend == frontend and (
        door.code is None or (scope.vendor and scope.vendor.code) == door.code
    )


def _frontend() -> str | None:
    first = request.path.split("/")[1] if request.path else ""
    return first if first in ("admin", "vendor", "shop") else None


def _home(frontend: str) -> str:
    return url_for(f"dashboard.{frontend}") if frontend in ("admin", "vendor") else "/"


def _person() -> Person | None:
    if not current_user or not current_user.is_authenticated:
        return None
    return Person(current_user.name or current_user.email, current_user.email)


def _theme() -> str:
    wanted = theme.chosen()
    return wanted if wanted in ("light", "dark") else "auto"


def _place_name(scope: Scope, frontend: str) -> str | None:
    if scope.vendor is not None:
        return scope.vendor.name
    return scope.platform.name if scope.platform else _("All platforms") if frontend == "admin" else None


def menu(registry: Registry, scope: Scope, frontend: str) -> list[Section]:
    """The menu of a frontend as this person sees it, its home first."""
    home = Link(_("Dashboard"), _home(frontend), "home", request.path == _home(frontend).partition("?")[0])
    sections = [Section("", "", [home])]
    for section, entries in registry.menu(scope, frontend):
        items = []
        for entry in entries:
            try:
                url = url_for(entry.spec.endpoint)
            except BuildError:
                continue
            text = label(entry.item.label_key, entry.item.label)
            items.append(Link(text, url, entry.item.icon or "", _is_under(url)))
        sections.append(Section(label(section.label_key, section.label), section.icon or "", items))
    return [*sections, *_own_section(scope, frontend)]


def _own_section(scope: Scope, frontend: str) -> Iterator[Section]:
    """What the engine itself has to manage."""
    if frontend != "admin":
        return
    found = []
    if may_manage(scope):
        found.append((_("Modules"), url_for("modules.index"), "puzzle-piece"))
    if scope.allows(VIEW_TRANSLATIONS):
        found.append((_("Translations"), url_for("translations.index"), "language"))
    if found:
        yield Section(_("Portal"), "", [Link(text, url, icon, _is_under(url)) for text, url, icon in found])


def _with_letters(sections: list[Section]) -> list[Section]:
    """Each entry with a letter of its own: the first of its address that none before it has."""
    taken: set[str] = set()
    for section in sections:
        for place, link in enumerate(section.items):
            name = link.url.partition("?")[0].rstrip("/").rpartition("/")[2] if taken else "home"
            letter = next((c for c in name if c in ascii_lowercase and c not in taken), "")
            taken.add(letter)
            section.items[place] = replace(link, letter=letter)
    return sections


def _is_under(url: str) -> bool:
    path = url.partition("?")[0]
    return request.path == path or request.path.startswith(path + "/")


def _one_thing(menu: list[Section]) -> str | None:
    """On a page about one thing, which may be of one platform alone: the address of its list."""
    if not (request.view_args or {}).keys() - {"vendor_code"}:
        return None
    links = [link.url.partition("?")[0] for section in menu for link in section.items if link.active]
    return next((url for url in links if url != request.path), None)


def _platforms(access: Access, instead: str | None) -> list[Link]:
    """The switch: every platform of this place and all of them; one platform needs no switch."""
    if len(access.platforms_here) < 2:
        return []
    asked = request.args.get("platform")
    here = access.platforms_here
    choices = [(None, _("All platforms"), not asked), *((p.code, p.name, p.code == asked) for p in here)]
    return [Link(name, _with_platform(code, instead), active=active) for code, name, active in choices]


def _with_platform(code: str | None, instead: str | None) -> str:
    """This page, or the one instead of it, on another platform; a position in a list means nothing there."""
    if instead:
        return f"{instead}?platform={code}" if code else instead
    if request.method != "GET" or request.endpoint is None:
        return request.path
    return this_page(without=("after", "before"), platform=code)


def _hue() -> int:
    file = platform_file()
    return DEFAULT_HUE if file is None or file.hue is None else file.hue
