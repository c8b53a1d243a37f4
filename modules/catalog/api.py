"""What other modules may ask of the catalog; tenancy's names are handed on, as products have vendors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select

from modules.catalog import elsewhere
from modules.catalog.destination import PRODUCTS
from modules.catalog.gtins import is_gtin
from modules.catalog.images import WIDTHS
from modules.catalog.locating import Reference, locate, reference_of
from modules.catalog.models import ListingPrice, Product, Translation, Variant, Word
from modules.catalog.originals import Texts, pick
from modules.catalog.services import ProductFacts, VariantFacts, create
from modules.catalog.shown import shown_on
from modules.catalog.stored import Stored
from modules.catalog.translating import translate
from modules.tenancy.api import Platform, Vendor, sold_on, vendor_codes
from orion.contracts.data import session
from orion.contracts.models import normalise
from orion.contracts.money import Money
from orion.contracts.naming import Named
from orion.contracts.scope import Scope
from orion.contracts.texts import fallbacks, own_language
from orion.contracts.words import LAST_CHARACTER, found_by, terms

__all__ = [
    "PRODUCTS",
    "WIDTHS",
    "Found",
    "Platform",
    "Product",
    "ProductFacts",
    "Reference",
    "Stored",
    "Translation",
    "Variant",
    "VariantFacts",
    "Vendor",
    "Word",
    "create",
    "elsewhere",
    "find_variants",
    "is_gtin",
    "locate",
    "name_source",
    "of_variant",
    "prices_on",
    "reference_of",
    "shown_on",
    "sold_on",
    "translate",
    "variants_by_id",
    "variants_by_sku",
    "vendor_codes",
]

#: A variant's product, as a condition for joins.
of_variant = and_(Product.vendor_id == Variant.vendor_id, Product.id == Variant.product_id)


@dataclass(frozen=True, slots=True)
class Found:
    """A variant with its product. `title` names both: `Linen apron – Sage / S/M`."""

    variant: Variant
    product: Product

    @property
    def title(self) -> str:
        """What an order line or a stock list calls it."""
        return f"{self.product.title} – {self.variant.title}" if self.variant.title else self.product.title

    @property
    def price(self) -> Money | None:
        """The usual price, None where there is none yet."""
        return None if self.variant.price is None else Money(self.variant.price, self.product.currency)


def find_variants(scope: Scope, text: str, limit: int = 20) -> Sequence[Found]:
    """Variants that may be sold, whose SKU or barcode begins with the text, or whose product has for each
    word of it a word that begins so. Codes that fit come first."""
    if not terms(text):
        return ()
    start = normalise(text)
    codes = or_(
        *((c >= start) & (c < start + LAST_CHARACTER) for c in (Variant.sku_norm, Variant.barcode_norm))
    )
    on_sale = _on_sale().order_by(Product.title_norm, Variant.position, Variant.id).limit(limit)
    first = _all(on_sale.where(codes))
    rest = _all(on_sale.where(found_by(Word, Product.id, terms(text)))) if len(first) < limit else ()
    known = {one.variant.id for one in first}
    return [*first, *(one for one in rest if one.variant.id not in known)][:limit]


def variants_by_id(scope: Scope, ids: Iterable[int]) -> Mapping[int, Found]:
    """Row id → variant, retired ones and those of archived products too; unknown ids are left out."""
    statement = select(Variant, Product).join(Product, of_variant).where(Variant.id.in_(set(ids)))
    return {one.variant.id: one for one in _all(statement)}


def variants_by_sku(scope: Scope, skus: Iterable[str]) -> Mapping[str, Found]:
    """SKU (as given) → the variant on sale that has it, the oldest where there are several."""
    wanted = {sku: normalise(sku) for sku in skus if normalise(sku)}
    statement = _on_sale().where(Variant.sku_norm.in_(set(wanted.values()))).order_by(Variant.id.desc())
    found = {one.variant.sku_norm: one for one in _all(statement)}
    return {sku: found[norm] for sku, norm in wanted.items() if norm in found}


class Names:
    """Answers NameSource."""

    def names(self, scope: Scope, skus: Iterable[str], language: str) -> Mapping[str, Named]:
        """See NameSource."""
        wishes = fallbacks(language)
        if own_language(scope) in wishes:
            return {}
        found = variants_by_sku(scope, skus)
        asked = select(Translation.product_id, Translation.language, Translation.texts).where(
            Translation.product_id.in_({one.product.id for one in found.values()}),
            Translation.language.in_(wishes),
        )
        texts: dict[int, dict[str, Texts]] = defaultdict(dict)
        for product_id, tag, said in session().execute(asked) if found else ():
            texts[product_id][tag] = said
        named = {sku: _named(one, texts[one.product.id], language) for sku, one in found.items()}
        return {sku: one for sku, one in named.items() if one is not None}


name_source = Names()


def _named(found: Found, there: Mapping[str, Texts], language: str) -> Named | None:
    """A variant's name in a language, None where its product has no title there."""
    title = pick(there, language, "title")
    if title is None:
        return None
    values = [pick(there, language, f"value:{text}") or (text, "") for text in found.variant.values if text]
    options = " / ".join(text for text, _language in values)
    return Named(found.title, f"{title[0]} – {options}" if options else title[0], title[1])


def prices_on(scope: Scope, platform_id: int, variant_ids: Iterable[int]) -> Mapping[int, Money]:
    """Variant row id → its price on a platform: its own there, else the usual one, if it has any."""
    wanted = set(variant_ids)
    own = select(ListingPrice.variant_id, ListingPrice.price).where(
        ListingPrice.platform_id == platform_id, ListingPrice.variant_id.in_(wanted)
    )
    there = {variant_id: minor for variant_id, minor in session().execute(own)}
    found = {}
    for id_, one in variants_by_id(scope, wanted).items():
        amount = there.get(id_, one.variant.price)
        if amount is not None:
            found[id_] = Money(amount, one.product.currency)
    return found


def _on_sale() -> Select[tuple[Variant, Product]]:
    return (
        select(Variant, Product)
        .join(Product, of_variant)
        .where(Variant.retired_at.is_(None), Product.status != "archived")
    )


def _all(statement: Select[tuple[Variant, Product]]) -> list[Found]:
    return [Found(variant, product) for variant, product in session().execute(statement)]
