"""What the files of the sample shops say: tables as other systems export them, written here."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from modules.catalog.api import Found
from orion.contracts.money import Money

SHOPIFY = (
    *("Handle", "Title", "Vendor", "Type", "Status", "Option1 Name", "Option1 Value", "Variant SKU"),
    *("Variant Grams", "Variant Price", "Variant Barcode", "Image Src", "Image Alt Text"),
)
PICTURE = "https://files.example/{name}.jpg"
#: Handle, title, type, option, values, price, grams.
NEW: Sequence[tuple[str, str, str, str, Sequence[str], str, int]] = (
    ("garden-lantern", "Garden lantern", "Lamp", "Colour", ("Black", "Rust", "White"), "34.50", 900),
    ("storm-candle", "Storm candle", "Candle", "Hours", ("40", "80"), "12.90", 640),
    ("enamel-mug", "Enamel mug", "Tableware", "", (), "14.00", 210),
    ("picnic-blanket", "Picnic blanket", "Textile", "Size", ("130 × 150", "150 × 200"), "59.00", 1200),
    ("watering-can", "Watering can", "Garden", "", (), "44.00", 1500),
    ("herb-shears", "Herb shears", "Garden", "", (), "18.75", 120),
    ("seed-box", "Seed box", "Garden", "", (), "27.20", 800),
)
#: Rows in which something is wrong, as it happens.
WRONG = (
    {
        "Handle": "folding-chair",
        "Title": "Folding chair",
        "Variant SKU": "GR-900",
        "Variant Price": "on request",
    },
    {"Handle": "garden-lantern", "Option1 Value": "Rust", "Variant SKU": "GR-011", "Variant Price": "34.50"},
    {"Handle": "rain-gauge", "Title": "Rain gauge", "Variant SKU": "GR-901", "Variant Price": "-4.00"},
)


def garden(there: Iterable[Found]) -> bytes:
    """An export of Shopify: a few products that are there already, new ones, and mistakes."""
    rows = [dict(zip(SHOPIFY, row, strict=True)) for row in _known(list(there))]
    for number, (handle, title, kind, option, values, price, grams) in enumerate(NEW, 1):
        for place, value in enumerate(values or ("Default Title",)):
            first = {"Title": title, "Vendor": "Graf & Sohn", "Type": kind, "Status": "active"}
            rows.append(
                {
                    "Handle": handle,
                    **(first if place == 0 else {}),
                    "Option1 Name": (option or "Title") if place == 0 else "",
                    "Option1 Value": value,
                    "Variant SKU": f"GR-{number}{place}",
                    "Variant Grams": str(grams),
                    "Variant Price": price,
                    "Image Src": PICTURE.format(name=f"{handle}-{place + 1}"),
                    "Image Alt Text": title,
                }
            )
    return _written(SHOPIFY, [*rows, *WRONG], ",")


def _known(there: Sequence[Found]) -> Iterable[Sequence[str]]:
    """Products as they are; every second one has become dearer."""
    for number, one in enumerate(there):
        price = one.variant.price or 0
        amount = Money(price + price // 10 if number % 2 else price, one.product.currency).amount
        variant, product = one.variant, one.product
        facts = (product.handle, product.title, product.brand, product.type, product.status)
        grams = "" if variant.weight is None else str(variant.weight)
        yield (*facts, "Title", "Default Title", variant.sku, grams, str(amount), variant.barcode, "", "")


def novelties() -> bytes:
    """A table of no system in particular, with semicolons and commas, in German."""
    columns = ("Artikelnummer", "Bezeichnung", "Hersteller", "Preis", "EAN")
    rows = [
        ("NEU-1", "Leselampe mit Klemme", "Graf & Sohn", "24,90", "4000000000013"),
        ("NEU-2", "Buchstütze Eiche, zwei Stück", "Graf & Sohn", "39,50", "4000000000020"),
        ("NEU-3", "Lesezeichen Leder", "Graf & Sohn", "9,00", ""),
    ]
    return _written(columns, [dict(zip(columns, row, strict=True)) for row in rows], ";")


def unclear() -> bytes:
    """A price list that can be read in two ways."""
    rows = [{"SKU": f"PL-{n}", "Title": f"Sample {n}", "Price": f"{Decimal(n)},250"} for n in range(1, 5)]
    return _written(("SKU", "Title", "Price"), rows, ";")


def _written(columns: Sequence[str], rows: Iterable[dict[str, Any]], delimiter: str) -> bytes:
    text = io.StringIO()
    sheet = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue().encode()
