"""Finding pages as people do: link by link."""

import re
from collections import Counter
from collections.abc import Set
from heapq import heappop, heappush
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.contracts.conftest import Portal, links

#: So many rows of a page are opened, in search of what they lead to.
ROWS = 20
#: Where a stranger, and somebody who has signed in, may begin without a place of theirs.
DOORS = ("/login", "/account/sessions")


def found_by_links(portal: Portal, frontend: str, home: str, wanted: Set[str]) -> dict[str, str]:
    """Endpoint → an address of that page, found as people do: from the home on, link by link.

    What leads on may depend on the row, so some rows of each page are opened until no page is missing:
    first the module's own pages, and of these one of which the fewest rows were.
    """
    found: dict[str, str] = {}
    near = {endpoint.partition(".")[0] for endpoint in wanted}
    ahead, seen, opened = [(False, 0, 0, home)], {home}, Counter[str]()
    while ahead and wanted - found.keys():
        for href in links(_text(portal.get(frontend, heappop(ahead)[-1]))):
            endpoint = _endpoint(portal.app, href)
            if endpoint is not None and href not in seen and opened[endpoint] < ROWS:
                found.setdefault(endpoint, href)
                far = endpoint.partition(".")[0] not in near
                heappush(ahead, (far, opened[endpoint], len(seen), href))
                opened[endpoint] += 1
                seen.add(href)
    return found


def _text(answer: Any) -> str:
    """What a page says; pictures say nothing."""
    return str(answer.text) if answer.mimetype == "text/html" else ""


def _endpoint(app: Flask, address: str) -> str | None:
    """The page of a module at this address."""
    try:
        endpoint = app.url_map.bind("localhost").match(address.partition("?")[0])[0]
    except HTTPException:
        return None
    return endpoint if endpoint in app.extensions["orion"].pages else None


def every_page(portal: Portal) -> dict[str, tuple[str, str]]:
    """Endpoint → (frontend, address) of each page that people are led to, the engine's own too; one that
    both frontends lead to counts once. Frontend "" is nobody's: strangers see it."""
    found: dict[str, tuple[str, str]] = {}
    for frontend, home in portal.homes.items():
        mine: dict[str, str] = {}
        for code in portal.orion.registry.on:
            wanted = {spec.endpoint for spec in portal.pages(code) if spec.frontend == frontend}
            mine |= found_by_links(portal, frontend, home, wanted - mine.keys())
        found |= {endpoint: (frontend, address) for endpoint, address in mine.items()}
        # A list that is narrowed offers to keep its question; all else of the engine is in the frame.
        narrowed = [address for address in mine.values() if "?" in address][:2]
        beyond = _of_the_engine(portal, frontend, [home, *DOORS, *narrowed])
        found = {e: (frontend, address) for e, address in beyond.items()} | found
    strangers = _of_the_engine(portal, "", list(DOORS[:1]))
    return {endpoint: ("", address) for endpoint, address in strangers.items()} | found


def _of_the_engine(portal: Portal, frontend: str, known: list[str]) -> dict[str, str]:
    """Endpoint → address of the engine's pages that these pages lead to, and those behind them."""
    ahead, found, seen = list(known), dict[str, str](), set(known)
    while ahead:
        here = ahead.pop(0)
        answer = portal.get(frontend, here)
        if answer.status_code != 200 or answer.mimetype != "text/html" or "<html" not in answer.text:
            continue
        endpoint = endpoint_of(portal.app, here)
        if endpoint is not None and endpoint not in portal.orion.pages:
            found.setdefault(endpoint, here)
        for href in _further(answer.text, here):
            to = endpoint_of(portal.app, href)
            if to is not None and to not in portal.orion.pages and to not in found and href not in seen:
                seen.add(href)
                ahead.append(href)
    return found


def _further(html: str, here: str) -> list[str]:
    """Where a page's links lead, those to itself with another question included."""
    own = re.findall(r'<a\b[^>]*?\shref="(\?[^"]*)"', html)
    return [*links(html), *(here.partition("?")[0] + unescape(query) for query in own)]


def endpoint_of(app: Flask, address: str) -> str | None:
    """The endpoint that answers an address."""
    try:
        endpoint: str = app.url_map.bind("localhost").match(address.partition("?")[0])[0]
    except HTTPException:
        return None
    return endpoint if endpoint != "static" else None
