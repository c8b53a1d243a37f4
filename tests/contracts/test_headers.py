"""What the content policy promises holds on every page of every module, and of the engine."""

import re
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException

from orion.web.headers import FIXED
from tests.contracts.conftest import Portal, links

pytestmark = pytest.mark.only_on("sqlite")


def _pages(portal: Portal) -> dict[str, Any]:
    """Address → answer of one page for each endpoint that links lead to, from the homes on."""
    found: dict[str, Any] = {}
    routes, met = portal.app.url_map.bind("localhost"), set[str]()
    for frontend, home in portal.homes.items():
        ahead = [home, "/account/sessions"]
        while ahead:
            address = ahead.pop()
            try:
                endpoint = routes.match(address.partition("?")[0])[0]
            except HTTPException:
                continue
            if endpoint not in met:
                met.add(endpoint)
                found[address] = portal.get(frontend, address)
                ahead += links(found[address].text) if found[address].mimetype == "text/html" else []
    assert len(found) > 5
    return found


def test_every_page_has_the_headers_and_keeps_to_the_policy(portal: Portal) -> None:
    for address, answer in _pages(portal).items():
        page = answer.mimetype == "text/html"
        # What a vendor keeps as a file may do less still than a page.
        policy = {} if page else {"Content-Security-Policy": "default-src 'none'; sandbox"}
        for name, value in {**FIXED, **policy}.items():
            assert answer.headers.get(name) == value, (address, name)
        if page and answer.status_code == 200:
            assert answer.headers["Cache-Control"] == "private, no-store", address
            html = re.sub(r"(?s)<!--.*?-->", "", answer.text)
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style\b|<[^>]*\s(?:style|on\w+)=", html), address
            assert not re.search(r"(?:src|href|action|formaction)=[\"']?\s*(?:javascript|data):", html), (
                address
            )
            assert not re.search(r"(?:src|action)=[\"'](?:https?:)?//", html), address
