"""Products in several languages: what is said, what is missing or out of date, and who finds it."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from modules.catalog import categories, copying, images, options, queries, services, translating
from modules.catalog.api import name_source
from modules.catalog.models import Product, Translation
from modules.catalog.options import WantedOption
from modules.catalog.services import ProductFacts
from modules.catalog.tests.conftest import NOW, Market, picture
from modules.catalog.tests.test_pages import HOME, listed, send
from modules.tenancy.api import Vendor
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.naming import Named
from orion.contracts.texts import stamp_of

pytestmark = pytest.mark.by_turns
COLOURS = [WantedOption("Colour", ("Red", "Blue"))]


@pytest.fixture
def spoken(market: Market) -> Market:
    """SHOP writes in English, and translates into French and German."""
    with market.at(write=True):
        session().scalars(select(Vendor)).one().languages = ["fr", "de"]
    return market


@pytest.fixture
def apron(spoken: Market) -> Product:
    """An apron with a description, in red and blue."""
    made = spoken.product("Linen apron", description="With two pockets.", sku="A-1", status="active")
    spoken.run(options.set_options, made.public_id, COLOURS, now=NOW)
    return made


def say(market: Market, product: Product, language: str = "fr", **more: Any) -> Any:
    """Translate the title and the options of the apron."""
    said = {"title": "Tablier en lin", "option:Colour": "Couleur", "value:Red": "Rouge"}
    return market.run(translating.translate, product.public_id, language, {**said, **more}, now=NOW)


def stands(market: Market, product: Product, language: str = "fr") -> tuple[int, int] | None:
    """How many texts are missing in a language, and how many out of date."""
    with market.at() as scope:
        return queries.lacking(scope, market.again(product)).get(language)


def test_what_is_not_translated_is_counted(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    assert stands(spoken, apron) == (2, 0)
    say(spoken, apron, description="Avec deux poches.", **{"value:Blue": "Bleu"})
    assert stands(spoken, apron) == (0, 0)


def test_a_translation_is_out_of_date_once_its_original_changes(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    spoken.run(services.edit, apron.public_id, ProductFacts("Long linen apron"), now=NOW)
    assert stands(spoken, apron) == (1, 1)


def test_looking_at_a_translation_makes_it_right_again(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    spoken.run(services.edit, apron.public_id, ProductFacts("Linen  Apron"), now=NOW)
    again = (translating.translate, apron.public_id, "fr", {"title": "Tablier en lin"})
    spoken.run(*again, now=NOW)
    assert stands(spoken, apron) == (1, 1)
    spoken.run(*again, right=["title"], now=NOW)
    assert stands(spoken, apron) == (1, 0)


def test_an_emptied_translation_is_none(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    say(spoken, apron, title="", **{"option:Colour": " ", "value:Red": ""})
    assert stands(spoken, apron) is None


def test_a_renamed_value_keeps_its_translation_which_is_out_of_date(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    renamed = [WantedOption("Colour", ("Crimson", "Blue"), was=1, renamed={"Red": "Crimson"})]
    spoken.run(options.set_options, apron.public_id, renamed, now=NOW)
    with spoken.at() as scope:
        texts = queries.translations(scope, spoken.again(apron))["fr"]
    assert texts["value:Crimson"][0] == "Rouge"
    assert stands(spoken, apron) == (2, 1)


def test_values_without_a_letter_need_no_translation(spoken: Market, apron: Product) -> None:
    sizes = [WantedOption("Size", ("38", "40 × 50", "41 cm"))]
    spoken.run(options.set_options, apron.public_id, sizes, now=NOW)
    with spoken.at() as scope:
        keys = [one.key for one in translating.originals_of(scope, spoken.again(apron))]
    assert keys == ["title", "description", "option:Size", "value:41 cm"]


def test_what_an_image_shows_can_be_translated(spoken: Market, apron: Product) -> None:
    [image] = spoken.run(images.add, apron.public_id, [picture()], now=NOW)
    spoken.run(images.describe, apron.public_id, {image.public_id: "On a hook"}, now=NOW)
    say(spoken, apron)
    assert stands(spoken, apron) == (3, 0)
    say(spoken, apron, **{f"alt:{image.key}": "Au crochet"})
    assert stands(spoken, apron) == (2, 0)


def test_a_copy_has_the_translations_too(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    copy = spoken.run(copying.duplicate, apron.public_id, now=NOW)
    assert stands(spoken, copy) == (2, 1)


@pytest.mark.parametrize("language", ["it", "en", "", "x" * 99])
def test_there_are_no_texts_in_languages_that_the_vendor_did_not_choose(
    spoken: Market, apron: Product, language: str
) -> None:
    with pytest.raises(NotFound):
        say(spoken, apron, language)


def test_another_vendors_product_is_not_translated(spoken: Market, apron: Product) -> None:
    with spoken.at("RIVAL", write=True):
        session().scalars(select(Vendor)).one().languages = ["fr"]
    with pytest.raises(NotFound):
        spoken.run(translating.translate, apron.public_id, "fr", {"title": "x"}, now=NOW, vendor="RIVAL")


def test_a_long_translation_is_refused_at_its_text(spoken: Market, apron: Product) -> None:
    with pytest.raises(Invalid) as refused:
        say(spoken, apron, title="x" * 201)
    assert set(refused.value.errors) == {"title"}


def test_translations_go_with_their_product(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    with spoken.at(write=True):
        session().delete(session().scalars(select(Product)).one())
    with spoken.at(None):
        assert session().scalars(select(Translation)).all() == []


def test_a_product_is_found_by_its_name_in_another_language(
    spoken: Market, apron: Product, owner: Any
) -> None:
    assert listed(owner, q="tablier") == []
    say(spoken, apron)
    assert listed(owner, q="tablier") == ["Linen apron"]


def test_the_list_finds_what_is_missing_and_what_is_out_of_date(
    spoken: Market, apron: Product, owner: Any
) -> None:
    spoken.product("Mug")
    say(spoken, apron, description="Avec deux poches.", **{"value:Blue": "Bleu"})
    assert listed(owner, translation="missing-fr") == ["Mug"]
    assert listed(owner, translation="missing-de") == ["Linen apron", "Mug"]
    assert listed(owner, translation="outdated-fr") == []
    spoken.run(services.edit, apron.public_id, ProductFacts("Long apron"), now=NOW)
    assert listed(owner, translation="outdated-fr") == ["Long apron"]


# -- categories -----------------------------------------------------------------------------------


def test_a_category_has_a_name_in_each_language(spoken: Market, owner: Any) -> None:
    made = spoken.run(categories.add, "Kitchen").public_id
    place = f"/vendor/SHOP/categories/{made}"
    send(owner, place, **{"name-fr": "Cuisine"})
    page = owner.get(place).text
    assert 'value="Cuisine"' in page and "The name has changed since" not in page
    send(owner, place, name="Kitchens")
    page = owner.get(place).text
    assert 'value="Cuisine"' in page and "The name has changed since" in page
    send(owner, place)
    assert "The name has changed since" not in owner.get(place).text


def test_a_category_that_moves_keeps_its_names(spoken: Market) -> None:
    top, below = spoken.run(categories.add, "Home"), spoken.run(categories.add, "Kitchen")
    spoken.run(categories.change, below.public_id, "Kitchen", "", {"fr": "Cuisine"})
    spoken.run(categories.change, below.public_id, "Kitchens", top.public_id)
    with spoken.at() as scope:
        [found] = [one for one in queries.categories(scope) if one.name == "Kitchens"]
    assert found.names["fr"] == ["Cuisine", stamp_of("Kitchen")]


# -- the page -------------------------------------------------------------------------------------


def at(product: Product, language: str = "fr") -> str:
    return f"{HOME}/{product.public_id}/edit?translation={language}"


def test_a_product_is_translated_beside_its_original(spoken: Market, apron: Product, owner: Any) -> None:
    page = owner.get(at(apron)).text
    assert '<q lang="en" dir="ltr">Linen apron</q>' in page
    assert re.search(r'<input[^>]*lang="fr"[^>]*name="title"|<input[^>]*name="title"[^>]*lang="fr"', page)
    saved = send(owner, at(apron), title="Tablier en lin", description="Avec deux poches.")
    assert "Translation saved." in saved.text
    assert "2 missing" not in saved.text and "3 missing" in saved.text


def test_saving_a_translation_can_be_undone(spoken: Market, apron: Product, owner: Any) -> None:
    say(spoken, apron)
    saved = send(owner, at(apron), title="Autre chose", description="Nouveau")
    assert 'value="Autre chose"' in saved.text
    undo = re.search(r'action="([^"]*/undo/[^"]*)"', saved.text)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', saved.text)
    assert undo and token
    owner.post(undo[1], data={"csrf_token": token[1]})
    assert 'value="Tablier en lin"' in owner.get(at(apron)).text
    assert stands(spoken, apron) == (2, 0)


def test_a_translation_that_somebody_else_has_changed_is_shown_beside_ones_own(
    spoken: Market, apron: Product, owner: Any
) -> None:
    page = owner.get(at(apron)).text
    version = re.search(r'<input[^>]*name="version"[^>]*value="(\d+)"', page)
    assert version
    say(spoken, apron)
    late = send(owner, at(apron), title="Tablier", version=version[1])
    assert late.status_code == 409
    assert "Tablier en lin" in late.text and 'value="Tablier"' in late.text


def test_a_translation_of_an_original_that_changed_meanwhile_is_refused(
    spoken: Market, apron: Product
) -> None:
    with spoken.at() as scope:
        version = translating.stamp(translating.originals_of(scope, apron), {})
    spoken.run(services.edit, apron.public_id, ProductFacts("Long apron"), now=NOW)
    with pytest.raises(Conflict):
        spoken.run(translating.translate, apron.public_id, "fr", {"title": "x"}, version=version, now=NOW)


def test_what_another_product_says_of_the_same_words_is_proposed(
    spoken: Market, apron: Product, owner: Any
) -> None:
    say(spoken, apron)
    shirt = spoken.product("Shirt")
    spoken.run(options.set_options, shirt.public_id, COLOURS, now=NOW)
    page = owner.get(at(shirt)).text
    assert 'value="Couleur"' in page and 'value="Rouge"' in page and "As in another product" in page
    assert stands(spoken, shirt) is None


def test_the_page_asks_whether_what_is_out_of_date_is_right_still(
    spoken: Market, apron: Product, owner: Any
) -> None:
    say(spoken, apron)
    assert "It is still right" not in owner.get(at(apron)).text
    spoken.run(services.edit, apron.public_id, ProductFacts("Long apron"), now=NOW)
    page = owner.get(at(apron)).text
    assert "Out of date" in page and "It is still right" in page
    send(owner, at(apron), **{"right-title": "yes"})
    assert stands(spoken, apron) == (1, 0)


def test_a_language_that_was_not_chosen_has_no_page(spoken: Market, apron: Product, owner: Any) -> None:
    assert owner.get(at(apron, "it")).status_code == 404
    assert owner.get(at(apron, "en")).status_code == 404


def test_without_languages_nothing_is_said_of_them(market: Market, owner: Any) -> None:
    apron = market.product("Apron")
    page = owner.get(f"{HOME}/{apron.public_id}")
    assert "Languages" not in page.text and "translation=" not in page.text


def test_a_products_page_says_how_its_languages_stand(spoken: Market, apron: Product, owner: Any) -> None:
    say(spoken, apron)
    page = owner.get(f"{HOME}/{apron.public_id}").text
    assert re.search(r'<span lang="fr">Français</span></a>: 2 missing', page)
    assert re.search(r'<span lang="de">Deutsch</span></a>: Not translated', page)


# -- read by others -------------------------------------------------------------------------------


def test_a_variant_is_named_in_the_wished_language_or_a_wider_one(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    with spoken.at() as scope:
        found = name_source.names(scope, ["A-1", "nothing"], "fr-CA")
    assert found == {"A-1": Named("Linen apron – Red", "Tablier en lin – Rouge", "fr")}


def test_what_is_not_translated_has_no_name_there(spoken: Market, apron: Product) -> None:
    say(spoken, apron)
    with spoken.at() as scope:
        assert name_source.names(scope, ["A-1"], "de") == name_source.names(scope, ["A-1"], "en-GB") == {}
