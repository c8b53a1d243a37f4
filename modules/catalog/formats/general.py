"""Tables of no system in particular that say by their columns how their rows belong together."""

from modules.catalog.formats.feeds import VARYING
from orion.contracts.tabular import Format, Linked, Named

_PARENT = (
    *("Parent SKU", "Parent", "Parent ID", "Item group ID", "Group ID", "Master SKU", "Parent code"),
    *("Hauptartikel", "Hauptartikelnummer", "Vaterartikel", "Référence parent", "SKU padre", "SKU părinte"),
)
_OWN = (
    *("SKU", "Variant SKU", "Item SKU", "Product code", "Item number", "Article number", "Artikelnummer"),
    *("Art.-Nr.", "Référence", "Codice articolo", "Referencia", "Cod produs", "Artikelcode", "Kod produktu"),
    *("Stok kodu", "ID"),
)

GENERAL: tuple[Format, ...] = (
    Format(
        "Variants by their parents",
        signature=(_PARENT, _OWN),
        columns={"group": "Whole", "role": "Whole: part", "varies": "Varies"},
        options={"varying": True, "any": True},
        shapes=(Linked(_PARENT, own=_OWN, name="Whole"), Named("Varies", VARYING)),
    ),
)
