"""Creating, changing, duplicating and archiving products, and what is kept beside them."""

import pytest
from sqlalchemy import select

from modules.catalog import api, categories, copying, images, listings, services
from modules.catalog.grid import edit_variants
from modules.catalog.models import Listing, Product, ProductCategory, Tag, Word
from modules.catalog.services import ProductFacts, VariantFacts
from modules.catalog.summary import refresh
from modules.catalog.tests.conftest import NOW, Market, picture
from orion.contracts.data import entered, session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.money import Money


def test_a_product_begins_as_an_incomplete_draft_with_one_variant(market: Market) -> None:
    product = market.again(market.product("Linen apron", sku="A-1"))
    assert (product.status, product.incomplete, product.variants) == ("draft", True, 1)
    assert (product.lowest, product.highest, product.currency) == (4200, 4200, "EUR")
    assert [variant.sku for variant in market.variants(product)] == ["A-1"]


def test_a_price_and_an_image_make_a_product_complete(market: Market) -> None:
    product = market.product(price=None)
    market.run(images.add, product.public_id, [picture()], now=NOW)
    assert market.again(product).incomplete
    [variant] = market.variants(product)
    market.run(edit_variants, product.public_id, {variant.public_id: VariantFacts(price=0)}, now=NOW)
    assert not market.again(product).incomplete


def test_handles_are_made_from_titles_and_told_apart(market: Market) -> None:
    handles = [market.product(title).handle for title in ("Éclair au café", "Eclair au cafe!", "日本")]
    assert handles[:2] == ["eclair-au-cafe", "eclair-au-cafe-2"]
    assert len(handles[2]) == 14


def test_a_handle_that_somebody_chose_may_not_be_taken(market: Market) -> None:
    market.product("Mug")
    with pytest.raises(Invalid) as refused:
        market.product("Cup", handle="mug")
    assert list(refused.value.errors) == ["handle"]
    assert market.product("Mug", vendor="RIVAL").handle == "mug"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "Mug", "handle": "No Spaces"}, "handle"),
        ({"title": "Mug", "tax_class": "none"}, "tax_class"),
        ({"title": "Mug", "tags": ["x" * 61]}, "tags"),
        ({"title": "Mug", "description": "x" * 20_001}, "description"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(market: Market, facts: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        market.product(**facts)
    assert list(refused.value.errors) == [field]


def test_an_edit_replaces_tags_and_categories(market: Market) -> None:
    kitchen = market.run(categories.add, "Kitchen").public_id
    garden = market.run(categories.add, "Garden").public_id
    product = market.product(tags=["Gift", "gift", "linen"], categories=[kitchen])
    facts = ProductFacts("Apron", tags=["new"], categories=[garden])
    market.run(services.edit, product.public_id, facts, version=product.version, now=NOW)
    with market.at():
        assert session().scalars(select(Tag.text)).all() == ["new"]
        assert len(session().scalars(select(ProductCategory)).all()) == 1


def test_an_edit_of_an_old_version_is_refused(market: Market) -> None:
    product = market.product()
    market.run(services.edit, product.public_id, ProductFacts("First"), version=1, now=NOW)
    with pytest.raises(Conflict):
        market.run(services.edit, product.public_id, ProductFacts("Second"), version=1, now=NOW)
    assert market.again(product).title == "First"


def test_another_vendors_product_and_category_are_not_there(market: Market) -> None:
    theirs = market.product(vendor="RIVAL")
    place = market.run(categories.add, "Theirs", vendor="RIVAL").public_id
    with pytest.raises(NotFound):
        market.run(services.edit, theirs.public_id, ProductFacts("Mine"), now=NOW)
    with pytest.raises(NotFound):
        market.product(categories=[place])
    assert market.run(services.set_status, [theirs.id], "archived", now=NOW) == {}


def test_archiving_remembers_where_restoring_leads(market: Market) -> None:
    one, two = market.product("One", status="active"), market.product("Two")
    before = market.run(services.set_status, [one.id, two.id], "archived", now=NOW)
    assert before == {one.id: "active", two.id: "draft"}
    market.run(services.restore, [one.id, two.id], now=NOW)
    assert [market.again(p).status for p in (one, two)] == ["active", "draft"]


def test_a_change_of_many_statuses_can_be_taken_back(market: Market) -> None:
    one, two = market.product("One", status="active"), market.product("Two")
    before = market.run(services.set_status, [one.id, two.id], "active", now=NOW)
    assert before == {two.id: "draft"}
    market.run(services.move, before, now=NOW)
    assert [market.again(p).status for p in (one, two)] == ["active", "draft"]


def test_others_hear_of_what_happens_to_products(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(services, "emit", lambda _s, event, product_ids: heard.append((event, product_ids)))
    product = market.product()
    market.run(services.set_status, [product.id], "archived", now=NOW)
    market.run(services.restore, [product.id], now=NOW)
    assert heard == [(f"catalog.{event}", [product.id]) for event in ("created", "archived", "restored")]


def test_a_duplicate_is_a_draft_without_codes(market: Market) -> None:
    product = market.product(sku="A-1", barcode="400", tags=["gift"], status="active")
    market.run(images.add, product.public_id, [picture()], now=NOW)
    copy = market.again(market.run(copying.duplicate, product.public_id, now=NOW))
    assert (copy.title, copy.status, copy.handle) == ("Apron (copy)", "draft", "apron-copy")
    assert (copy.lowest, copy.cover, copy.incomplete) == (4200, market.again(product).cover, False)
    assert [(v.sku, v.barcode, v.price) for v in market.variants(copy)] == [("", "", 4200)]


def test_products_join_a_category_once_and_leave_it_again(market: Market) -> None:
    place = market.run(categories.add, "Kitchen").public_id
    one, two = market.product("One", categories=[place]), market.product("Two")
    new = market.run(services.categorise, [one.id, two.id], place, now=NOW)
    assert new == [two.id]
    market.run(services.uncategorise, new, place, now=NOW)
    with market.at():
        assert session().scalars(select(ProductCategory.product_id)).all() == [one.id]


def test_a_platform_has_prices_of_its_own(market: Market) -> None:
    product = market.product(price=1000)
    [variant] = market.variants(product)
    wanted = {
        "east": listings.WantedOffer(True, {variant.public_id: 1250}),
        "west": listings.WantedOffer(False, {variant.public_id: None}),
    }
    market.run(listings.offer, product.public_id, wanted, now=NOW)
    with market.at() as scope:
        prices = {code: api.prices_on(scope, id_, [variant.id]) for code, id_ in market.platforms.items()}
        shown = set(session().scalars(select(Listing.platform_id).where(Listing.published.is_(True))))
    assert prices == {"east": {variant.id: Money(1250, "EUR")}, "west": {variant.id: Money(1000, "EUR")}}
    assert shown == {market.platforms["east"]}


def test_an_offer_made_from_an_old_page_is_refused(market: Market) -> None:
    product = market.product()
    with market.at() as scope:
        old = listings.stamp(listings.offers(scope, product))
    wanted = {"east": listings.WantedOffer(True, {})}
    market.run(listings.offer, product.public_id, wanted, version=old, now=NOW)
    with pytest.raises(Conflict):
        market.run(listings.offer, product.public_id, wanted, version=old, now=NOW)


def test_a_platform_where_the_vendor_is_not_takes_no_offer(market: Market) -> None:
    theirs = market.product(vendor="RIVAL")
    wanted = {"east": listings.WantedOffer(True, {})}
    with pytest.raises(NotFound):
        market.run(listings.offer, theirs.public_id, wanted, now=NOW, vendor="RIVAL")


# -- words ----------------------------------------------------------------------------------------


def test_words_follow_what_a_product_says(market: Market) -> None:
    product = market.product("Old name", sku="OLD-1")
    market.run(services.edit, product.public_id, ProductFacts("New name", handle="n"), now=NOW)
    with market.at():
        assert set(session().scalars(select(Word.word))) == {"new", "name", "n", "old-1", "old", "1"}


def test_making_words_anew_changes_none_of_them(market: Market) -> None:
    made = [market.product("Cup, blue", sku="CUP-1"), market.product("كوب أزرق", sku="CUP-2")]

    def all_words() -> set[tuple[int, str]]:
        with market.at():
            return {tuple(row) for row in session().execute(select(Word.product_id, Word.word))}

    before = all_words()
    with market.at(write=True) as scope:
        refresh(scope, [one.id for one in made])
    assert {word for _id, word in before} >= {"blue", "cup-1", "كوب"}
    assert all_words() == before


# -- for other modules ----------------------------------------------------------------------------


def test_variants_are_found_by_code_first_and_by_words(market: Market) -> None:
    market.product("Blue mug", sku="X-1")
    market.product("Green cup", sku="BLU-7")
    market.product("Blue mug of another", sku="X-1", vendor="RIVAL")
    with market.at() as scope:
        found = {
            text: [one.title for one in api.find_variants(scope, text)] for text in ("blu", "mug bl", "%")
        }
    assert found == {"blu": ["Green cup", "Blue mug"], "mug bl": ["Blue mug"], "%": []}


def test_what_is_archived_is_not_offered_for_sale(market: Market) -> None:
    product = market.product(sku="A-1")
    market.run(services.set_status, [product.id], "archived", now=NOW)
    with market.at() as scope:
        assert api.find_variants(scope, "a-1") == []
        assert api.variants_by_sku(scope, ["A-1"]) == {}
        assert len(api.variants_by_id(scope, [market_variant(market, product)])) == 1


def market_variant(market: Market, product: Product) -> int:
    with market.app.app_context(), entered(market.app.extensions["orion"].command_scope(vendor="SHOP")):
        return session().scalars(select(api.Variant.id).where(api.Variant.product_id == product.id)).one()


def test_a_repeated_sku_means_the_oldest_variant(market: Market) -> None:
    first = market.product("First", sku="Same ")
    market.product("Second", sku="SAME")
    with market.at() as scope:
        found = api.variants_by_sku(scope, ["same", "none"])
    assert {sku: one.product.id for sku, one in found.items()} == {"same": first.id}


# -- the audit log --------------------------------------------------------------------------------


def test_changed_prices_are_one_entry_with_before_and_after(market: Market) -> None:
    product = market.product("Linen apron", sku="A-1")
    [variant] = market.variants(product)
    with market.audited() as kept:
        same = VariantFacts(sku="A-9", price=4200)
        market.run(edit_variants, product.public_id, {variant.public_id: same}, now=NOW)
        assert kept == []
        dearer = VariantFacts(sku="A-9", price=4500, cost=1000)
        market.run(edit_variants, product.public_id, {variant.public_id: dearer}, now=NOW)
    [entry] = kept
    assert (entry.action, entry.subject.kind, entry.subject.key, entry.subject.name) == (
        "catalog.priced",
        "product",
        product.public_id,
        "Linen apron",
    )
    assert entry.before == {"Linen apron": {"price": "42.00 EUR", "cost": None}}
    assert entry.after == {"Linen apron": {"price": "45.00 EUR", "cost": "10.00 EUR"}}


def test_a_price_of_a_platform_stands_in_the_audit_log(market: Market) -> None:
    product = market.product("Linen apron")
    [variant] = market.variants(product)

    def offer(price: int | None) -> None:
        east = listings.WantedOffer(True, {variant.public_id: price})
        market.run(listings.offer, product.public_id, {"east": east}, now=NOW)

    with market.audited() as kept:
        offer(3900)
        offer(3900)
        offer(None)
    first, last = kept
    assert (first.action, first.subject.key) == ("catalog.priced_on_platform", product.public_id)
    assert (first.before, first.after) == (
        {"East": {"Linen apron": "42.00 EUR"}},
        {"East": {"Linen apron": "39.00 EUR"}},
    )
    assert (last.before, last.after) == (first.after, first.before)
