"""The search of all modules, and the keys."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask

from orion.contracts.scope import Scope
from orion.contracts.search import Searched
from orion.desk import keys
from orion.desk.searching import HITS
from orion.settings import Settings
from tests.desk.conftest import ADMIN, BOOKS, OWNER, PLATFORM, SHOP, STAFF, Person

FOUND = f"{SHOP}/search?part=found&q="
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def _hits(html: str) -> list[tuple[str, str]]:
    """(address, name) of each option."""
    found = re.findall(r'<a href="([^"]*)" role="option"[^>]*>(.*?)</a>', html)
    return [(unescape(url), re.sub(r"<[^>]*>", " ", name).strip()) for url, name in found]


def _groups(html: str) -> list[str]:
    return re.findall(r'<p class="muted" id="found-[^"]*" role="presentation">([^<]*)<', html)


def test_a_search_finds_rows_and_leads_to_them(owner: Person) -> None:
    page = owner.get(f"{SHOP}/customers").text
    name = re.search(r'<th scope="row"[^>]*><a href="([^"]*/customers/[^"]*)">([^<]*)<', page)
    assert name
    hits = _hits(owner.get(FOUND + unescape(name[2])).text)
    assert name[1] in [url for url, _name in hits]
    assert all(owner.get(url).status_code == 200 for url, _name in hits)


def test_each_module_gives_a_few_and_leads_to_the_rest(owner: Person) -> None:
    hits = [url for url, _name in _hits(owner.get(FOUND + "an").text)]
    customers = [url for url in hits if url.startswith(f"{SHOP}/customers")]
    assert len(customers) == HITS + 1
    assert customers[-1] == f"{SHOP}/customers?q=an"


def test_entries_of_the_menu_are_found_by_the_beginning_of_a_word(owner: Person) -> None:
    assert f"{SHOP}/settings" in [url for url, _name in _hits(owner.get(FOUND + "sett").text)]
    assert _hits(owner.get(FOUND).text)[0] == (f"{SHOP}/", "Dashboard")


def test_the_page_finds_the_same_without_a_script(owner: Person) -> None:
    found = owner.get(f"{SHOP}/search?q=an").text.partition('<div class="stack">')[2]
    linked = {unescape(url) for url in re.findall(r'<a href="([^"]*)"', found)}
    assert linked == {url for url, _name in _hits(owner.get(FOUND + "an").text)}
    assert linked
    assert "Nothing matches" in owner.get(f"{SHOP}/search?q=nothing-like-this").text


def test_a_search_finds_what_its_person_may_see(people: Callable[[str], Person]) -> None:
    owner, staff = people(OWNER), people(STAFF)
    assert "Team" in _groups(owner.get(FOUND + "olga").text)
    assert "Team" not in _groups(staff.get(FOUND + "olga").text)
    assert _groups(staff.get(FOUND + "an").text) == ["Customers"]
    assert people(BOOKS).get(FOUND + "an").status_code == 404


def test_a_search_stays_at_its_place(people: Callable[[str], Person]) -> None:
    def rows(person: Person, address: str) -> set[str]:
        return {url.rpartition("/")[2] for url, _name in _hits(person.get(address).text) if "?" not in url}

    ours = rows(people(OWNER), FOUND + "an")
    theirs = rows(people(BOOKS), "/vendor/LUXBOOKS/search?part=found&q=an")
    assert ours and theirs and not ours & theirs


def test_the_administration_searches_its_platforms(people: Callable[[str], Person]) -> None:
    def vendors(email: str, text: str) -> list[str]:
        page = people(email).get(f"/admin/search?part=found&q={text}").text
        return [url for url, _name in _hits(page) if url.startswith("/admin/vendors/")]

    assert vendors(ADMIN, "wiz") == ["/admin/vendors/WIZAMART"]
    assert vendors(ADMIN, "lux") == ["/admin/vendors/LUXBOOKS"]
    assert vendors(PLATFORM, "lux") == []


def test_a_search_sends_one_statement_and_one_a_module(
    owner: Person, portal: Flask, count_sql: Callable[[Flask], Any]
) -> None:
    with count_sql(portal) as sent:
        answer = owner.get(f"{SHOP}/search?q=olga")
    groups = answer.text.count('<h2 id="found-')
    assert groups >= 1
    assert len(sent) <= 1 + len(portal.extensions["orion"].registry.on)
    with count_sql(portal) as short:
        owner.get(FOUND + "a")
    assert len(short) == 1


def test_what_one_module_cannot_answer_the_others_do(
    owner: Person, portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(scope: Scope) -> Any:
        page = customers.list_for(scope)
        return replace(page, statement=lambda _scope: 1 / 0)

    known = portal.extensions["orion"].modules["customers"].parts["search"].searched
    customers = known["vendor"]
    monkeypatch.setitem(known, "vendor", Searched(broken, customers.endpoint))
    page = owner.get(f"{SHOP}/search?q=olga")
    assert page.status_code == 200
    assert "be searched right now" in page.text
    assert 'id="found-tenancy-team"' in page.text


def test_searching_on_and_on_is_refused(settings: Settings, portal: Flask, owner: Person) -> None:
    from orion.web import limits

    few = limits.Limit("search", 3, 60)
    known, limits.SEARCH = limits.SEARCH, few
    try:
        answers = [owner.get(FOUND + "an", headers=HTMX).status_code for _ in range(5)]
    finally:
        limits.SEARCH = known
    assert answers[:3] == [200] * 3 and answers[-1] == 429


def test_every_key_is_on_the_page_of_the_keys_and_known_to_the_script(owner: Person) -> None:
    page = unescape(owner.get(f"{SHOP}/keys").text)
    body = re.search(r'<body data-keys="([^"]*)"', page)
    assert body
    told = body[1].split()
    script = (Settings().static / "keys.js").read_text()
    for key in (keys.PALETTE, *keys.KEYS):
        assert f"<kbd>{key.shown or key.key}</kbd>" in page
        assert told[told.index(key.key) + 1] == key.does
        assert re.search(rf"^  {key.does}: ", script, re.M)


def test_keys_of_one_letter_can_be_switched_off_and_on_again(owner: Person) -> None:
    def told() -> str:
        found = re.search(r'<body data-keys="([^"]*)"', owner.get(f"{SHOP}/customers").text)
        assert found
        return found[1]

    every = told()
    assert "Keys without Ctrl are off." in owner.post(f"{SHOP}/keys", single="off").text
    assert told() == f"{keys.PALETTE.key} {keys.PALETTE.does}"
    owner.post(f"{SHOP}/keys", single="on")
    assert told() == every


def test_entries_of_the_menu_have_letters_of_their_own(owner: Person) -> None:
    letters = re.findall(r'data-letter="(.)"', owner.get(f"{SHOP}/").text)
    assert len(letters) > 5 and len(set(letters)) == len(letters)
    assert not set(letters) & {"/", "?"}


def test_pages_of_no_place_offer_neither(owner: Person) -> None:
    page = owner.get("/account/sessions").text
    assert "data-keys" not in page and "data-dialog" not in page
