"""From a file to what is staged."""

import gzip
from typing import Any

import pytest

from modules.marketplace import correcting, files, services
from modules.marketplace.staging import changes_of, lines_of, notes_of, thing_of
from modules.marketplace.tests.conftest import SHOPIFY, Market
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.locales import said_again, speaking
from orion.jobs.running import run_due

ONE = pytest.mark.only_on("sqlite")


def test_rows_of_one_handle_are_one_product_and_each_row_is_accounted_for(market: Market) -> None:
    found = market.bring()
    assert (found.stage, found.rows, files.settled(found)["format"]) == ("ready", 4, "Shopify")
    shirt, pot = market.staged(found)
    assert (shirt.title, shirt.state, shirt.parts, lines_of(shirt)) == ("Linen shirt", "new", 2, [2, 3, 4])
    assert (pot.title, pot.parts, lines_of(pot)) == ("Clay pot", 1, [5])
    data = thing_of(shirt).data
    assert data["description"] == "Made of **linen**."
    assert [one["price"] for one in data["variants"]] == [5900, 5900]
    assert [one["url"][-5:] for one in data["images"]] == ["1.jpg", "2.jpg", "3.jpg"]
    assert sum(one.lines for one in market.staged(found)) == found.rows


def test_a_row_that_cannot_be_taken_says_where_and_why(market: Market) -> None:
    bad = SHOPIFY + "tall-vase,Tall vase,,,,,,,,TV-1,,on request,,,,,active\n"
    found = market.bring(bad)
    [wrong] = [one for one in market.staged(found) if one.state == "rejected"]
    assert (wrong.line, wrong.field, wrong.value, wrong.code) == (6, "price", "on request", "not_a_number")
    assert said_again(wrong.reason).startswith("is not a number; write it like ")


@ONE
def test_why_it_cannot_be_is_said_in_the_language_of_whoever_reads(market: Market) -> None:
    bad = SHOPIFY + "tall-vase,Tall vase,,,,,,,,TV-1,,on request,,,,,active\n"
    [wrong] = [one for one in market.staged(market.bring(bad)) if one.state == "rejected"]
    with market.app.test_request_context(), speaking("de"):
        assert said_again(wrong.reason).startswith("ist keine Zahl (Schreibweise: ")


@ONE
@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("linen-shirt,,,,,,,,S,LS-X,,1.00,,,,,", "doubled"),
        ("linen-shirt,,,,,,,,,LS-X,,1.00,,,,,", "empty"),
        ("no-title,,,,,,,,,NT-1,,1.00,,,,,", "empty"),
        (",,,,,,,,,,,1.00,,,,,", "no_key"),
        ("tall-vase,Vase,,,,,,,,,,1.005,,,,,", "not_a_price"),
        ("tall-vase,Vase,,,,,,,,,,-1,,,,,", "not_a_price"),
        ("tall-vase,Vase,,,,,,,,,,$4,,,,,", "other_currency"),
        ("tall-vase,Vase", "ragged"),
        (f"tall-vase,{'x' * 201},,,,,,,,,,1,,,,,", "too_long"),
    ],
)
def test_problems_have_names_to_filter_by(market: Market, row: str, code: str) -> None:
    found = market.bring(SHOPIFY + row + "\n")
    assert [one.code for one in market.staged(found) if one.state == "rejected"] == [code]
    assert sum(one.lines for one in market.staged(found)) == found.rows == 5


@ONE
def test_a_corrected_row_joins_its_product(market: Market) -> None:
    found = market.bring(SHOPIFY + "linen-shirt,,,,,,,,L,LS-L,,dear,,,,,\n")
    wrong = market.staged(found)[-1]
    assert wrong.state == "rejected"
    with market.at(write=True) as scope, pytest.raises(Invalid) as refused:
        correcting.correct(scope, wrong.public_id, {"price": "very dear"})
    assert list(refused.value.errors) == ["price"]
    kept = market.run(correcting.correct, wrong.public_id, {"price": "61.00"})
    assert (kept.title, kept.parts, lines_of(kept)) == ("Linen shirt", 3, [2, 3, 4, 6])
    assert market.states(found) == [("Linen shirt", "new"), ("Clay pot", "new")]
    with market.at(write=True) as scope, pytest.raises(NotFound):
        correcting.correct(scope, wrong.public_id, {"price": "61.00"})


@ONE
def test_correcting_the_title_brings_the_rows_that_were_rejected_for_its_sake(market: Market) -> None:
    more = "vase,,,,,,,Size,S,V-S,,1.00,,,,,\nvase,,,,,,,,M,V-M,,2.00,,,,,\n"
    found = market.bring(SHOPIFY + more)
    first = next(one for one in market.staged(found) if one.state == "rejected")
    kept = market.run(correcting.correct, first.public_id, {"title": "Vase"})
    assert (kept.title, kept.parts, lines_of(kept)) == ("Vase", 2, [6, 7])
    assert all(one.state == "new" for one in market.staged(found))


def test_a_generic_table_is_read_by_its_own_conventions(market: Market) -> None:
    table = "Artikelnummer;Bezeichnung;Hersteller;Preis\nA-1;Lampe;Hof;1.234,50\nA-2;Tisch;Hof;15,00\n"
    found = market.bring(table.encode("cp1252"), encoding="cp1252")
    lamp, desk = (thing_of(one).data for one in market.staged(found))
    assert (lamp["title"], lamp["brand"], lamp["variants"][0]["price"]) == ("Lampe", "Hof", 123450)
    assert desk["variants"][0]["sku"] == "A-2"


@ONE
def test_what_the_file_leaves_open_is_asked_and_not_guessed(market: Market) -> None:
    table = 'SKU,Title,Price\nA,One,"1,250"\n'
    found = market.bring(table)
    assert found.stage == "refused" and "1,250" in found.message
    assert (market.jobs()[-1].state, market.jobs()[-1].message) == ("failed", found.message)
    assert market.staged(found) == []
    told = market.bring(table, decimal=",")
    assert thing_of(market.staged(told)[0]).data["variants"][0]["price"] == 125


@ONE
def test_a_packed_file_is_unpacked(market: Market) -> None:
    assert len(market.staged(market.bring(gzip.compress(SHOPIFY.encode())))) == 2


@ONE
def test_a_file_is_read_anew_until_something_of_it_is_published(market: Market) -> None:
    found = market.bring()
    market.run(lambda scope: services.read(scope, services.by_id(found.id)))
    with market.at(write=True) as scope, pytest.raises(Conflict):
        services.read(scope, services.by_id(found.id))
    run_due(market.app)
    assert len(market.staged(found)) == 2
    market.publish(found)
    with market.at(write=True) as scope, pytest.raises(Conflict):
        services.read(scope, services.by_id(found.id))


def test_changes_are_named_by_field_with_before_and_after(market: Market) -> None:
    market.publish(market.bring())
    dearer = SHOPIFY.replace("LS-M,210,59.00", "LS-M,210,62.00").replace("Clay pot", "Glazed pot")
    found = market.bring(dearer)
    shirt, pot = market.staged(found)
    assert [(c.what, c.part, c.before, c.after) for c in changes_of(shirt)] == [("price", "M", 5900, 6200)]
    assert [(c.what, c.before, c.after) for c in changes_of(pot)] == [("title", "Clay pot", "Glazed pot")]


@ONE
def test_another_vendors_products_are_not_compared_with(market: Market) -> None:
    market.publish(market.bring(vendor="RIVAL"), vendor="RIVAL")
    assert {state for _title, state in market.states(market.bring())} == {"new"}


@ONE
def test_a_line_of_a_product_is_changed_where_it_stands(market: Market) -> None:
    found = market.bring()
    shirt = market.staged(found)[0]
    kept = market.run(correcting.edit, shirt.public_id, 3, {"price": "61.50", "option1_value": "XL"})
    prices = [(one["values"], one["price"]) for one in thing_of(kept).data["variants"]]
    assert (prices, lines_of(kept)) == ([(["S"], 5900), (["XL"], 6150)], [2, 3, 4])
    for line, texts, wrong in ((3, {"price": "dear"}, "price"), (3, {"handle": "other"}, "handle")):
        with market.at(write=True) as scope, pytest.raises(Invalid) as refused:
            correcting.edit(scope, shirt.public_id, line, texts)
        assert list(refused.value.errors) == [wrong]
    with market.at(write=True) as scope, pytest.raises(NotFound):
        correcting.edit(scope, shirt.public_id, 99, {})
    market.publish(found)
    with market.at(write=True) as scope, pytest.raises(Conflict):
        correcting.edit(scope, shirt.public_id, 3, {"price": "1"})


def test_a_number_that_two_products_have_is_said_of_the_second_and_can_be_filtered(
    market: Market, owner: Any
) -> None:
    vase = "vase,Vase,,,,,,,,{sku},,9.00,,{code},,,active\n"
    rows = vase.format(sku="ls-s", code="") + vase.replace("vase,", "jar,").format(
        sku="J", code="4000000000013"
    )
    found = market.bring(SHOPIFY + rows)
    assert [(one.title, one.state, one.code, one.field) for one in market.staged(found)] == [
        ("Linen shirt", "new", "", ""),
        ("Clay pot", "new", "", ""),
        ("Vase", "new", "shared", "sku"),
        ("Vase", "new", "shared", "barcode"),
    ]
    page = owner.get("/vendor/SHOP/imports/staging?problem=shared").text
    assert "SKU ls-s is that of “Linen shirt” in line 2 too" in page and "Clay pot" not in page
    vase, jar = market.staged(found)[2:]
    assert (
        "Barcode 4000000000013 is that of" in owner.get(f"/vendor/SHOP/imports/staging/{jar.public_id}").text
    )
    kept = market.run(correcting.edit, vase.public_id, 6, {"price": "9.50"})
    assert (kept.code, len(notes_of(kept))) == ("shared", 1)
    kept = market.run(correcting.edit, vase.public_id, 6, {"sku": "V-1"})
    assert (kept.code, kept.reason, notes_of(kept)) == ("", "", [])


@ONE
def test_numbers_within_one_product_and_signs_for_none_are_not_double(market: Market) -> None:
    table = "Parent SKU,SKU,Title,Barcode\nP,A,One,n/a\nP,A,One,n/a\nQ,B,Two,n/a\n"
    assert [one.code for one in market.staged(market.bring(table))] == ["", ""]
