"""What each module says to the search of all modules, and what it tells people."""

from collections.abc import Callable
from contextlib import AbstractContextManager
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
