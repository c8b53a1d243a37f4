"""Products for the sample shops: with variants, in categories, on platforms, and with drawn pictures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from modules.catalog import categories, images, translating
from modules.catalog.drawing import drawn
from modules.catalog.grid import edit_variants
from modules.catalog.listings import publish
from modules.catalog.models import Category, Product, Variant
from modules.catalog.options import WantedOption, set_options
from modules.catalog.sample_texts import PLACES, SAID, WORDS
from modules.catalog.samples import ASSORTMENTS, BRANDS, Good
from modules.catalog.services import ProductFacts, VariantFacts, create, set_status
from modules.tenancy.api import vendor_codes
from orion.contracts.data import entered, session
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.contracts.seed import SeedContext
from orion.contracts.texts import translated_into

#: Shops beyond these many have nothing to sell: where there are hundreds, it is trade that matters.
MOST_SHOPS = 12
GROUNDS = ((228, 222, 214), (216, 222, 224), (230, 220, 216), (222, 226, 216))
#: What a product is larger by, from value to value.
SIZES = ("Height", "Höhe", "Content")
#: Each dearer than the one before by such a part of the price.
DEARER = Decimal("0.15")


@dataclass(slots=True)
class Shop:
    """One vendor while its products are made."""

    scope: Scope
    context: SeedContext
    places: dict[tuple[str, ...], Category]


def seed(context: SeedContext) -> None:
    """A transaction a vendor; a vendor that has any product is left as it is."""
    for code in vendor_codes(context.scope())[:MOST_SHOPS]:
        scope = context.scope(vendor=code)
        with entered(scope, write=True) as writing:
            if writing.scalar(select(Product.id).limit(1)) is None:
                _fill(Shop(scope, context, {}), next(part for part in ASSORTMENTS if part in code))
                writing.commit()


def _fill(shop: Shop, part: str) -> None:
    made = [_product(shop, good, number, BRANDS[part]) for number, good in enumerate(ASSORTMENTS[part], 1)]
    for status in ("active", "archived"):
        ids = [one.id for one, good in zip(made, ASSORTMENTS[part], strict=True) if good.status == status]
        set_status(shop.scope, ids, status, now=shop.context.now)
        for platform_id in _platforms(shop.scope) if status == "active" else ():
            publish(shop.scope, ids, platform_id)


def _platforms(scope: Scope) -> Sequence[int]:
    return sorted(scope.platforms) if isinstance(scope.platforms, frozenset) else ()


def _product(shop: Shop, good: Good, number: int, brand: str) -> Product:
    now, scope = shop.context.now, shop.scope
    facts = ProductFacts(
        title=good.title,
        description=good.text,
        brand=brand,
        type=good.type,
        tags=good.tags,
        categories=[_place(shop, tuple(good.category)).public_id],
        tax_class="super_reduced" if good.type == "Book" else "standard",
    )
    sku = f"P-{number:03}"
    product = create(scope, facts, _facts(shop, good, number, sku), now=now)
    if good.options:
        wanted = [WantedOption(name, values) for name, values in good.options]
        set_options(scope, product.public_id, wanted, now=now)
        _codes(shop, product, good, number, sku)
    if good.shape:
        ground = GROUNDS[number % len(GROUNDS)]
        upload = io.BytesIO(drawn(good.shape, good.colour, ground, good.title))
        [image] = images.add(scope, product.public_id, [upload], now=now)
        image.alt = good.title
    for language in translated_into(scope):
        _say(shop, product, language)
    return product


def _say(shop: Shop, product: Product, language: str) -> None:
    """What a product says in another language, where somebody has translated it."""
    if language in SAID.get(product.title, {}):
        title, text, type_ = SAID[product.title][language]
        words = WORDS.get(language, {})
        said = {"title": title, "description": text, "type": type_}
        for one in translating.originals_of(shop.scope, product):
            kind, _colon, _name = one.key.partition(":")
            if kind == "alt":
                said[one.key] = title
            elif kind in ("option", "value"):
                said[one.key] = words.get(one.text, "")
        translating.translate(shop.scope, product.public_id, language, said, now=shop.context.now)


def _place(shop: Shop, path: tuple[str, ...]) -> Category:
    """The category at the end of a path, which is made as far as it isn't there."""
    if path not in shop.places:
        above = _place(shop, path[:-1]).public_id if len(path) > 1 else ""
        made = categories.add(shop.scope, path[-1], above)
        names = PLACES.get(path[-1], {})
        shop.places[path] = categories.change(shop.scope, made.public_id, path[-1], above, names)
    return shop.places[path]


def _facts(shop: Shop, good: Good, number: int, sku: str, nth: int = 0) -> VariantFacts:
    """The facts of the nth variant; it costs more where it is larger."""
    place = nth % len(good.options[-1][1]) if good.options else 0
    price = None
    if good.price:
        larger = place if good.options and good.options[-1][0] in SIZES else 0
        amount = (Decimal(good.price) * (1 + DEARER * larger)).quantize(Decimal("0.1"))
        price = Money.of(amount, shop.scope.currency).minor
    return VariantFacts(
        sku=sku,
        barcode=_gtin(f"400{shop.scope.vendor.id % 1000:03}{number:03}{nth:03}") if shop.scope.vendor else "",
        price=price,
        cost=price * 11 // 20 if price else None,
        weight=120 + 40 * (number % 9),
    )


def _codes(shop: Shop, product: Product, good: Good, number: int, sku: str) -> None:
    """The first variant keeps the plain code; the others add their place to it."""
    live = select(Variant).where(Variant.product_id == product.id).order_by(Variant.position)
    wanted = {
        variant.public_id: _facts(shop, good, number, sku if n == 0 else f"{sku}-{n + 1:02}", n)
        for n, variant in enumerate(session().scalars(live))
    }
    edit_variants(shop.scope, product.public_id, wanted, now=shop.context.now)


def _gtin(digits: str) -> str:
    """Twelve digits with the check digit of a GTIN-13."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
