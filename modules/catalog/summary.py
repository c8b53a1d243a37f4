"""What is kept beside a product so that lists and figures need not gather it: its summary and its words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from modules.catalog.models import Image, Option, OptionValue, Product, Translation, Variant, Word
from modules.catalog.originals import count, originals
from orion.contracts.data import insert_rows, session
from orion.contracts.scope import Scope
from orion.contracts.words import words

#: Products in one go: below the limits of IN lists with room to spare.
CHUNK = 500


def refresh(scope: Scope, product_ids: Iterable[int]) -> None:
    """Make summaries and words of products of the scope's one vendor say what their rows say.

    Every service that writes products, variants or images calls this last.
    """
    wanted = sorted(set(product_ids))
    for start in range(0, len(wanted), CHUNK):
        _refresh(scope, wanted[start : start + CHUNK])


def _refresh(scope: Scope, ids: list[int]) -> None:
    writing = session()
    writing.flush()
    variants: dict[int, list[Variant]] = defaultdict(list)
    live = select(Variant).where(Variant.product_id.in_(ids), Variant.retired_at.is_(None))
    for variant in writing.scalars(live):
        variants[variant.product_id].append(variant)
    images: dict[int, list[Image]] = defaultdict(list)
    ordered = select(Image).where(Image.product_id.in_(ids)).order_by(Image.position, Image.id)
    for image in writing.scalars(ordered):
        images[image.product_id].append(image)
    products = writing.scalars(select(Product).where(Product.id.in_(ids))).all()
    for product in products:
        _sum_up(product, variants[product.id], images[product.id][0].key if images[product.id] else "")
    titles = _translations(products, images)
    wanted = {
        one.id: words_of(one.title, one.brand, one.handle, _codes(variants[one.id]), titles[one.id])
        for one in products
    }
    _keep_words(scope, ids, wanted)


def _translations(products: Sequence[Product], images: Mapping[int, Sequence[Image]]) -> dict[int, list[str]]:
    """Count what translations lack; the titles that products have in other languages."""
    titles: dict[int, list[str]] = defaultdict(list)
    by_id = {product.id: product for product in products}
    asked = select(Translation).where(Translation.product_id.in_(by_id)).order_by(Translation.id)
    there = session().scalars(asked).all()
    options = _options({one.product_id for one in there})
    for one in there:
        said = originals(by_id[one.product_id], options[one.product_id], images[one.product_id])
        one.missing, one.outdated = count(said, one.texts)
        titles[one.product_id] += one.texts.get("title", [])[:1]
    return titles


def _options(ids: Collection[int]) -> dict[int, list[tuple[str, list[str]]]]:
    """Product row id → its options with their values."""
    found: dict[int, list[tuple[str, list[str]]]] = defaultdict(list)
    if not ids:
        return found
    values: dict[int, list[str]] = {}
    named = select(Option.id, Option.product_id, Option.name).where(Option.product_id.in_(ids))
    for option_id, product_id, name in session().execute(named.order_by(Option.position)):
        found[product_id].append((name, values.setdefault(option_id, [])))
    valued = select(OptionValue.option_id, OptionValue.text).where(OptionValue.option_id.in_(values))
    for option_id, text in session().execute(valued.order_by(OptionValue.position)):
        values[option_id].append(text)
    return found


def _sum_up(product: Product, variants: Sequence[Variant], cover: str) -> None:
    for name, value in summed_up([variant.price for variant in variants], cover).items():
        setattr(product, name, value)


def summed_up(prices: Sequence[int | None], cover: str = "") -> dict[str, Any]:
    """A product's columns that sum it up: of the price of each live variant, and the key of its first
    image."""
    told = [price for price in prices if price is not None]
    return {
        "variants": len(prices),
        "lowest": min(told, default=-1),
        "highest": max(told, default=-1),
        "cover": cover,
        "incomplete": not cover or not prices or len(told) < len(prices),
    }


def keep_words(scope: Scope, wanted: Mapping[int, set[str]]) -> None:
    """Keep words of products (row ids) that are not kept yet."""
    rows = [{"product_id": id_, "word": word} for id_, words_ in wanted.items() for word in sorted(words_)]
    insert_rows(scope, Word, rows)


def words_of(
    title: str, brand: str, handle: str, codes: Iterable[str], titles: Iterable[str] = ()
) -> set[str]:
    """What a product is found by: the codes are those of its live variants, the titles those in other
    languages."""
    return words([title, brand, handle, *codes, *titles])


def _codes(variants: Sequence[Variant]) -> list[str]:
    return [text for variant in variants for text in (variant.sku, variant.barcode)]


def _keep_words(scope: Scope, ids: list[int], wanted: dict[int, set[str]]) -> None:
    there: dict[int, set[str]] = defaultdict(set)
    for product_id, word in session().execute(
        select(Word.product_id, Word.word).where(Word.product_id.in_(ids))
    ):
        there[product_id].add(word)
    for product_id in ids:
        gone = there[product_id] - wanted.get(product_id, set())
        if gone:
            session().execute(delete(Word).where(Word.product_id == product_id, Word.word.in_(gone)))
    keep_words(scope, {product_id: words_ - there[product_id] for product_id, words_ in wanted.items()})
