"""What a table of products has to say, and the tables of other systems that say it."""

from flask_babel import lazy_gettext as _l

from modules.catalog.own import FORMAT as ORION
from orion.contracts.tabular import Field, Format, Target

OPTIONS = (1, 2, 3)


def _options() -> tuple[Field, ...]:
    """Name and value of each option; both may stand in any row."""
    found = []
    for n in OPTIONS:
        name, value = _l("Option %(n)s, name", n=n), _l("Option %(n)s, value", n=n)
        found += [
            Field(
                f"option{n}_name", "text", name, longest=80, headers=(f"Option{n} Name", f"Option {n} name")
            ),
            Field(
                f"option{n}_value",
                "text",
                value,
                longest=80,
                headers=(f"Option{n} Value", f"Option {n} value"),
            ),
        ]
    return tuple(found)


TARGET = Target(
    name="catalog.products",
    fields=(
        Field(
            "title",
            "text",
            _l("Title"),
            needed=True,
            longest=200,
            headers=(
                *("Title", "Product title", "Product name", "Name", "Item name", "Titel", "Produktname"),
                *("Artikelname", "Artikelbezeichnung", "Bezeichnung", "Titre", "Nom", "Nom du produit"),
                *(
                    "Désignation",
                    "Titolo",
                    "Nome",
                    "Nome prodotto",
                    "Título",
                    "Nombre",
                    "Nombre del producto",
                ),
                *("Titlu", "Denumire", "Nume produs", "Naam", "Productnaam", "Nazwa", "Ürün adı"),
            ),
        ),
        Field(
            "handle", "text", _l("Handle"), longest=255, headers=("Handle", "URL handle", "Slug", "URL key")
        ),
        Field(
            "group",
            "text",
            _l("Number of the whole product"),
            longest=120,
            headers=("Parent SKU", "Parent", "Item group ID", "Group ID", "Parent ID", "Hauptartikel"),
        ),
        Field(
            "sku",
            "identifier",
            _l("SKU"),
            longest=120,
            headers=(
                *(
                    "Variant SKU",
                    "SKU",
                    "Product SKU",
                    "Item SKU",
                    "Stock code",
                    "Product code",
                    "Item number",
                ),
                *(
                    "Article number",
                    "Artikelnummer",
                    "Art.-Nr.",
                    "Référence",
                    "Codice articolo",
                    "Referencia",
                ),
                *("Cod produs", "Artikelnummer"),
            ),
        ),
        Field(
            "price",
            "money",
            _l("Price"),
            headers=(
                *(
                    "Variant Price",
                    "Price",
                    "Regular price",
                    "Sale price",
                    "Unit price",
                    "Preis",
                    "Verkaufspreis",
                ),
                *("Prix", "Prix de vente", "Prezzo", "Precio", "Preț", "Pret", "Prijs", "Cena", "Fiyat"),
            ),
        ),
        Field(
            "compare_at",
            "money",
            _l("Price before"),
            headers=("Variant Compare At Price", "Compare at price", "List price", "MSRP", "RRP", "UVP"),
        ),
        Field(
            "cost",
            "money",
            _l("Cost"),
            headers=("Cost per item", "Cost", "Cost price", "Einkaufspreis", "Prix d'achat"),
        ),
        Field(
            "barcode",
            "identifier",
            _l("Barcode"),
            longest=60,
            headers=("Variant Barcode", "Barcode", "GTIN", "EAN", "UPC", "ISBN", "EAN13", "Code-barres"),
        ),
        Field(
            "weight",
            "decimal",
            _l("Weight in grams"),
            headers=("Variant Grams", "Grams", "Weight (g)", "Weight in grams", "Gewicht (g)", "Poids (g)"),
        ),
        Field(
            "description",
            "text",
            _l("Description"),
            headers=(
                *(
                    "Body (HTML)",
                    "Body HTML",
                    "Description",
                    "Long description",
                    "Beschreibung",
                    "Descrizione",
                ),
                *("Descripción", "Descriere", "Omschrijving", "Opis"),
            ),
        ),
        Field(
            "brand",
            "text",
            _l("Brand"),
            longest=120,
            headers=("Vendor", "Brand", "Manufacturer", "Marke", "Hersteller", "Marque", "Marca", "Merk"),
        ),
        Field(
            "type",
            "text",
            _l("Type"),
            longest=120,
            headers=("Type", "Product type", "Custom Product Type", "Produkttyp", "Warengruppe"),
        ),
        Field("tags", "text", _l("Tags"), headers=("Tags", "Keywords", "Schlagwörter", "Étiquettes")),
        Field("status", "text", _l("Status"), longest=40, headers=("Status", "State")),
        Field("published", "text", _l("Published"), longest=20, headers=("Published", "Visible", "Enabled")),
        *_options(),
        Field(
            "image",
            "text",
            _l("Address of an image"),
            headers=("Image Src", "Image URL", "Image link", "Image", "Bild", "Bild-URL", "Images"),
        ),
        Field("image_alt", "text", _l("What the image shows"), headers=("Image Alt Text", "Image alt")),
        Field("variant_image", "text", _l("Image of the variant"), headers=("Variant Image",)),
    ),
    formats=(
        ORION,
        Format(
            "Shopify",
            signature=("Handle", "Title", "Variant SKU"),
            options={"continued": True},
            decimal=".",
        ),
    ),
)
