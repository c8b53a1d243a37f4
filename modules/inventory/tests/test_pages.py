"""The stock pages: what the list finds, and how goods are moved and counted without JavaScript."""

import re
from typing import Any

import pytest
from sqlalchemy import select

import modules.catalog.api as catalog
from modules.inventory import services
from modules.inventory.models import Location, Movement
from modules.inventory.tests.conftest import NOW, Store
from orion.contracts.data import session
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns

HOME = "/vendor/SHOP/inventory"


def listed(client: Any, **asked: str) -> list[str]:
    page = client.get(HOME, query_string=asked)
    assert page.status_code == 200
    return re.findall(r'<th scope="row".*?<a [^>]*>([^<]+)</a>', page.text)


def address(store: Store, variant_id: int) -> str:
    with store.at(None):
        key = (
            session().scalars(select(catalog.Variant.public_id).where(catalog.Variant.id == variant_id)).one()
        )
    return f"{HOME}/{key}"


def send(client: Any, at: str, **fields: Any) -> Any:
    page = client.get(at)
    assert page.status_code == 200
    return client.post(at, data={"csrf_token": csrf_token(page.text), **fields}, follow_redirects=True)


@pytest.fixture
def shelf(store: Store) -> dict[str, int]:
    """Ten of A-1, three of A-2 with a warning at five, none of A-3, and A-4, which is not counted."""
    ids = {"A-1": store.variant("A-1", 10), "A-2": store.variant("A-2", 3), "A-3": store.variant("A-3", 1)}
    store.run(services.warn_at, ids["A-2"], 5)
    store.run(services.adjust, ids["A-3"], store.place(), -1, "lost", now=NOW)
    store.variant("R-1", 7, vendor="RIVAL")
    return {**ids, "A-4": store.variant("A-4")}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Good A-3", "Good A-2", "Good A-1"]),
        ({"state": "low"}, ["Good A-2"]),
        ({"state": "out"}, ["Good A-3"]),
        ({"q": "a-1"}, ["Good A-1"]),
        ({"sort": "-on_hand"}, ["Good A-1", "Good A-2", "Good A-3"]),
    ],
)
def test_the_list_finds(owner: Any, shelf: dict[str, int], asked: dict[str, str], found: list[str]) -> None:
    assert listed(owner, **asked) == found


def test_the_first_goods_make_the_first_location(store: Store, owner: Any) -> None:
    variant = store.variant("A-1")
    page = send(owner, f"{address(store, variant)}/receive", quantity="12", location="first", note="Van")
    assert "Stock changed." in page.text
    assert store.stock(variant) == (12, 12)
    with store.at():
        assert session().scalars(select(Location.name)).all() == ["Main store"]


def test_the_ledger_says_who_and_why(store: Store, owner: Any, shelf: dict[str, int]) -> None:
    at = address(store, shelf["A-1"])
    page = send(owner, f"{at}/adjust", quantity="-2", reason="damaged", location=store.place(), note="Rain")
    assert "Adjusted · Damaged · Rain" in page.text
    assert "Ida Lumen" in page.text
    undo = re.search(r'action="(/vendor/SHOP/undo/[^"]+)"', page.text)
    assert undo is not None
    owner.post(undo[1], data={"csrf_token": csrf_token(page.text)})
    assert store.stock(shelf["A-1"]) == (10, 10)


def test_more_than_there_is_is_refused_at_the_field(store: Store, owner: Any, shelf: dict[str, int]) -> None:
    at = f"{address(store, shelf['A-2'])}/adjust"
    page = send(owner, at, quantity="-4", reason="lost", location=store.place())
    assert page.status_code == 422
    assert '<a href="#quantity">' in page.text


@pytest.mark.only_on("postgresql")
def test_a_null_byte_in_a_search_finds_nothing(store: Store, owner: Any, shelf: dict[str, int]) -> None:
    page = owner.get(f"{HOME}/locations/{store.place()}/count?q=a%00b")
    assert page.status_code == 200


def test_a_shelf_is_counted_on_one_sheet(store: Store, owner: Any, shelf: dict[str, int]) -> None:
    at = f"{HOME}/locations/{store.place()}/count"
    page = send(
        owner, at, **{f"counted-{shelf['A-1']}": "8", f"counted-{shelf['A-4']}": "2", "note": "Friday"}
    )
    assert "2 variants counted." in page.text
    assert store.stock(shelf["A-1"]) == (8, 8)
    assert store.stock(shelf["A-2"]) == (3, 3)
    assert store.stock(shelf["A-4"]) == (2, 2)
    wrong = send(owner, at, **{f"counted-{shelf['A-1']}": "many"})
    assert wrong.status_code == 422
    assert f'<a href="#counted-{shelf["A-1"]}">' in wrong.text


def test_a_warning_is_set_and_taken_away(store: Store, owner: Any, shelf: dict[str, int]) -> None:
    at = f"{address(store, shelf['A-1'])}/threshold"
    send(owner, at, threshold="10")
    assert listed(owner, state="low") == ["Good A-2", "Good A-1"]
    send(owner, at, threshold="")
    assert listed(owner, state="low") == ["Good A-2"]


def test_the_products_page_shows_its_stock(store: Store, owner: Any, shelf: dict[str, int]) -> None:
    with store.at():
        products = select(catalog.Product.public_id).where(catalog.Product.title == "Good A-2")
        key = session().scalars(products).one()
    page = owner.get(f"/vendor/SHOP/products/{key}").text
    assert address(store, shelf["A-2"]) in page
    assert "Low" in page


def test_another_vendors_stock_is_like_what_never_was(
    store: Store, owner: Any, shelf: dict[str, int]
) -> None:
    theirs, place = store.variant("R-2", vendor="RIVAL"), store.place("RIVAL")
    for at in (
        address(store, theirs),
        f"{address(store, theirs)}/receive",
        f"{HOME}/locations/{place}/count",
    ):
        assert owner.get(at).status_code == 404
    with store.at("RIVAL"):
        assert len(session().scalars(select(Movement.id)).all()) == 1
