"""What tills and stock-keeping systems export."""

from orion.contracts.tabular import Either, Format, Gather, Linked, Paired

_NUMBERS = r"(one|two|three)"
#: Columns of Square, but for those that say in what a variation differs.
_SQUARE = {
    "group": "Whole",
    "title": "Item Name",
    "sale": "Online Sale Price",
    "cost": "Default Unit Cost",
    "brand": (),
    "type": ("Categories", "Category", "Reporting Category"),
    "published": "Square Online Item Visibility",
    "varies": "Varies",
    "stock": (),
}

TILLS: tuple[Format, ...] = (
    Format(
        "Square",
        signature=("Token", "Item Name", "Variation Name"),
        columns=_SQUARE,
        options={"any": True},
        shapes=(
            Either("Whole", ("Reference Handle", "Item Name")),
            Paired("Varies", r"optionname(\d)", r"optionvalue(\d)"),
        ),
        decimal=".",
    ),
    Format(
        "Lightspeed X",
        signature=("handle", "sku", "name", "retail_price", "supply_price"),
        columns={
            "varies": "Varies",
            "price": "retail_price",
            "cost": "supply_price",
            "brand": "brand_name",
            "type": ("type", "product_category"),
            "published": "active",
        },
        options={"any": True},
        shapes=(Paired("Varies", f"variantoption{_NUMBERS}name", f"variantoption{_NUMBERS}value"),),
        decimal=".",
    ),
    Format(
        "Lightspeed R",
        signature=("System ID", "Custom SKU", "Item"),
        columns={
            "title": "Item",
            "sku": "Own number",
            "barcode": "Own code",
            "compare_at": "MSRP",
            "cost": "Default Cost",
            "brand": "Brand",
            "published": "Publish to eCom",
            "stock": "Qty.",
        },
        shapes=(
            Either("Own number", ("Custom SKU", "Manufact. SKU", "System ID")),
            Either("Own code", ("EAN", "UPC")),
        ),
        decimal=".",
    ),
    Format(
        "Loyverse",
        signature=("Handle", "SKU", "Name", "Sold by weight", "Default price"),
        columns={"price": "Default price", "published": (), "stock": ()},
        decimal=".",
    ),
    Format(
        "Odoo",
        signature=("Name", "Internal Reference", ("Sales Price", "Public Price", "Cost")),
        columns={
            "sku": "Internal Reference",
            "price": ("Sales Price", "Public Price"),
            "type": ("Product Category", "Product Category/Display Name", "Product Category/Complete Name"),
            "description": ("Sales Description", "Description for Customers", "Description"),
            "tags": ("Product Tags", "Product Template Tags"),
            "weight": "Weight",
            "published": ("Can be Sold", "Sales", "Active"),
            "image": (),
            "stock": ("Quantity On Hand", "Quantity on hand"),
        },
        weight="kg",
        decimal=".",
    ),
    Format(
        "Odoo (technical names)",
        signature=("name", "default_code", ("list_price", "lst_price", "standard_price")),
        columns={
            "sku": "default_code",
            "price": ("list_price", "lst_price"),
            "cost": "standard_price",
            "type": ("categ_id", "categ_id/name", "categ_id/complete_name"),
            "description": ("description_sale", "description_ecommerce", "description"),
            "weight": "weight",
            "published": ("sale_ok", "active"),
            "image": (),
            "stock": "qty_available",
        },
        weight="kg",
        decimal=".",
    ),
    Format(
        "JTL",
        signature=(
            "Artikelnummer",
            ("Artikelname", "Bezeichnung"),
            ("Std. VK Brutto", "Std. VK Netto", "Brutto-VK", "Durchschnittlicher EK Netto"),
        ),
        columns={
            "group": "Whole",
            "role": "Whole: part",
            "varies": "Varies",
            "sku": "Artikelnummer",
            "title": ("Artikelname", "Bezeichnung"),
            "price": ("Std. VK Brutto", "Brutto-VK", "Std. VK Netto", "Netto-VK"),
            "cost": ("Durchschnittlicher EK Netto", "EK Netto", "Durchschnittlicher EK"),
            "barcode": ("GTIN", "EAN"),
            "type": ("Kategorie Ebene 1", "Kategorie"),
            "weight": ("Artikelgewicht", "Versandgewicht"),
            "published": "Aktiv",
            "image": "Pictures",
            "stock": ("Lagerbestand gesamt", "Lagerbestand", "Verfügbar"),
        },
        options={"any": True, "rounds": True},
        shapes=(
            Linked(
                ("Identifizierungsspalte Vaterartikel", "Vaterartikel"), own=("Artikelnummer",), name="Whole"
            ),
            Paired("Varies", r"variationsname(\d)", r"variationswertname(\d)"),
            Gather("Pictures", r"bild(?:pfad)?\d+"),
        ),
        weight="kg",
    ),
    Format(
        "Zoho Inventory",
        signature=("Item ID", "Item Name", "SKU", "Rate"),
        columns={
            "price": "Rate",
            "cost": "Purchase Rate",
            "type": "Category Name",
            "brand": ("Brand", "Manufacturer"),
            "stock": "Stock On Hand",
        },
        decimal=".",
    ),
)
