"""What each module says to the search of all modules, and what it tells people."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any

from flask import Flask

from orion.contracts.notices import kinds
from tests.contracts.conftest import Portal
from tests.contracts.people import Limited

#: The statement that reads session, person, rights and data versions.
VISIT = 1


def _searched(portal: Portal, code: str) -> dict[str, Any]:
    return getattr(portal.orion.modules[code].parts.get("search"), "searched", {})


def test_a_module_is_searched_by_a_list_on_a_page_of_its_own(portal: Portal, code: str) -> None:
    for frontend, one in _searched(portal, code).items():
        spec = portal.orion.registry.pages[one.endpoint]
        assert (spec.module, spec.frontend) == (code, frontend)
        with portal.app.app_context():
            page = one.list_for(portal.orion.installation_scope())
        assert page.search is not None and len(page.columns) > 1 and page.id.partition(".")[0] == code


def test_every_module_is_searched_on_both_frontends(portal: Portal, code: str) -> None:
    assert set(_searched(portal, code)) == set(portal.homes)


def test_the_search_finds_rows_of_each_module(portal: Portal, code: str) -> None:
    for frontend, one in _searched(portal, code).items():
        listed = portal.get(frontend, portal.address(frontend, _rule(portal, one.endpoint))).text
        row = re.search(r'<th scope="row".*?>(?=[^\s<])([^<]+)<', listed, re.S)
        assert row is not None, frontend
        question = {"part": "found", "q": " ".join(unescape(row[1]).split()[:2])}
        found = portal.get(frontend, f"{portal.homes[frontend]}search", query_string=question)
        with portal.app.app_context():
            name = one.list_for(portal.orion.installation_scope()).id.replace(".", "-")
        group = found.text.partition(f'id="found-{name}"')[2].partition("</section>")[0]
        assert 'role="option"' in group, (frontend, question)


def _rule(portal: Portal, endpoint: str) -> str:
    return str(portal.orion.pages[endpoint].rule).replace("<vendor_code>", "{vendor_code}")


def test_a_module_is_searched_for_those_who_may_see_its_list(
    portal: Portal,
    rights: Limited,
    code: str,
    count_sql: Callable[[Flask], AbstractContextManager[list[str]]],
) -> None:
    for frontend, one in _searched(portal, code).items():
        permission = portal.orion.registry.pages[one.endpoint].permission
        address = f"{portal.homes[frontend]}search?part=found&q=zzz"
        for only, asked in ((frozenset({permission}), 1), (frozenset(), 0)):
            rights.only = only
            with count_sql(portal.app) as sent:
                assert portal.get(frontend, address).status_code == 200
            assert len(sent) == VISIT + asked, (frontend, sent)


def test_what_a_module_tells_has_a_permission_and_a_page(portal: Portal, code: str) -> None:
    endpoints = set(portal.orion.pages)
    for one in (one for one in kinds().values() if one.module == code):
        assert one.permission in portal.orion.registry.permissions, one.id
        assert not one.page or endpoints & {f"{code}_admin.{one.page}", f"{code}_vendor.{one.page}"}, one.id
