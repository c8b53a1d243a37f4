"""Reads: the lists, one product's page, and conditions that lists and metrics share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from modules.catalog.models import (
    Category,
    Image,
    Listing,
    ListingPrice,
    Option,
    OptionValue,
    Product,
    ProductCategory,
    Tag,
    Translation,
    Variant,
)
from modules.catalog.originals import Texts
from modules.tenancy.api import Platform, Vendor
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.scope import Scope
from orion.contracts.words import LAST_CHARACTER

#: Options of one filter.
MOST_OFFERED = 500


def products(scope: Scope) -> Select[tuple[Product]]:
    """All products of the scope."""
    return select(Product)


def products_and_vendors(scope: Scope) -> Select[tuple[Product, Vendor]]:
    """All products of the scope, each with its vendor."""
    return select(Product, Vendor).join(Vendor, Vendor.id == Product.vendor_id)


# -- conditions on Product ------------------------------------------------------------------------


def current() -> ColumnElement[bool]:
    """Not archived."""
    return Product.status != "archived"


def incomplete() -> ColumnElement[bool]:
    """A price or an image is missing."""
    return Product.incomplete.is_(True)


def under(category: str) -> ColumnElement[bool]:
    """In the category with this public id, or in one below it."""
    top = aliased(Category)
    below = and_(Category.path >= top.path, Category.path < top.path + LAST_CHARACTER)
    found = (
        select(ProductCategory.product_id)
        .join(
            Category,
            and_(Category.vendor_id == ProductCategory.vendor_id, Category.id == ProductCategory.category_id),
        )
        .join(top, and_(top.vendor_id == Category.vendor_id, below))
        .where(top.public_id == category)
    )
    return Product.id.in_(found)


def tagged(tag: str) -> ColumnElement[bool]:
    """Marked with a tag, given in its normalised form."""
    return Product.id.in_(select(Tag.product_id).where(Tag.text_norm == tag))


def published_on(platform: str) -> ColumnElement[bool]:
    """Shown on the platform with this code."""
    found = (
        select(Listing.product_id)
        .join(Platform, Platform.id == Listing.platform_id)
        .where(Platform.code == platform, Listing.published.is_(True))
    )
    return Product.id.in_(found)


def with_repeated_sku() -> ColumnElement[bool]:
    """With a variant whose SKU another variant of the same vendor has too."""
    other = aliased(Variant)
    same = and_(
        other.vendor_id == Variant.vendor_id,
        other.sku_norm == Variant.sku_norm,
        other.id != Variant.id,
        other.retired_at.is_(None),
    )
    found = select(Variant.product_id).join(other, same)
    return Product.id.in_(found.where(Variant.sku_norm != "", Variant.retired_at.is_(None)))


def untranslated(language: str) -> ColumnElement[bool]:
    """Something of it is not translated into a language."""
    whole = select(Translation.product_id).where(Translation.language == language, Translation.missing == 0)
    return Product.id.not_in(whole)


def outdated(language: str) -> ColumnElement[bool]:
    """Something of it has changed since it was translated into a language."""
    old = select(Translation.product_id).where(Translation.language == language, Translation.outdated > 0)
    return Product.id.in_(old)


def of_vendor(code: str) -> ColumnElement[bool]:
    """Sold by the vendor with this code."""
    return Product.vendor_id == select(Vendor.id).where(Vendor.code == code).scalar_subquery()


# -- what filters offer ---------------------------------------------------------------------------


def vendors(scope: Scope, limit: int) -> Sequence[Vendor]:
    """The vendors of the scope by name."""
    return session().scalars(select(Vendor).order_by(Vendor.name_norm).limit(limit)).all()


def offered(scope: Scope) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What filters offer, in one statement: category, platform, tag and type → (value, as people read it)."""
    parts = {
        "category": select(Category.public_id, Category.name, Category.path),
        "platform": select(Platform.code, Platform.name, Platform.name_norm),
        "tag": select(Tag.text_norm, Tag.text, Tag.text_norm).distinct(),
        "type": select(Product.type_norm, Product.type, Product.type_norm)
        .where(Product.type_norm != "")
        .distinct(),
    }
    each = [select(literal(name), *part.limit(MOST_OFFERED).subquery(name).c) for name, part in parts.items()]
    found: dict[str, list[tuple[str, str, str]]] = {name: [] for name in parts}
    for name, value, text, order in session().execute(union_all(*each)):
        found[name].append((order, value, _indented(text, order) if name == "category" else text))
    return {
        name: list(dict((value, text) for _order, value, text in sorted(rows)).items())
        for name, rows in found.items()
    }


def _indented(name: str, path: str) -> str:
    """As deep as it stands in the tree."""
    return "\N{EM SPACE}" * (path.count("/") - 1) + name


def categories(scope: Scope) -> Sequence[Category]:
    """The tree, each category followed by those below it."""
    return session().scalars(select(Category).order_by(Category.path)).all()


# -- one product ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on one platform; `prices` maps a variant's row id to its own price there."""

    platform: Platform
    published: bool
    prices: dict[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A product, whose it is, its tags, the names of its categories in the order of the tree, and of each
    language in which it says something how many texts are missing and how many are out of date."""

    product: Product
    vendor: Vendor
    tags: Sequence[str]
    categories: Sequence[str]
    translations: Mapping[str, tuple[int, int]]


def product(scope: Scope, public_id: str) -> Product:
    """One product. Raises NotFound."""
    found = session().scalar(select(Product).where(Product.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def shown(scope: Scope, public_id: str) -> Shown:
    """One product with what its page says beside it, in one statement. Raises NotFound."""
    tags = (
        select(Product.id.label("product_id"), literal("tag").label("kind"))
        .add_columns(Tag.text.label("text"), Tag.text_norm.label("place"))
        .join(Tag, and_(Tag.vendor_id == Product.vendor_id, Tag.product_id == Product.id))
        .where(Product.public_id == public_id)
    )
    stands = and_(ProductCategory.vendor_id == Product.vendor_id, ProductCategory.product_id == Product.id)
    same = and_(Category.vendor_id == ProductCategory.vendor_id, Category.id == ProductCategory.category_id)
    categories = (
        select(Product.id, literal("category"))
        .add_columns(Category.name, Category.path)
        .join(ProductCategory, stands)
        .join(Category, same)
        .where(Product.public_id == public_id)
    )
    lacking = cast(Translation.missing, String) + "/" + cast(Translation.outdated, String)
    translations = (
        select(Product.id, literal("translation"))
        .add_columns(Translation.language, lacking)
        .join(
            Translation,
            and_(Translation.vendor_id == Product.vendor_id, Translation.product_id == Product.id),
        )
        .where(Product.public_id == public_id)
    )
    marks = union_all(tags, categories, translations).subquery("marks")
    statement = (
        select(Product, Vendor, marks.c.kind, marks.c.text, marks.c.place)
        .join(Vendor, Vendor.id == Product.vendor_id)
        .outerjoin(marks, marks.c.product_id == Product.id)
        .where(Product.public_id == public_id)
    )
    rows = session().execute(statement).all()
    if not rows:
        raise NotFound()
    texts = {
        kind: [row.text for row in sorted(rows, key=lambda row: str(row.place)) if row.kind == kind]
        for kind in ("tag", "category")
    }
    found = {row.text: row.place.split("/") for row in rows if row.kind == "translation"}
    counts = {language: (int(missing), int(old)) for language, (missing, old) in found.items()}
    return Shown(rows[0].Product, rows[0].Vendor, texts["tag"], texts["category"], counts)


def variants(scope: Scope, product: Product) -> Sequence[Variant]:
    """The variants on sale in their order."""
    statement = select(Variant).where(
        Variant.vendor_id == product.vendor_id,
        Variant.product_id == product.id,
        Variant.retired_at.is_(None),
    )
    return session().scalars(statement.order_by(Variant.position, Variant.id)).all()


def options(scope: Scope, product: Product) -> list[tuple[Option, list[OptionValue]]]:
    """The options of a product in their order, each with its values."""
    of_option = and_(OptionValue.vendor_id == Option.vendor_id, OptionValue.option_id == Option.id)
    statement = (
        select(Option, OptionValue)
        .outerjoin(OptionValue, of_option)
        .where(Option.vendor_id == product.vendor_id, Option.product_id == product.id)
        .order_by(Option.position, OptionValue.position)
    )
    found: dict[int, tuple[Option, list[OptionValue]]] = {}
    for option, value in session().execute(statement):
        found.setdefault(option.id, (option, []))[1].extend([value] if value else [])
    return list(found.values())


def images(scope: Scope, product: Product) -> Sequence[Image]:
    """The pictures of a product in their order."""
    statement = select(Image).where(Image.vendor_id == product.vendor_id, Image.product_id == product.id)
    return session().scalars(statement.order_by(Image.position, Image.id)).all()


def translations(scope: Scope, product: Product) -> dict[str, Texts]:
    """What a product says in other languages, by language."""
    mine = select(Translation.language, Translation.texts).where(
        Translation.vendor_id == product.vendor_id, Translation.product_id == product.id
    )
    return {language: texts for language, texts in session().execute(mine.order_by(Translation.language))}


def lacking(scope: Scope, product: Product) -> dict[str, tuple[int, int]]:
    """Of each language in which a product says something: how many texts are missing, and out of date."""
    mine = select(Translation.language, Translation.missing, Translation.outdated).where(
        Translation.vendor_id == product.vendor_id, Translation.product_id == product.id
    )
    return {language: (missing, old) for language, missing, old in session().execute(mine)}


def image(scope: Scope, key: str) -> Image:
    """A picture by the key of its files. Raises NotFound."""
    found = session().scalar(select(Image).where(Image.key == key).limit(1))
    if found is None:
        raise NotFound()
    return found


def categories_of(scope: Scope, product: Product) -> Sequence[Category]:
    """The categories in which a product stands, in the order of the tree."""
    statement = (
        select(Category)
        .join(
            ProductCategory,
            and_(ProductCategory.vendor_id == Category.vendor_id, ProductCategory.category_id == Category.id),
        )
        .where(ProductCategory.vendor_id == product.vendor_id, ProductCategory.product_id == product.id)
    )
    return session().scalars(statement.order_by(Category.path)).all()


def tags_of(scope: Scope, product: Product) -> Sequence[str]:
    """The tags of a product."""
    statement = select(Tag.text).where(Tag.vendor_id == product.vendor_id, Tag.product_id == product.id)
    return session().scalars(statement.order_by(Tag.text_norm)).all()


def offers(scope: Scope, product: Product) -> list[Offer]:
    """The product on each platform of the scope."""
    mine = and_(
        Listing.platform_id == Platform.id,
        Listing.vendor_id == product.vendor_id,
        Listing.product_id == product.id,
    )
    variants = select(Variant.id).where(
        Variant.vendor_id == product.vendor_id, Variant.product_id == product.id
    )
    price = and_(
        ListingPrice.platform_id == Platform.id,
        ListingPrice.vendor_id == product.vendor_id,
        ListingPrice.variant_id.in_(variants),
    )
    statement = (
        select(Platform, Listing.published, ListingPrice.variant_id, ListingPrice.price)
        .outerjoin(Listing, mine)
        .outerjoin(ListingPrice, price)
        .order_by(Platform.name_norm)
    )
    found: dict[int, Offer] = {}
    for platform, published, variant_id, price_there in session().execute(statement):
        offer = found.setdefault(platform.id, Offer(platform, bool(published), {}))
        if variant_id is not None:
            offer.prices[variant_id] = price_there
    return list(found.values())


def numbers_in(scope: Scope, categories: Iterable[Category]) -> dict[int, int]:
    """Category row id → products that stand in it itself and are not archived."""
    of_product = and_(
        Product.vendor_id == ProductCategory.vendor_id, Product.id == ProductCategory.product_id
    )
    statement = (
        select(ProductCategory.category_id, func.count())
        .join(Product, of_product)
        .where(current(), ProductCategory.category_id.in_([category.id for category in categories]))
        .group_by(ProductCategory.category_id)
    )
    return {category_id: number for category_id, number in session().execute(statement)}
