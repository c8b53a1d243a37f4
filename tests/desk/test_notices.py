"""Notifications: who is told what, and what they have read."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from orion.contracts.data import entered
from orion.contracts.notices import kinds, tell
from orion.contracts.scope import Scope
from orion.data import bookkeeping
from orion.desk.models import Notice, now
from orion.desk.notices import MOST
from orion.identity.models import User
from tests.desk.conftest import ADMIN, BOOKS, OWNER, PLATFORM, SHOP, STAFF, TESTED, Person, writing

PAGE = f"{SHOP}/notifications"


def _scope(app: Flask, vendor: str | None = "WIZAMART") -> Scope:
    found: Scope = app.extensions["orion"].command_scope(vendor=vendor)
    return found


@pytest.fixture
def told(portal: Flask) -> Callable[..., None]:
    """`told("A-1", vendor=…, kind=…, **details)` tells something, as a command does."""

    def tell_now(
        number: str = "", vendor: str | None = "WIZAMART", kind: str = TESTED.id, **details: Any
    ) -> None:
        with portal.app_context():
            scope = _scope(portal, vendor)
            with entered(scope, write=True) as session:
                tell(scope, kinds()[kind], **{"number": number, "customer": "abc", **details})
                session.commit()

    return tell_now


def _waiting(person: Person, home: str = f"{SHOP}/") -> str:
    """What the bell says."""
    bell = re.search(r'notifications">.*?</a>', person.get(home).text)
    assert bell
    number = re.search(r'<b class="num">([0-9+]+)', bell[0])
    return number[1] if number else ""


def _lines(person: Person, page: str = PAGE) -> list[str]:
    rows = re.findall(r'<th scope="row">(.*?)</th>', person.get(page).text)
    return [re.sub(r"<[^>]*>", "", row) for row in rows]


def test_the_bell_counts_what_waits_and_the_page_says_it(owner: Person, told: Callable[..., None]) -> None:
    assert _waiting(owner) == ""
    told("A-1")
    told("A-2", customer="abd")
    assert _waiting(owner) == "2"
    assert _lines(owner) == ["Customer A-2 was tested.", "Customer A-1 was tested."]
    assert f'href="{SHOP}/customers/abd"' in owner.get(PAGE).text


def test_one_is_read_or_all(owner: Person, told: Callable[..., None]) -> None:
    for number in range(3):
        told(f"A-{number}")
    one = re.search(r'name="notice" value="([^"]*)"', owner.get(PAGE).text)
    assert one
    owner.post(PAGE, notice=one[1])
    assert _waiting(owner) == "2"
    owner.post(PAGE)
    assert _waiting(owner) == ""
    assert len(_lines(owner)) == 3
    told("A-9")
    assert _waiting(owner) == "1"


def test_what_one_has_read_the_other_has_not(
    people: Callable[[str], Person], told: Callable[..., None]
) -> None:
    told("A-1")
    people(OWNER).post(PAGE)
    assert _waiting(people(STAFF)) == "1"


def test_people_are_told_what_they_may_see(
    people: Callable[[str], Person], told: Callable[..., None]
) -> None:
    told("A-1")
    told(kind="tenancy.joined", role="Staff")
    assert len(_lines(people(OWNER))) == 2
    assert _lines(people(STAFF)) == ["Customer A-1 was tested."]


def test_other_places_are_told_nothing(people: Callable[[str], Person], told: Callable[..., None]) -> None:
    told("A-1")
    assert _lines(people(BOOKS), "/vendor/LUXBOOKS/notifications") == []
    assert _lines(people(ADMIN), "/admin/notifications") == []
    assert _lines(people(PLATFORM), "/admin/notifications") == []
    assert people(BOOKS).get(PAGE).status_code == 404
    told(kind="tenancy.joined", vendor=None, role="Administrator")
    assert _lines(people(ADMIN), "/admin/notifications") == ["An invitation was accepted: Administrator."]
    assert _lines(people(PLATFORM), "/admin/notifications") == []


def test_another_places_notice_is_not_read_by_its_id(
    people: Callable[[str], Person], told: Callable[..., None]
) -> None:
    told("A-1")
    found = re.search(r'name="notice" value="([^"]*)"', people(OWNER).get(PAGE).text)
    assert found
    people(BOOKS).post("/vendor/LUXBOOKS/notifications", notice=found[1])
    assert _waiting(people(OWNER)) == "1"


def test_the_bell_counts_no_further_than_it_must(owner: Person, told: Callable[..., None]) -> None:
    for number in range(10):
        told(f"A-{number}")
    assert _waiting(owner) == "9+"
    assert MOST >= 10


def test_the_bell_costs_one_statement_and_none_while_nothing_happens(
    owner: Person, portal: Flask, told: Callable[..., None], count_sql: Callable[[Flask], Any]
) -> None:
    page = f"{SHOP}/keys"
    told("A-1")
    owner.post(PAGE)
    told("A-2")
    with count_sql(portal) as first:
        owner.get(page)
    with count_sql(portal) as second:
        owner.get(page)
    assert len(first) <= 3 and sum("orion_notice" in one for one in first) == 1
    assert len(second) == 1


def test_who_did_it_is_not_told(
    people: Callable[[str], Person], portal: Flask, told: Callable[..., None]
) -> None:
    owner, staff = people(OWNER), people(STAFF)
    with writing(portal) as connection:
        olga = connection.scalar(select(User.id).where(User.email == OWNER))
    told("A-1", actor_id=olga)
    assert _lines(owner) == []
    assert len(_lines(staff)) == 1


def test_what_is_older_than_a_month_is_neither_told_nor_kept(
    owner: Person, portal: Flask, told: Callable[..., None]
) -> None:
    told("A-1")
    with writing(portal) as connection:
        connection.execute(Notice.__table__.update().values(at=now() - timedelta(days=31)))
    assert _lines(owner) == [] and _waiting(owner) == ""
    bookkeeping.flush(portal)
    with writing(portal) as connection:
        assert connection.execute(Notice.__table__.select()).all() == []
