"""Products, their options, variants and images, the tree of categories, and what shows on which platform."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from orion.contracts.models import (
    BigId,
    NormText,
    PlatformOwned,
    UtcDateTime,
    VendorOwned,
    module_base,
    normalise,
    public_id,
    tenant_fk,
    tenant_key,
)

Base: Any = module_base(__name__)

STATES = ("draft", "active", "archived")
TAX_CLASSES = ("standard", "reduced", "super_reduced", "zero", "exempt")
#: A product varies in at most so many things.
MOST_OPTIONS = 3
_LIVE = text("retired_at is null")


def _now() -> datetime:
    return datetime.now(UTC)


def _sorted(column: str) -> tuple[Index, Index]:
    """Lists are sorted by a column for one vendor, and for who sees all."""
    return (
        Index(f"ix_catalog_product_vendor_{column}", "vendor_id", column, "id"),
        Index(f"ix_catalog_product_every_{column}", column, "id"),
    )


class Product(VendorOwned, Base):
    """Something that a vendor sells, in one or more variants, priced in one currency.

    `description` is Markdown. `version` rises with each change of what the product says of itself: title to
    tax class, tags and categories. `archived_from` is the status to which restoring goes back. What follows
    `updated_at` is kept by `summary.refresh`: the number of variants on sale, their lowest and highest price
    in minor units (-1 where none has one), the key of the first image, and whether a price or an image is
    missing.
    """

    __tablename__ = "catalog_product"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("vendor_id", "public_id"),
        UniqueConstraint("vendor_id", "handle"),
        CheckConstraint("status in ('draft', 'active', 'archived')", name="status"),
        *(index for column in ("title_norm", "updated_at", "lowest") for index in _sorted(column)),
        Index("ix_catalog_product_status", "vendor_id", "status", "incomplete"),
        Index("ix_catalog_product_type_norm", "vendor_id", "type_norm", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    title: Mapped[str] = mapped_column(String(200))
    title_norm: Mapped[str] = mapped_column(NormText)
    handle: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    brand: Mapped[str] = mapped_column(String(120), default="")
    type: Mapped[str] = mapped_column(String(120), default="")
    type_norm: Mapped[str] = mapped_column(NormText, default="")
    status: Mapped[str] = mapped_column(String(8), default="draft")
    archived_from: Mapped[str] = mapped_column(String(8), default="")
    tax_class: Mapped[str] = mapped_column(String(16), default="standard")
    currency: Mapped[str] = mapped_column(String(3))
    version: Mapped[int] = mapped_column(BigInteger, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    variants: Mapped[int] = mapped_column(BigInteger, default=0)
    lowest: Mapped[int] = mapped_column(BigInteger, default=-1)
    highest: Mapped[int] = mapped_column(BigInteger, default=-1)
    cover: Mapped[str] = mapped_column(String(14), default="")
    incomplete: Mapped[bool] = mapped_column(Boolean, default=True)

    @validates("title", "type")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value


class OfProduct(VendorOwned):
    """Rows that go with their product."""

    product_id: Mapped[int] = mapped_column(BigInteger)


class Option(OfProduct, Base):
    """Something in which the variants of a product differ. `position` is 1, 2 or 3."""

    __tablename__ = "catalog_option"
    __table_args__ = (
        tenant_key(),
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        Index("ix_catalog_option_product_id", "vendor_id", "product_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))


class OptionValue(VendorOwned, Base):
    """One of the values of an option; variants carry its text."""

    __tablename__ = "catalog_option_value"
    __table_args__ = (
        tenant_fk("option_id", "catalog_option", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "option_id", "text"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    option_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(String(80))


class Variant(OfProduct, Base):
    """What can be put into a basket: one combination of a product's option values.

    `value1` to `value3` are the values of the options at these positions, "" where there is none.
    Prices and `cost` are minor units of the product's currency; a `price` of None means that there is
    none yet. `weight` is in grams. A variant whose value was taken away is retired: stock and orders
    may tell of it, and it comes back as it was when its value does.
    """

    __tablename__ = "catalog_variant"
    __table_args__ = (
        tenant_key(),
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "public_id"),
        CheckConstraint("price >= 0 and compare_at >= 0 and cost >= 0 and weight >= 0", name="amounts"),
        Index(
            "uq_catalog_variant_values",
            "vendor_id",
            "product_id",
            "value1",
            "value2",
            "value3",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_catalog_variant_product_id", "vendor_id", "product_id", "position"),
        Index("ix_catalog_variant_sku_norm", "vendor_id", "sku_norm", "id"),
        Index("ix_catalog_variant_barcode_norm", "vendor_id", "barcode_norm", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    position: Mapped[int] = mapped_column(BigInteger)
    value1: Mapped[str] = mapped_column(String(80), default="")
    value2: Mapped[str] = mapped_column(String(80), default="")
    value3: Mapped[str] = mapped_column(String(80), default="")
    sku: Mapped[str] = mapped_column(String(120), default="")
    sku_norm: Mapped[str] = mapped_column(NormText, default="")
    barcode: Mapped[str] = mapped_column(String(40), default="")
    barcode_norm: Mapped[str] = mapped_column(NormText, default="")
    price: Mapped[int | None] = mapped_column(BigInteger)
    compare_at: Mapped[int | None] = mapped_column(BigInteger)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    weight: Mapped[int | None] = mapped_column(BigInteger)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("sku", "barcode")
    def _normalised(self, key: str, value: str) -> str:
        setattr(self, f"{key}_norm", normalise(value))
        return value

    @property
    def values(self) -> tuple[str, str, str]:
        """The option values by position."""
        return self.value1, self.value2, self.value3

    @values.setter
    def values(self, texts: tuple[str, str, str]) -> None:
        self.value1, self.value2, self.value3 = texts

    @property
    def title(self) -> str:
        """`Red / Small`; empty for a product without options."""
        return " / ".join(value for value in self.values if value)


class Category(VendorOwned, Base):
    """A place in the vendor's tree of categories.

    `path` is made of the normalised names from the root down, each followed by a slash: it sorts as the
    tree reads, and a category's descendants are those whose path begins with its own.
    """

    __tablename__ = "catalog_category"
    __table_args__ = (
        tenant_key(),
        tenant_fk("parent_id", "catalog_category", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "public_id"),
        UniqueConstraint("vendor_id", "path"),
        Index("ix_catalog_category_parent_id", "vendor_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(NormText)
    #: Language → the name there, and the stamp of the name that it is a translation of.
    names: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    @property
    def depth(self) -> int:
        """0 at the root."""
        return self.path.count("/") - 1


class ProductCategory(OfProduct, Base):
    """A product in a category."""

    __tablename__ = "catalog_product_category"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        tenant_fk("category_id", "catalog_category", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "category_id", "product_id"),
        Index("ix_catalog_product_category_product_id", "vendor_id", "product_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    category_id: Mapped[int] = mapped_column(BigInteger)


class Tag(OfProduct, Base):
    """A word that a product is marked with."""

    __tablename__ = "catalog_tag"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "product_id", "text_norm"),
        Index("ix_catalog_tag_text_norm", "vendor_id", "text_norm", "product_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    text: Mapped[str] = mapped_column(String(60))
    text_norm: Mapped[str] = mapped_column(NormText)

    @validates("text")
    def _normalised(self, _key: str, value: str) -> str:
        self.text_norm = normalise(value)
        return value


class Image(OfProduct, Base):
    """A picture of a product. `key` names its files; `width` and `height` are those of the largest."""

    __tablename__ = "catalog_image"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "public_id"),
        Index("ix_catalog_image_product_id", "vendor_id", "product_id", "position"),
        Index("ix_catalog_image_key", "vendor_id", "key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(14), default=public_id)
    key: Mapped[str] = mapped_column(String(14))
    alt: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(BigInteger)
    height: Mapped[int] = mapped_column(BigInteger)


class FetchedImage(VendorOwned, Base):
    """What became of an address from which a picture was fetched; `digest` (SHA-256) tells addresses apart.

    `key`, `width` and `height` are those of its files, as Image has them; without a key `reason` says why
    there are none (`kept`).
    """

    __tablename__ = "catalog_fetched_image"
    __table_args__ = (tenant_key(), UniqueConstraint("vendor_id", "digest"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("tenancy_vendor.id", ondelete="RESTRICT"))
    digest: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(String(2000))
    key: Mapped[str] = mapped_column(String(14), default="")
    width: Mapped[int] = mapped_column(BigInteger, default=0)
    height: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)


class ImageLink(OfProduct, Base):
    """A picture of a product that lies elsewhere, as an import told of it.

    `fetched_id` says what became of its address. Where that has a key, a picture of the product was made of
    it, and is what people see and may take away; the link stays what the file said.
    """

    __tablename__ = "catalog_image_link"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        tenant_fk("fetched_id", "catalog_fetched_image"),
        Index("ix_catalog_image_link_product_id", "vendor_id", "product_id", "position"),
        Index("ix_catalog_image_link_fetched_id", "vendor_id", "fetched_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    url: Mapped[str] = mapped_column(String(2000))
    alt: Mapped[str] = mapped_column(String(300), default="")
    fetched_id: Mapped[int | None] = mapped_column(BigInteger)


class Translation(OfProduct, Base):
    """What a product says in another language than its vendor's.

    `texts` maps what is said (see `originals.Original.key`) to the text and the stamp of the original that
    it is a translation of. `missing` and `outdated` are kept by `summary.refresh`: how many originals have no
    translation, and how many have changed since.
    """

    __tablename__ = "catalog_translation"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "product_id", "language"),
        Index("ix_catalog_translation_missing", "vendor_id", "language", "missing", "product_id"),
        Index("ix_catalog_translation_outdated", "vendor_id", "language", "outdated", "product_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    texts: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    missing: Mapped[int] = mapped_column(BigInteger, default=0)
    outdated: Mapped[int] = mapped_column(BigInteger, default=0)


class Listing(PlatformOwned, Base):
    """Whether a product shows on a platform; without a row it does not."""

    __tablename__ = "catalog_listing"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "product_id", "platform_id"),
        Index("ix_catalog_listing_platform_id", "platform_id", "vendor_id", "published"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    product_id: Mapped[int] = mapped_column(BigInteger)
    published: Mapped[bool] = mapped_column(Boolean, default=False)


class ListingPrice(PlatformOwned, Base):
    """The price of a variant on one platform, where it is another than its own."""

    __tablename__ = "catalog_listing_price"
    __table_args__ = (
        tenant_fk("variant_id", "catalog_variant", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "variant_id", "platform_id"),
        CheckConstraint("price >= 0", name="price"),
        Index("ix_catalog_listing_price_platform_id", "platform_id", "vendor_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("tenancy_platform.id", ondelete="RESTRICT"))
    variant_id: Mapped[int] = mapped_column(BigInteger)
    price: Mapped[int] = mapped_column(BigInteger)


class Word(OfProduct, Base):
    """A normalised word by whose beginning a product is found: of titles, brands, SKUs and barcodes."""

    __tablename__ = "catalog_word"
    __table_args__ = (
        tenant_fk("product_id", "catalog_product", ondelete="CASCADE"),
        UniqueConstraint("vendor_id", "word", "product_id"),
        Index("ix_catalog_word_word", "word", "product_id"),
        Index("ix_catalog_word_product_id", "vendor_id", "product_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    word: Mapped[str] = mapped_column(NormText)
