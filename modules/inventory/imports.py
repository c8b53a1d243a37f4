"""What a table of stock has to say, and the tables of other systems that say it: exports of products too."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from modules.catalog.api import PRODUCTS
from orion.contracts.tabular import MASKED, Field, Format, Target, Unfold, Unpacked

#: Fields that say which variant is meant, as tables of products have them.
_OF_VARIANT = (
    *("title", "handle", "group", "role", "sku", "barcode", "varies"),
    *(f"option{n}_{part}" for n in (1, 2, 3) for part in ("name", "value")),
)
_SHOPIFY = (
    *("Handle", "Title", "SKU", "HS Code", "COO", "Bin name", "Variant SKU"),
    *(f"Option{n} {part}" for n in (1, 2, 3) for part in ("Name", "Value")),
)


def _of_products(form: Format) -> Format:
    """A format of products as one of their stock."""
    packed = form.options.get("stock_by_place")
    if not packed:
        return form
    columns = {**form.columns, "stock": "Pieces there", "location": "Place"}
    return replace(form, columns=columns, shapes=(*form.shapes, Unpacked(packed, "Place", "Pieces there")))


TARGET = Target(
    name="inventory.stock",
    fields=(
        *(replace(PRODUCTS.target.field(key), needed=False) for key in _OF_VARIANT),
        Field(
            "stock",
            "integer",
            _l("Pieces"),
            needed=True,
            headers=(
                *("On hand (new)", "On hand", "On hand (current)", "Quantity on hand", "Stock on hand"),
                *("Inventory quantity", "Variant Inventory Qty", "Stock quantity", "Stock level", "Stock"),
                *("Quantity", "Qty", "Available", "Units in stock", "In stock", "Inventory", "Current stock"),
                *("Pieces", "Bestand", "Lagerbestand", "Menge", "Stückzahl", "Verfügbar", "Quantité"),
                *(
                    "Stock disponible",
                    "Qté",
                    "Qté en stock",
                    "Quantité en stock",
                    "En stock",
                    "Quantità",
                    "Giacenza",
                    "Disponibilità",
                    "Cantidad",
                    "Existencias",
                ),
                *(
                    "Stoc",
                    "Stoc disponibil",
                    "Cantitate",
                    "Stock level",
                    "Current quantity",
                    "Lagermenge",
                    "Voorraad",
                    "Aantal",
                    "Stan",
                    "Stan magazynowy",
                    "Ilość",
                    "Stok",
                ),
                *("Stok adedi", "Stok miktarı", "Miktar", "Adet", "Množství", "Skladem", "Készlet", "Lager"),
            ),
        ),
        Field(
            "location",
            "text",
            _l("Location"),
            longest=80,
            headers=(
                *(
                    "Location",
                    "Warehouse",
                    "Store",
                    "Warehouse name",
                    "Location name",
                    "Lagerort",
                    "Standort",
                ),
                *("Lagerplatz", "Entrepôt", "Dépôt", "Emplacement", "Magazzino", "Ubicazione", "Almacén"),
                *("Depozit", "Gestiune", "Magazijn", "Locatie", "Magazyn", "Depo", "Sklad", "Raktár"),
            ),
        ),
    ),
    formats=(
        Format(
            "Orion stock",
            signature=("SKU", "Barcode", "Handle", "Title", "Location", "On hand", "Available", "Warn at"),
            options={MASKED: True},
        ),
        Format(
            "Shopify stock",
            signature=("Handle", "Title", ("HS Code", "COO"), ("SKU", "Variant SKU"), "Option1 Value"),
            columns={"stock": "Pieces there", "location": "Place"},
            shapes=(Unfold(_SHOPIFY, "Place", "Pieces there"),),
        ),
        Format(
            "Shopify stock by location",
            signature=(
                *("Handle", "Title", "Option1 Value", "Location", "SKU"),
                ("On hand", "On hand (current)", "On hand (new)", "Available"),
            ),
        ),
        *(_of_products(form) for form in PRODUCTS.target.formats),
    ),
)
