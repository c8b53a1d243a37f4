"""Customers are found by any of their words, which follow whatever is written of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from modules.customers.lists import customers
from modules.customers.models import Customer, Word
from modules.customers.profiles import edit, erase, file_of, merge
from modules.customers.tests.conftest import NOW, Market
from orion.contracts.data import session
from orion.contracts.errors import WallError


def names(market: Market, text: str, vendor: str | None = "SHOP", platform: str | None = None) -> set[str]:
    """What the list of customers finds."""
    address = "/vendor/SHOP/customers" if vendor else "/admin/customers"
    with market.at(vendor, platform) as scope, market.app.test_request_context(address):
        listing = customers(scope, "vendor" if vendor else "admin").run(scope, {"q": text, "sort": "name"})
        return {row["cells"][0]["text"] for row in listing.rows}


def words(market: Market, reference: str, platform: str | None = None) -> set[str]:
    """The words of a customer of SHOP, as somebody sees them there."""
    with market.at("SHOP", platform):
        return set(session().scalars(select(Word.word).where(Word.customer_id == market.ids[reference])))


@pytest.fixture
def ada(market: Market) -> Market:
    """A market with Ada Lovelace, Łukasz of Łódź and Björn, and another Ada at RIVAL."""
    market.customer("K-17", "2026-01-01", name="Ada Lovelace", email="countess@engine.example")
    market.customer("K-18", "2026-01-02", name="Łukasz Łódź")
    market.customer("K-19", "2026-01-03", name="Björn Straßenbahnhaltestelle")
    market.customer("K-17", "2026-01-01", vendor="RIVAL", name="Ada Rival")
    return market


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lovelace", {"Ada Lovelace"}),
        ("love ada", {"Ada Lovelace"}),
        ("engine", {"Ada Lovelace"}),
        ("17", {"Ada Lovelace"}),
        ("lodz", {"Łukasz Łódź"}),
        ("strassenbahn", {"Björn Straßenbahnhaltestelle"}),
        ("k-1", {"Ada Lovelace", "Łukasz Łódź", "Björn Straßenbahnhaltestelle"}),
        ("ada björn", set()),
        ("!", set()),
    ],
)
def test_a_customer_is_found_when_each_typed_word_begins_one_of_theirs(
    ada: Market, typed: str, found: set[str]
) -> None:
    assert names(ada, typed) == found


def test_those_who_see_every_vendor_find_the_customers_of_all(ada: Market) -> None:
    assert names(ada, "ada", vendor=None) == {"Ada Lovelace", "Ada Rival"}


def test_a_platform_finds_those_alone_who_acted_there(ada: Market) -> None:
    ada.bought("K-17", "2026-02-01", "east")
    assert names(ada, "love", platform="east") == {"Ada Lovelace"}
    assert names(ada, "love", platform="west") == set()
    assert words(ada, "K-17", "west") == set()


def test_words_follow_what_is_changed(ada: Market) -> None:
    with ada.at("SHOP", write=True) as scope:
        customer = session().get_one(Customer, ada.ids["K-17"])
        edit(scope, customer, name="Ada King", email="", reference="K-17")
    assert words(ada, "K-17") == {"ada", "king", "k-17", "k", "17"}


def test_a_change_of_something_else_asks_for_no_word(
    ada: Market, count_sql: Callable[[Flask], AbstractContextManager[list[str]]]
) -> None:
    with ada.at("SHOP", write=True):
        customer = session().get_one(Customer, ada.ids["K-17"])
        customer.phone = "1"
        with count_sql(ada.app) as sent:
            session().flush()
    assert [sql for sql in sent if "customers_word" in sql] == []


def test_a_deleted_customer_has_no_words(ada: Market) -> None:
    with ada.at("SHOP", write=True):
        session().execute(delete(Customer).where(Customer.id == ada.ids["K-18"]))
    assert words(ada, "K-18") == set()


def test_a_merge_keeps_the_words_of_what_is_kept(ada: Market) -> None:
    ada.customer("K-20", "2026-01-04", email="new@lodz.example")
    with ada.at("SHOP", write=True) as scope:
        kept, gone = (session().get_one(Customer, ada.ids[one]) for one in ("K-20", "K-18"))
        merge(scope, kept, gone)
    assert words(ada, "K-18") == set()
    assert words(ada, "K-20") >= {"lukasz", "lodz", "new@lodz.example", "k-20"}
    assert "k-18" not in words(ada, "K-20")


def test_the_file_about_a_person_has_their_words(ada: Market) -> None:
    with ada.at("SHOP", write=True) as scope:
        found = file_of(scope, session().get_one(Customer, ada.ids["K-18"]))
    assert {row["word"] for row in found["customers_word"]} == {"lukasz", "lodz", "k-18", "k", "18"}


def test_an_erased_person_has_no_words(ada: Market) -> None:
    with ada.at("SHOP", write=True) as scope:
        wiped = erase(scope, session().get_one(Customer, ada.ids["K-17"]), now=NOW)
    assert wiped["customers_word"]
    assert words(ada, "K-17") == set()
    assert names(ada, "ada", vendor=None) == {"Ada Rival"}


@pytest.mark.parametrize("rows", [None, [{"id": 1, "name_norm": "x"}]])
def test_a_statement_that_changes_what_many_rows_say_is_refused(
    ada: Market, rows: list[dict[str, object]] | None
) -> None:
    change = update(Customer) if rows else update(Customer).values(name="x", name_norm="x")
    with ada.at("SHOP", write=True), pytest.raises(WallError, match=r"have words|by a list of keys"):
        session().execute(change, rows)
