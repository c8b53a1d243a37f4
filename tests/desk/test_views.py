"""Saved views of lists."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.desk.conftest import ADMIN, BOOKS, PLATFORM, SHOP, STAFF, Person

pytestmark = pytest.mark.by_turns

LIST = f"{SHOP}/customers"
AGAIN = "returning=yes&sort=name"


def _save(person: Person, name: str, query: str = AGAIN, **more: Any) -> Any:
    query = query.replace("&", "%26").replace("=", "%3D")
    address = f"{SHOP}/views/new?list=customers.vendor&query={query}&back={LIST}"
    return person.post(address, name=name, **more)


def _tabs(html: str) -> list[tuple[str, bool]]:
    """(name, whether it is the one that is shown) of each tab."""
    nav = html.partition('aria-label="Saved views"')[2].partition("</nav>")[0]
    return [(name, "aria-current" in rest) for rest, name in re.findall(r"<a ([^>]*)>([^<]*)</a>", nav)]


def _change_url(html: str) -> str:
    found = re.search(r'href="([^"]*/views/[^"/]+\?[^"]*)"[^>]*>Change view', html)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_narrowed_list_offers_to_save_its_question(owner: Person) -> None:
    assert "Save this view" not in owner.get(LIST).text
    page = owner.get(f"{LIST}?{AGAIN}").text
    link = re.search(r'href="([^"]*/views/new[^"]*)"', page)
    assert link
    answer = owner.post(link[1].replace("&amp;", "&"), name="Regulars")
    assert _tabs(answer.text) == [("All", False), ("Regulars", True)]
    assert answer.request.query_string.decode() == AGAIN


def test_a_view_shows_on_its_list_alone(owner: Person) -> None:
    _save(owner, "Regulars")
    assert _tabs(owner.get(LIST).text) == [("All", True), ("Regulars", False)]
    assert _tabs(owner.get(f"{SHOP}/team").text) == []


def test_the_chosen_view_is_what_the_bare_address_shows(owner: Person) -> None:
    _save(owner, "Regulars", chosen="y")
    page = owner.get(LIST).text
    assert _tabs(page) == [("All", False), ("Regulars", True)]
    assert "Bought again<svg" in page
    whole = owner.get(f"{LIST}?view=all").text
    assert _tabs(whole) == [("All", True), ("Regulars", False)]
    assert "Bought again<svg" not in whole


def test_every_link_of_a_list_with_a_chosen_view_means_what_it_says(owner: Person) -> None:
    _save(owner, "Regulars", "returning=yes", chosen="y")
    page = owner.get(LIST).text
    chip = re.search(r'class="chip" href="([^"]*)"', page)
    assert chip and "Bought again<svg" not in owner.get(LIST + chip[1].replace("&amp;", "&")).text
    assert 'name="view" value="all"' in page  # The form of search and filters: empty means everything.


def test_a_tile_leads_to_all_of_its_rows_whatever_view_was_chosen(owner: Person) -> None:
    href = re.compile(r'<h2 id="tile-customers-total-title"><a href="([^"]*)"')
    plain = href.search(owner.get(f"{SHOP}/").text)
    assert plain and plain[1] == f"{SHOP}/customers"
    owner.post(f"{SHOP}/views/new?list=customers.vendor&query=q%3Dzzz&back={LIST}", name="Z", chosen="y")
    led = href.search(owner.get(f"{SHOP}/").text)
    assert led and led[1] == f"{SHOP}/customers?view=all"


def test_one_view_at_most_is_chosen(owner: Person) -> None:
    _save(owner, "Regulars", chosen="y")
    _save(owner, "By name", "sort=name", chosen="y")
    assert ("By name", True) in _tabs(owner.get(LIST).text)


def test_changing_another_view_leaves_the_chosen_one(owner: Person) -> None:
    _save(owner, "Regulars", chosen="y")
    other = _save(owner, "By name", "sort=name").text
    owner.post(_change_url(other), name="All by name")
    assert ("Regulars", True) in _tabs(owner.get(LIST).text)


def test_a_view_is_renamed_deleted_and_brought_back(owner: Person) -> None:
    saved = _save(owner, "Regulars", chosen="y").text
    renamed = owner.post(_change_url(saved), name="They came back", chosen="y")
    assert ("They came back", True) in _tabs(renamed.text)
    gone = owner.post(_change_url(renamed.text).replace("?", "/delete?", 1))
    assert _tabs(gone.text) == []
    undo = re.search(r'action="([^"]*/undo/[^"]*)"', gone.text)
    assert undo
    assert _tabs(owner.post(undo[1]).text) == [("All", False), ("They came back", True)]


def test_a_name_is_asked_for_and_taken_once(owner: Person) -> None:
    assert _save(owner, "").status_code == 422
    _save(owner, "Regulars")
    second = _save(owner, "By name", "sort=name").text
    assert owner.post(_change_url(second), name="Regulars").status_code == 422


def test_saving_under_a_name_that_is_there_changes_that_view(owner: Person) -> None:
    _save(owner, "Mine")
    _save(owner, "Mine", "sort=name")
    assert _tabs(owner.get(f"{LIST}?sort=name").text) == [("All", False), ("Mine", True)]


@pytest.mark.parametrize("query", ["colour=red", "sort=shoe-size", "returning=maybe"])
def test_a_view_of_what_the_list_does_not_know_is_left_out_with_a_warning(
    owner: Person, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    with caplog.at_level(logging.WARNING, "orion.lists"):
        _save(owner, "Gone", query, chosen="y")
        assert _tabs(owner.get(LIST).text) == []
    assert "a saved view is ignored" in caplog.text


def test_a_chosen_view_whose_value_is_gone_shows_the_whole_list(owner: Person) -> None:
    _save(owner, "Gone", "country=Atlantis", chosen="y")
    answer = owner.get(LIST)
    assert answer.status_code == 200
    assert "Atlantis" not in answer.text.partition("<table")[2]


@pytest.mark.parametrize("email", [STAFF, BOOKS, ADMIN, PLATFORM])
def test_nobody_else_sees_or_reaches_a_view(
    owner: Person, people: Callable[[str], Person], email: str
) -> None:
    change = _change_url(_save(owner, "Regulars").text)
    other = people(email)
    own_place = {BOOKS: "/vendor/LUXBOOKS", ADMIN: "/admin", PLATFORM: "/admin"}.get(email, SHOP)
    assert "Regulars</a>" not in other.get(f"{own_place}/customers").text.partition("Saved views")[2]
    there = change.replace(SHOP, own_place)
    assert other.get(there).status_code == 404
    assert other.post(there.replace("?", "/delete?", 1)).status_code == 404
    assert _tabs(owner.get(LIST).text) == [("All", True), ("Regulars", False)]


def test_a_view_of_the_administration_is_not_a_vendors(people: Callable[[str], Person]) -> None:
    admin = people(ADMIN)
    admin.post(
        "/admin/views/new?list=customers.admin&query=returning%3Dyes&back=/admin/customers", name="Regulars"
    )
    assert _tabs(admin.get("/admin/customers").text) == [("All", True), ("Regulars", False)]
    # Another platform is another place.
    assert _tabs(admin.get("/admin/customers?platform=oms").text) == []


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/admin/", ""])
def test_the_way_back_stays_at_the_place(owner: Person, back: str) -> None:
    address = f"{SHOP}/views/new?list=customers.vendor&query=returning%3Dyes&back={back}"
    assert owner.get(address).status_code == 404


def test_views_cost_no_statement_while_nobody_changes_any(
    owner: Person, portal: Flask, count_sql: Callable[[Flask], Any]
) -> None:
    _save(owner, "Regulars")
    portal.extensions["orion_desk"].forget()
    with count_sql(portal) as first:
        owner.get(LIST)
    with count_sql(portal) as second:
        owner.get(LIST)
    assert [sum("orion_kept" in one for one in sent) for sent in (first, second)] == [1, 0]
