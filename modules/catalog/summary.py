"""What is kept beside a product so that lists and figures need not gather it: its summary and its words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select

from modules.catalog.models import Image, Product, Variant, Word
from modules.catalog.words import words
from orion.contracts.data import insert_rows, session
from orion.contracts.scope import Scope

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
    covers: dict[int, str] = {}
    ordered = select(Image).where(Image.product_id.in_(ids)).order_by(Image.position, Image.id)
    for image in writing.scalars(ordered):
        covers.setdefault(image.product_id, image.key)
    products = writing.scalars(select(Product).where(Product.id.in_(ids))).all()
    for product in products:
        _sum_up(product, variants[product.id], covers.get(product.id, ""))
    _keep_words(scope, ids, {product.id: _words(product, variants[product.id]) for product in products})


def _sum_up(product: Product, variants: Sequence[Variant], cover: str) -> None:
    prices = [variant.price for variant in variants if variant.price is not None]
    product.variants = len(variants)
    product.lowest, product.highest = min(prices, default=-1), max(prices, default=-1)
    product.cover = cover
    product.incomplete = not cover or not variants or len(prices) < len(variants)


def _words(product: Product, variants: Sequence[Variant]) -> set[str]:
    codes = [text for variant in variants for text in (variant.sku, variant.barcode)]
    return words([product.title, product.brand, product.handle, *codes])


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
    new = [
        {"product_id": product_id, "word": word}
        for product_id, words_ in wanted.items()
        for word in sorted(words_ - there[product_id])
    ]
    insert_rows(scope, Word, new)
