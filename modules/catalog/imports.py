"""What a table of products has to say, and the names that columns have for it in many languages."""

from flask_babel import lazy_gettext as _l

from modules.catalog.formats import FORMATS
from modules.catalog.own import FORMAT as ORION
from orion.contracts.tabular import Field, Target

OPTIONS = (1, 2, 3)

_TITLE = (
    *("Title", "Product title", "Product name", "Name", "Item name", "Article name", "Listing title"),
    *("Titel", "Produktname", "Artikelname", "Artikelbezeichnung", "Produktbezeichnung", "Bezeichnung"),
    *("Produkttitel", "Artikel", "Titre", "Nom", "Nom du produit", "Désignation", "Libellé", "Intitulé"),
    *("Titolo", "Nome", "Nome prodotto", "Nome del prodotto", "Denominazione", "Título", "Nombre"),
    *("Nombre del producto", "Nombre del artículo", "Nome do produto", "Titlu", "Denumire", "Nume"),
    *("Nume produs", "Denumire produs", "Naam", "Productnaam", "Artikelnaam", "Omschrijving kort", "Nazwa"),
    *("Nazwa produktu", "Tytuł", "Ürün adı", "Ürün ismi", "Başlık", "Ad", "Název", "Název produktu"),
    *("Názov", "Terméknév", "Név", "Navn", "Produktnavn", "Namn", "Produktnamn", "Nimi", "Tuotenimi"),
    *("Название", "Наименование", "Назва", "Название товара", "Όνομα", "Име", "Product", "Item", "Produkt"),
)
_SKU = (
    *(
        "Variant SKU",
        "SKU",
        "Product SKU",
        "Item SKU",
        "Seller SKU",
        "Stock code",
        "Product code",
        "Item code",
    ),
    *("Item number", "Item no", "Article number", "Article no", "Part number", "Model", "Internal reference"),
    *("Artikelnummer", "Artikelnr", "Artikel-Nr.", "Art.-Nr.", "ArtNr", "Bestellnummer", "Produktnummer"),
    *(
        "Référence",
        "Réf.",
        "Réf. article",
        "Réf. produit",
        "Référence article",
        "Référence produit",
        "Code article",
    ),
    *("Code produit", "UGS", "Codice articolo", "Variation number", "Variantennummer", "Variant code"),
    *("Codice", "Codice prodotto", "Riferimento", "Referencia", "Código", "Código de producto", "Referência"),
    *("Cod produs", "Cod", "Cod articol", "Referință", "Productcode", "Artikelcode", "Kod produktu", "Kod"),
    *("Symbol", "Indeks", "Stok kodu", "Ürün kodu", "Kód", "Kód produktu", "Cikkszám", "Varenummer"),
    *(
        "Artikelnummer",
        "Tuotekoodi",
        "Артикул",
        "Κωδικός",
        "Product number",
        "Product ID",
        "Item ID",
        "ISBN13",
    ),
)
_PRICE = (
    *(
        "Variant Price",
        "Price",
        "Regular price",
        "Selling price",
        "Retail price",
        "Sales price",
        "Unit price",
    ),
    *("Price incl. tax", "Price incl. VAT", "Gross price", "List price", "Sale price", "Standard price"),
    *(
        "Preis",
        "Verkaufspreis",
        "VK",
        "VK-Preis",
        "VK brutto",
        "Brutto-VK",
        "Bruttopreis",
        "Preis brutto",
        "Einzelpreis",
    ),
    *(
        "Endkundenpreis",
        "Default price",
        "Prix",
        "Prix de vente",
        "Prix de vente TTC",
        "Prix TTC",
        "PVTTC",
        "Prix public",
        "Prix unitaire",
        "Tarif",
    ),
    *("Prezzo", "Prezzo di vendita", "Prezzo al pubblico", "Precio", "Precio de venta", "PVP", "Preço"),
    *(
        "Preț",
        "Pret",
        "Preț vânzare",
        "Preț de vânzare",
        "Preț cu TVA",
        "Preț final",
        "Prijs",
        "Verkoopprijs",
        "Cena",
        "Cena brutto",
    ),
    *("Cena sprzedaży", "Fiyat", "Satış fiyatı", "Ürün fiyatı", "Cena s DPH", "Ár", "Eladási ár", "Pris"),
    *("Hinta", "Цена", "Ціна", "Τιμή", "Price tax incl", "Price tax excl", "Net price", "Nettopreis"),
    *("Prix HT", "Preis netto", "Cena netto", "Prezzo netto"),
)
_BARCODE = (
    *("Variant Barcode", "Barcode", "GTIN", "GTIN13", "EAN", "EAN13", "EAN-13", "EAN code", "UPC", "ISBN"),
    *("EAN-Code", "EANs", "Strichcode", "Code-barres", "Code barre", "Gencod", "Codice a barre"),
    *("Código de barras", "Cod de bare", "Streepjescode", "Kod kreskowy", "Kod EAN", "Barkod", "Čárový kód"),
    *("Vonalkód", "Strekkode", "Streckkod", "Штрихкод", "GTIN, UPC, EAN or ISBN", "JAN"),
)
_DESCRIPTION = (
    *("Body (HTML)", "Body HTML", "Description", "Long description", "Product description", "Body"),
    *("Full description", "Short description", "Details", "Beschreibung", "Artikelbeschreibung", "Langtext"),
    *("Produktbeschreibung", "Lange Beschreibung", "Kurzbeschreibung", "Description longue", "Descriptif"),
    *("Descriptif long", "Descriptif court", "Descriere lungă", "Descriere produs", "Descrizione prodotto"),
    *("Descrizione", "Descrizione lunga", "Descripción", "Descripción larga", "Descrição", "Descriere"),
    *("Omschrijving", "Beschrijving", "Productomschrijving", "Opis", "Opis produktu", "Açıklama"),
    *("Ürün açıklaması", "Popis", "Leírás", "Beskrivelse", "Beskrivning", "Kuvaus", "Описание", "Опис"),
    *("Περιγραφή",),
)
_BRAND = (
    *("Vendor", "Brand", "Brand name", "Manufacturer", "Maker", "Marke", "Hersteller", "Herstellername"),
    *("Lieferant", "Marque", "Fabricant", "Marca", "Produttore", "Fabricante", "Brand/Marca", "Producător"),
    *("Merk", "Fabrikant", "Marka", "Producent", "Üretici", "Značka", "Výrobce", "Gyártó", "Márka"),
    *("Mærke", "Varumärke", "Tillverkare", "Valmistaja", "Бренд", "Производитель", "Supplier"),
)
_TYPE = (
    *("Type", "Product type", "Custom Product Type", "Category", "Categories", "Product category"),
    *("Produkttyp", "Warengruppe", "Kategorie", "Kategorien", "Produktgruppe", "Catégorie", "Catégories"),
    *(
        "Famille",
        "Rayon",
        "Sous-famille",
        "Grupă",
        "Grup produse",
        "Categoria",
        "Categorie",
        "Categoría",
        "Categorías",
        "Tipo",
        "Categorii",
    ),
    *("Categorieën", "Productgroep", "Kategoria", "Kategori", "Kategoriler", "Kategória", "Категория"),
    *("Department", "Collection", "Kollektion"),
)
_IMAGE = (
    *("Image Src", "Image URL", "Image link", "Image", "Images", "Picture", "Picture URL", "Photo", "Photos"),
    *("Main image", "Main image URL", "Image URLs", "Bild", "Bilder", "Bild-URL", "Bildlink", "Bildadresse"),
    *("Hauptbild", "Image principale", "Lien photo", "Immagine principale", "Imagen principal"),
    *("Imagine principală", "Poză", "Poze", "Link imagine", "Afbeelding 1", "Bild 1", "Image 1", "Photo 1"),
    *("FotoLink", "Foto", "Fotos", "Lien image", "URL image", "URL de l'image", "Photo produit", "Immagine"),
    *("Immagini", "URL immagine", "Link immagine", "Imagen", "Imágenes", "URL imagen", "Imagem", "Imagine"),
    *("Imagini", "URL imagine", "Afbeelding", "Afbeeldingen", "Afbeelding URL", "Zdjęcie", "Zdjęcia"),
    *("Obrazek", "Resim", "Görsel", "Resim URL", "Ürün resmi", "Obrázek", "Kép", "Billede", "Bilde"),
    *("Изображение", "Фото", "Thumbnail"),
)


def _options() -> tuple[Field, ...]:
    """Name and value of each option; both may stand in any row."""
    found = []
    for n in OPTIONS:
        name, value = _l("Option %(n)s, name", n=n), _l("Option %(n)s, value", n=n)
        names = (f"Option{n} Name", f"Option {n} name", f"Option name {n}", f"Attribute {n} name")
        values = (f"Option{n} Value", f"Option {n} value", f"Option value {n}", f"Attribute {n} value")
        found += [
            Field(f"option{n}_name", "text", name, longest=80, headers=names),
            Field(f"option{n}_value", "text", value, longest=80, headers=values),
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
            instead=(("group", "sku"), ("barcode", "sku")),
            longest=200,
            headers=_TITLE,
        ),
        Field(
            "handle", "text", _l("Handle"), longest=255, headers=("Handle", "URL handle", "Slug", "URL key")
        ),
        Field(
            "group",
            "identifier",
            _l("Number of the whole product"),
            longest=120,
            headers=(
                *("Parent SKU", "Parent", "Item group ID", "Group ID", "Parent ID", "Master SKU"),
                *("Hauptartikel", "Vaterartikel", "Hauptartikelnummer", "Référence parent", "SKU padre"),
            ),
        ),
        Field("role", "text", _l("Whole or variant")),
        Field("sku", "identifier", _l("SKU"), longest=120, headers=_SKU),
        Field("price", "money", _l("Price"), headers=_PRICE),
        Field("surcharge", "money", _l("Surcharge of the variant"), headers=("Surcharge", "Aufpreis")),
        Field(
            "sale",
            "money",
            _l("Price on sale"),
            headers=("Special price", "Aktionspreis", "Sonderpreis", "Prix promo", "Prix promotionnel"),
        ),
        Field("sale_off", "decimal", _l("Reduction")),
        Field("sale_mode", "text", _l("Reduction in per cent or as an amount")),
        Field("sale_on", "text", _l("Whether it is on sale")),
        Field("sale_until", "text", _l("Until when it is on sale")),
        Field(
            "compare_at",
            "money",
            _l("Price before"),
            headers=(
                *("Variant Compare At Price", "Compare at price", "Compare-at price", "List price", "MSRP"),
                *("RRP", "UVP", "Old price", "Was price", "Streichpreis", "Alter Preis", "Prix barré"),
                *("Ancien prix", "Prezzo barrato", "Precio anterior", "Preț vechi", "Van-prijs"),
            ),
        ),
        Field(
            "cost",
            "money",
            _l("Cost"),
            headers=(
                *("Cost per item", "Cost", "Cost price", "Purchase price", "Wholesale price", "Buying price"),
                *(
                    "Einkaufspreis",
                    "EK",
                    "EK-Preis",
                    "Prix d'achat",
                    "Prix d'achat HT",
                    "Prix de revient",
                    "Coût",
                    "Costo",
                    "Prezzo di acquisto",
                ),
                *("Precio de compra", "Coste", "Preț achiziție", "Cost achiziție", "Inkoopprijs", "Maliyet"),
                *("Cena zakupu", "Alış fiyatı", "Nákupní cena"),
            ),
        ),
        Field(
            "currency",
            "currency",
            _l("Currency"),
            headers=(
                "Currency",
                "Currency code",
                "Währung",
                "Devise",
                "Valuta",
                "Moneda",
                "Waluta",
                "Para birimi",
            ),
        ),
        Field("barcode", "identifier", _l("Barcode"), longest=200, headers=_BARCODE),
        Field(
            "weight",
            "weight",
            _l("Weight in grams"),
            headers=(
                *("Variant Grams", "Grams", "Weight (g)", "Weight in grams", "Weight (kg)", "Weight (lbs)"),
                *("Weight (lb)", "Weight (oz)", "Weight in kg", "Weight kg", "Gewicht (g)", "Gewicht (kg)"),
                *("Gewicht in kg", "Nettogewicht (kg)", "Bruttogewicht (kg)", "Poids net (kg)", "Poids (g)"),
                *("Poids (kg)", "Poids en kg", "Greutate (g)", "Peso (g)", "Peso (kg)"),
                *("Greutate (kg)", "Waga (kg)", "Ağırlık (kg)", "Gewicht kg", "Shipping weight"),
            ),
        ),
        Field("description", "text", _l("Description"), headers=_DESCRIPTION),
        Field("brand", "text", _l("Brand"), longest=120, headers=_BRAND),
        Field("type", "text", _l("Type"), headers=_TYPE),
        Field(
            "tags",
            "text",
            _l("Tags"),
            headers=(
                *("Tags", "Keywords", "Schlagwörter", "Schlagworte", "Stichwörter", "Étiquettes"),
                *("Mots-clés", "Etichette", "Etiquetas", "Etichete", "Trefwoorden", "Tagi", "Etiketler"),
            ),
        ),
        Field("status", "text", _l("Status"), longest=40, headers=("Status", "State", "Statut", "Stato")),
        Field(
            "published",
            "text",
            _l("Published"),
            longest=20,
            headers=(
                *(
                    "Published",
                    "Visible",
                    "Enabled",
                    "Active",
                    "Is active",
                    "Online",
                    "Veröffentlicht",
                    "Aktiv",
                ),
                *("Sichtbar", "Publié", "Actif", "Pubblicato", "Attivo", "Publicado", "Activo", "Publicat"),
                *("Activ", "Gepubliceerd", "Actief", "Opublikowano", "Aktywny", "Yayında"),
            ),
        ),
        Field("view", "text", _l("Language of the row")),
        Field("texts", "text", _l("Texts in other languages")),
        Field("varies", "text", _l("What the variant is, like Size=M")),
        Field("choices", "text", _l("Choices without variants of their own")),
        *_options(),
        Field("image", "text", _l("Address of an image"), headers=_IMAGE),
        Field("image_alt", "text", _l("What the image shows"), headers=("Image Alt Text", "Image alt")),
        Field("variant_image", "text", _l("Image of the variant"), headers=("Variant Image",)),
    ),
    formats=(ORION, *FORMATS),
    options={"image_base": {"type": "string", "pattern": "^https?://"}},
)
