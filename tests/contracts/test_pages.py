"""Pages, menus and tiles of every module."""

from typing import Any

import pytest

from tests.contracts.conftest import Portal, links
from tests.contracts.crawling import found_by_links
from tests.contracts.people import Limited

pytestmark = pytest.mark.by_turns

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept": "text/html"}


@pytest.fixture
def addresses(portal: Portal, code: str) -> dict[str, str]:
    """Endpoint → an address of that page, for each of a module's pages that can be found."""
    for frontend, home in portal.homes.items():
        wanted = {spec.endpoint for spec in portal.pages(code) if spec.frontend == frontend}
        portal.found |= found_by_links(portal, frontend, home, wanted - portal.found.keys())
    return portal.found


def test_every_page_is_linked_and_opens_with_its_permission_alone(
    portal: Portal, rights: Limited, addresses: dict[str, str], code: str
) -> None:
    answers: dict[str, Any] = {}
    for spec in portal.pages(code):
        rights.only = frozenset({spec.permission} if spec.permission else ())
        address = addresses.get(spec.endpoint)
        answers[spec.endpoint] = portal.get(spec.frontend, address).status_code if address else "no link"
    assert answers == dict.fromkeys(answers, 200)


def test_no_page_opens_without_its_permission(
    portal: Portal, rights: Limited, addresses: dict[str, str], code: str
) -> None:
    answers: dict[str, Any] = {}
    for spec in portal.pages(code):
        rights.only = portal.orion.registry.permissions - {spec.permission}
        answers[spec.endpoint] = portal.get(spec.frontend, addresses[spec.endpoint]).status_code
    assert answers == {spec.endpoint: 200 if spec.public else 403 for spec in portal.pages(code)}


def test_no_page_opens_to_strangers(portal: Portal, code: str) -> None:
    stranger = portal.app.test_client()
    for spec in portal.pages(code):
        if not spec.public:
            address = portal.address(spec.frontend, spec.rule.replace("<vendor_code>", "{vendor_code}"))
            answer = stranger.get(address.replace("<", "").replace(">", ""))
            assert answer.status_code in (302, 303), spec.endpoint
            assert "/login" in answer.location


def test_a_page_that_was_never_there_is_not_found(portal: Portal, code: str) -> None:
    for spec in portal.pages(code):
        own = portal.address(spec.frontend, spec.rule.replace("<vendor_code>", "{vendor_code}"))
        if "<" in own:
            address = own.replace("<", "").replace(">", "")
            assert portal.get(spec.frontend, address).status_code == 404, address


def test_a_menu_entry_shows_exactly_when_its_page_opens(portal: Portal, rights: Limited, code: str) -> None:
    permissions = {spec.permission for spec in portal.pages(code) if spec.permission}
    for only in (None, frozenset(), *(frozenset({one}) for one in sorted(permissions))):
        rights.only = only
        shown, opened = _menu(portal, code)
        assert shown == opened
        if only is None:
            assert all(opened.values())


def _menu(portal: Portal, code: str) -> tuple[dict[str, bool], dict[str, bool]]:
    """For each entry of a module's menus: whether it shows, and whether its page opens."""
    shown, opened = {}, {}
    for frontend, sections in portal.orion.registry.manifests[code].menus.items():
        nav = portal.get(frontend, portal.homes[frontend]).text.partition("<nav")[2].partition("</nav>")[0]
        there = set(links(nav))
        for item in (item for section in sections for item in section.items):
            address = portal.address(frontend, item.route)
            shown[address] = address in there
            opened[address] = portal.get(frontend, address).status_code == 200
    return shown, opened


# -- tiles ----------------------------------------------------------------------------------------


def _tiles(portal: Portal, code: str) -> list[tuple[str, str]]:
    """(frontend, address) of each of a module's tiles."""
    metrics = portal.orion.registry.manifests[code].metrics
    return [
        (f, f"{portal.homes[f]}tiles/{m.query}") for m in metrics for f in m.frontends if f in portal.homes
    ]


def _out_of_order(portal: Portal, code: str) -> list[str]:
    answers = {address: portal.get(f, address, headers=HTMX) for f, address in _tiles(portal, code)}
    return [a for a, it in answers.items() if it.status_code != 200 or "X-Orion-Tile" in it.headers]


def test_every_tile_answers_on_the_demo(portal: Portal, code: str) -> None:
    assert _out_of_order(portal, code) == []


def test_every_tile_answers_where_there_is_no_row(unsown: Portal, code: str) -> None:
    assert _out_of_order(unsown, code) == []


def test_every_list_is_a_page_where_there_is_no_row(unsown: Portal, code: str) -> None:
    for spec in unsown.pages(code):
        address = unsown.address(spec.frontend, spec.rule.replace("<vendor_code>", "{vendor_code}"))
        if "<" not in address:
            # What is filled from a row (a form about the place itself) is not there without the row.
            right = (200, 404) if "POST" in spec.methods else (200,)
            assert unsown.get(spec.frontend, address).status_code in right, address


def test_a_tile_shows_to_those_who_have_its_permission_alone(
    portal: Portal, rights: Limited, code: str
) -> None:
    for metric in portal.orion.registry.manifests[code].metrics:
        for frontend in metric.frontends:
            address = f"{portal.homes[frontend]}tiles/{metric.query}"
            rights.only = frozenset({metric.permission}) if metric.permission else frozenset()
            assert portal.get(frontend, address, headers=HTMX).status_code == 200, address
            if metric.permission:
                rights.only = portal.orion.registry.permissions - {metric.permission}
                assert portal.get(frontend, address, headers=HTMX).status_code == 403, address


def test_a_tile_that_no_manifest_names_is_unknown(portal: Portal, code: str) -> None:
    for frontend, home in portal.homes.items():
        assert portal.get(frontend, f"{home}tiles/{code}.no_such_figure", headers=HTMX).status_code == 404
