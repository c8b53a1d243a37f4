"""Every page of the portal, by who sees it: `(login, path)`. Pages are found by following links; states of
them that no link leads to are listed here."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Flask

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


def pages_of(app: Flask) -> list[Visit]:
    """One page of each endpoint that links lead to, and the states; those of one person after another."""
    portal = portal_of(app)
    found = every_page(portal)
    html = [(f, at) for f, at in found.values() if portal.get(f, at).mimetype == "text/html"]
    visits = [(PEOPLE[frontend] if frontend else None, address) for frontend, address in html]
    return sorted({*visits, *STATES}, key=lambda visit: (visit[0] or "", visit[1]))


def tour(v: Any, pages: Sequence[Visit], extra: str = "") -> Iterator[str]:
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
