"""What marketplaces let their sellers have."""

from orion.contracts.tabular import Format, Gather, Linked, Named

_AMAZON_SKU = ("item_sku", "sku", "seller-sku", "contribution_sku")
_AMAZON_VARYING = {
    "color_name": "Color",
    "color": "Color",
    "size_name": "Size",
    "size": "Size",
    "style_name": "Style",
    "material_type": "Material",
    "pattern_name": "Pattern",
    "flavor_name": "Flavor",
    "scent_name": "Scent",
    "item_package_quantity": "Number of items",
}

MARKETPLACES: tuple[Format, ...] = (
    Format(
        "Amazon variations",
        signature=(
            _AMAZON_SKU,
            ("parentage", "parent_child", "parentage_level"),
            ("parent_sku", "parent sku"),
        ),
        columns={
            "sku": _AMAZON_SKU,
            "group": "Whole",
            "role": ("parentage", "parent_child", "parentage_level"),
            "varies": "Varies",
            "title": ("item_name", "title"),
            "price": ("standard_price", "your_price", "price", "list_price"),
            "sale": "sale_price",
            "sale_until": "sale_end_date",
            "barcode": ("external_product_id", "product_id"),
            "brand": ("brand_name", "brand"),
            "description": "product_description",
            "type": ("item_type", "feed_product_type"),
            "image": "Pictures",
            "stock": ("quantity", "fulfillment_availability#1.quantity"),
        },
        options={"varying": True, "any": True},
        shapes=(
            Linked(("parent_sku",), own=_AMAZON_SKU, name="Whole"),
            Named("Varies", _AMAZON_VARYING),
            Gather("Pictures", r"mainimageurl|otherimageurl\d*|mainofferimage|swatchimageurl"),
        ),
    ),
    Format(
        "Amazon listings",
        signature=(("seller-sku", "sku"), ("asin1", "product-id-type", "listing-id"), "price", "quantity"),
        columns={
            "sku": ("seller-sku", "sku"),
            "title": "item-name",
            "description": "item-description",
            "barcode": ("product-id",),
            "image": "image-url",
            "status": "status",
            "stock": "quantity",
        },
    ),
    Format(
        "Etsy",
        signature=(
            ("TITLE", "TITEL", "TITRE", "TITOLO", "TÍTULO"),
            ("CURRENCY_CODE", "WÄHRUNGSCODE", "CODE_DEVISE", "CODICE_VALUTA", "CÓDIGO_MONEDA"),
            ("IMAGE1", "BILD1", "IMMAGINE1", "IMAGEN1"),
        ),
        columns={
            "choices": "Choices",
            "image": "Pictures",
            "stock": ("QUANTITY", "MENGE", "QUANTITÉ", "QUANTITÀ", "CANTIDAD"),
            "tags": ("TAGS",),
        },
        shapes=(
            Gather("Pictures", r"(?:image|bild|immagine|imagen)\d+"),
            Gather("Choices", r"variation\dvalues"),
        ),
    ),
)
