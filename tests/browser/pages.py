"""Every page of the portal, by who sees it: `(login, path)`. Pages are found by following links; states of
them that no link leads to are listed here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, template_rendered

from tests.contracts.conftest import PEOPLE, portal_of
from tests.contracts.crawling import every_page

OWNER, ADMIN, STAFF = PEOPLE["vendor"], PEOPLE["admin"], "staff@orion.example"
SHOP = "/vendor/WIZAMART"
Visit = tuple[str | None, str]
#: A `>` at the end is the first row's page.
STATES: tuple[Visit, ...] = (
    (None, "/_mail"),
    (OWNER, f"{SHOP}/?from=2001-01-01&to=2001-01-31"),
    (OWNER, f"{SHOP}/search?q=an"),
    (OWNER, f"{SHOP}/orders?kind=refund&sort=number"),
    (OWNER, f"{SHOP}/orders?kind=refund>"),
    (OWNER, f"{SHOP}/orders?q=nothing-like-this"),
    (OWNER, f"{SHOP}/products?incomplete=yes>"),
    (OWNER, f"{SHOP}/imports/staging?state=changed>"),
    (OWNER, f"{SHOP}/imports/staging?state=rejected>"),
    (OWNER, "/account/confirm?next=/"),
    (OWNER, "/_styleguide"),
    (OWNER, f"{SHOP}/nowhere"),
    (OWNER, f"{SHOP}/orders?sort=nonsense"),
    (STAFF, f"{SHOP}/customers"),
)


def pages_of(app: Flask) -> dict[Visit, str]:
    """One page of each endpoint that links lead to, and the states, with the template that each is made of;
    those of one person after another."""
    portal = portal_of(app)
    found: dict[Visit, str] = {}
    for frontend, address in every_page(portal).values():
        answer, template = _made(app, portal, frontend, address)
        if answer.mimetype == "text/html":
            found[PEOPLE[frontend] if frontend else None, address] = template
    found |= {state: state[1] for state in STATES}
    return dict(sorted(found.items(), key=lambda each: (each[0][0] or "", each[0][1])))


def _made(app: Flask, portal: Any, frontend: str, address: str) -> tuple[Any, str]:
    """An answer, and the template that was filled in last: the page's own."""
    names = [""]

    def note(_app: Flask, template: Any, **_context: Any) -> None:
        names.append(template.name or "")

    with template_rendered.connected_to(note, app):
        return portal.get(frontend, address), names[-1]


def looks(pages: Mapping[Visit, str]) -> list[Visit]:
    """Of the pages that a frontend makes of one template the first, and every state."""
    first: dict[tuple[str | None, str], Visit] = {}
    for visit, template in pages.items():
        first.setdefault((visit[0], template), visit)
    return list(first.values())


def tour(v: Any, pages: Iterable[Visit], extra: str = "") -> Iterator[str]:
    """Open every page in turn, as who may see it; `extra` is added to each query. Gives what was opened."""
    someone: str | None = None
    for who, path in pages:
        if who != someone and who is not None:
            v.page.context.clear_cookies()
            v.sign_in(who)
        someone = who
        place = path.rstrip(">")
        v.go(_with(place, extra))
        if path.endswith(">"):
            place = v.page.locator("tbody th a").first.get_attribute("href")
            v.go(_with(place, extra))
        if v.javascript:
            v.settled()
        yield path


def _with(path: str, extra: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{extra}" if extra else path
