"""Every page of the portal, by who sees it: `(login, path)`. Pages are found by following links; states of
them that no link leads to are listed here."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, template_rendered

from tests.contracts.conftest import PEOPLE, links, portal_of
from tests.contracts.crawling import endpoint_of, every_page

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
#: So many addresses of an endpoint are tried for parts that no page of it has shown, and so many are taken.
TRIED, TAKEN = 15, 3
#: Attributes in which things of one look differ.
OWN = re.compile(r' (?:href|id|for|title|value|name|action|src|alt|datetime|aria-[dl]\w+)="[^"]*"')


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


def with_examples(app: Flask, pages: Mapping[Visit, str]) -> dict[Visit, str]:
    """The pages, and others of their endpoints that links lead to and that show what those before don't: an
    order that is shipped beside one that waits."""
    portal = portal_of(app)
    whose = {email: frontend for frontend, email in PEOPLE.items()}
    here = {visit: visit for visit in pages if visit[0] in whose and not visit[1].endswith(">")}
    shown, ahead = defaultdict[tuple[str | None, str | None], set[str]](set), []
    for who, path in here:
        html = portal.get(whose[who], path).text  # type: ignore[index]
        shown[who, endpoint_of(app, path)] |= _parts(html)
        ahead += [(who, href) for href in links(html)]
    found, tried, taken = dict(pages), Counter[Any](), Counter[Any]()
    for visit in dict.fromkeys(ahead):
        key = visit[0], endpoint_of(app, visit[1])
        if visit in found or key not in shown or tried[key] == TRIED or taken[key] == TAKEN:
            continue
        tried[key] += 1
        answer, template = _made(app, portal, whose[visit[0]], visit[1])  # type: ignore[index]
        if answer.mimetype == "text/html" and (new := _parts(answer.text) - shown[key]):
            shown[key] |= new
            taken[key] += 1
            found[visit] = template
    return dict(sorted(found.items(), key=lambda each: (each[0][0] or "", each[0][1])))


def _parts(html: str) -> set[str]:
    """What a page is made of: elements with their classes and tones."""
    return set(re.findall(r'<\w+ (?:[^>]*? )?(?:class|data-tone)="[^"]*"', OWN.sub("", html)))


def looks(pages: Mapping[Visit, str]) -> list[Visit]:
    """Of the pages that a frontend makes of one template the first, and every state."""
    first: dict[tuple[str | None, str], Visit] = {}
    for visit, template in pages.items():
        first.setdefault((visit[0], template), visit)
    return list(first.values())


def tour(v: Any, pages: Iterable[Visit]) -> Iterator[str]:
    """Open every page in turn, as who may see it. Gives what was opened."""
    for visit in pages:
        open_page(v, visit)
        yield visit[1]


def open_page(v: Any, visit: Visit, extra: str = "") -> None:
    """Open a page as who may see it; `extra` is added to its query."""
    who, path = visit
    v.page.context.clear_cookies()
    if who is not None:
        v.sign_in(who)
    place = path.rstrip(">")
    v.go(_with(place, extra))
    if path.endswith(">"):
        place = v.page.locator("tbody th a").first.get_attribute("href")
        v.go(_with(place, extra))
    if v.javascript:
        v.settled()


def _with(path: str, extra: str) -> str:
    if not extra:
        return path
    plain = re.sub(r"\?lang=[^&]*$|&lang=[^&]*", "", path)  # The first of two languages would count.
    return f"{plain}{'&' if '?' in plain else '?'}{extra}"
