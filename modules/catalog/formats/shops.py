"""What shop systems export. `stock` and `location` are what stock is read from, by whoever keeps it."""

from orion.contracts.tabular import Carried, FillDown, Format, Gather, Linked, Listed, Paired

#: Columns of WooCommerce, which translates them with the shop.
_WOO_SKU = ("SKU", "Artikelnummer", "UGS", "COD", "Referencia", "Kod produktu", "Stok kodu", "Cod produs")
_WOO_REGULAR = (
    *("Regular price", "Regulärer Preis", "Tarif régulier", "Precio normal", "Prezzo di listino"),
    *(
        "Reguliere prijs",
        "Normale prijs",
        "Cena",
        "Preț obișnuit",
        "Preț normal",
        "Normal fiyat",
        "Preço normal",
    ),
)
_WOO_SALE = (
    *("Sale price", "Angebotspreis", "Tarif promo", "Precio rebajado", "Prezzo in offerta", "Actieprijs"),
    *("Cena promocyjna", "Preț redus", "Preț promoțional", "İndirimli fiyat", "Preço promocional"),
)
_WOO_PARENT = ("Parent", "Übergeordnet", "Superior", "Genitore", "Hoofd", "Nadrzędny", "Părinte", "Ebeveyn")
_WOO_NAMES = (
    r"(?:attribute?|attribuut|atributo|nitelik)(\d+)(?:name|naam|nome|ismi|adı)"
    r"|(?:nomdelattribut|nombredelatributo|nomedellattributo|nomedoatributo|nazwaatrybutu|numeatribut)(\d+)"
)
_WOO_VALUES = (
    r"(?:attribute?|attribuut|atributo|nitelik)(\d+)(?:values?|werte?|waarden?|değerleri|değeri)"
    r"|(?:valeursdelattribut|valoresdelatributo|valoridellattributo|valoredellattributo|valoresdoatributo"
    r"|wartościatrybutu|valoriatribut)(\d+)"
)
_PRESTA_ACTIVE = (
    "Active (0/1)",
    "Actif (0/1)",
    "Aktiv (0/1)",
    "Attivo (0/1)",
    "Activo (0/1)",
    "Actief (0/1)",
)
_PRESTA_PRICE = (
    *("Price tax excluded or Price tax included", "Price tax included", "Price tax incl."),
    *(
        "Price tax excluded",
        "Price tax excl.",
        "Prix TTC",
        "Prix HT",
        "Prix de vente TTC",
        "Prix de vente HT",
    ),
    *("Prix HT ou prix TTC", "Verkaufspreis inkl. MwSt.", "Verkaufspreis exkl. MwSt.", "Preis inkl. MwSt."),
    *("Preis zzgl. MwSt.", "Prezzo tasse escl.", "Prezzo tasse incl.", "Precio impuestos excluidos"),
    *("Precio impuestos incluidos",),
)
_PRESTA_TAGS = (
    "Tags (x,y,z...)",
    "Tags (x;y;z...)",
    "Mots-clés (x,y,z...)",
    "Étiquettes (x,y,z...)",
    "Balises",
)
_PRESTA_IMAGES = (
    *(
        "Image URLs (x,y,z...)",
        "URL des images (x,y,z...)",
        "URL d'images (x,y,z...)",
        "Bild-URLs (x,y,z...)",
    ),
    *("URL immagine (x,y,z...)", "URL de la imagen (x,y,z...)", "Image URL"),
)
_PRESTA_GROUP = ("Product ID", "ID", "ID produit", "Produkt-ID", "ID prodotto", "ID del producto")

SHOPS: tuple[Format, ...] = (
    Format(
        "Shopify",
        signature=("Handle", "Title", ("Variant SKU", "Variant Price", "Variant Inventory Qty")),
        columns={"stock": "Variant Inventory Qty"},
        options={"continued": True},
        decimal=".",
    ),
    Format(
        "Shopify (URL handle)",
        signature=("URL handle", "Title", ("Option1 value", "Inventory quantity", "Compare-at price")),
        columns={
            "published": ("Published on online store",),
            "stock": "Inventory quantity",
            "image": "Product image URL",
            "variant_image": "Variant image URL",
            "weight": "Weight value (grams)",
        },
        options={"continued": True},
        decimal=".",
    ),
    Format(
        "WooCommerce",
        signature=(_WOO_SKU, _WOO_REGULAR, _WOO_SALE, _WOO_PARENT),
        columns={
            "group": "Whole",
            "varies": "Varies",
            "role": ("Type", "Typ", "Tipo", "Tip", "Tür"),
            "sku": _WOO_SKU,
            "barcode": ("GTIN, UPC, EAN, or ISBN",),
            "price": _WOO_REGULAR,
            "sale": _WOO_SALE,
            "sale_until": (
                *("Date sale price ends", "Datum, an dem Angebotspreis endet", "Date de fin de promo"),
                *("Día en que termina el precio rebajado", "Data di fine del prezzo scontato"),
            ),
            "description": ("Description", "Beschreibung", "Descripción", "Descrizione", "Descriere"),
            "type": ("Categories", "Kategorien", "Catégories", "Categorías", "Categorie", "Kategorie"),
            "published": (
                *("Published", "Veröffentlicht", "Publié", "Publicado", "Pubblicato", "Gepubliceerd"),
                *("Opublikowano", "Publicat", "Yayımlanmış"),
            ),
            "image": (
                *("Images", "Bilder", "Imágenes", "Immagini", "Afbeeldingen", "Obrazki", "Imagini"),
                *("Görseller", "Imagens"),
            ),
            "stock": ("Stock", "Lager", "Inventario", "Magazzino", "Voorraad", "Stan magazynowy", "Stoc"),
        },
        options={"any": True},
        shapes=(
            Linked(_WOO_PARENT, own=(*_WOO_SKU, "ID", "Identyfikator"), name="Whole", prefixes={"id:": "ID"}),
            Paired("Varies", _WOO_NAMES, _WOO_VALUES),
        ),
    ),
    Format(
        "Magento 2",
        signature=("sku", "product_type", ("attribute_set_code", "product_websites"), ("name", "price")),
        columns={
            "group": "Whole",
            "varies": "Varies",
            "view": "store_view_code",
            "handle": "url_key",
            "sale": "special_price",
            "sale_until": "special_price_to_date",
            "compare_at": "msrp_price",
            "cost": "cost",
            "role": "product_type",
            "type": "categories",
            "published": "product_online",
            "image": "Pictures",
            "stock": "qty",
        },
        shapes=(
            Listed("configurable_variations", own="sku", key="sku", name="Whole"),
            Gather("Pictures", "baseimage|additionalimages"),
        ),
        decimal=".",
    ),
    Format(
        "Bagisto",
        signature=("sku", "type", "attribute_family_code", ("url_key", "name")),
        columns={
            "group": "Whole",
            "varies": "Varies",
            "view": "locale",
            "handle": "url_key",
            "sale": "special_price",
            "sale_until": "special_price_to",
            "role": "type",
            "tags": "meta_keywords",
            "type": "categories",
            "published": "status",
            "status": (),
            "stock": "inventories",
        },
        options={"stock_by_place": "inventories"},
        shapes=(
            Listed("configurable_variants", own="sku", key="sku", name="Listed"),
            Linked(("parent_sku",), own=("sku",), name="Whole"),
        ),
        decimal=".",
    ),
    Format(
        "PrestaShop",
        signature=(_PRESTA_ACTIVE, ("Name", "Nom", "Nome", "Nombre", "Naam", "Name *"), _PRESTA_PRICE),
        columns={
            "group": _PRESTA_GROUP,
            "sku": ("Reference #", "Reference", "Référence", "Référence #", "Artikel-Nr.", "Riferimento #"),
            "handle": ("URL rewritten", "URL réécrite", "URL simplifiée", "Friendly-URL", "URL riscritto"),
            "price": _PRESTA_PRICE,
            "cost": ("Wholesale price", "Prix d'achat", "Einkaufspreis", "Prezzo all'ingrosso"),
            "sale_off": ("Discount amount", "Montant de la réduction", "Rabatt Betrag", "Importo sconto"),
            "sale_until": (
                *("Discount to (yyyy-mm-dd)", "Discount to (yyy-mm-dd)", "Fin de la réduction (aaaa-mm-jj)"),
                *("Rabatt bis (yyyy-mm-dd)",),
            ),
            "brand": ("Manufacturer", "Fabricant", "Marque", "Hersteller", "Produttore", "Brand"),
            "type": ("Categories (x,y,z...)", "Categories (x;y;z...)", "Catégories (x,y,z...)"),
            "tags": _PRESTA_TAGS,
            "published": _PRESTA_ACTIVE,
            "status": (),
            "image": _PRESTA_IMAGES,
            "stock": ("Quantity", "Quantité", "Menge", "Quantità", "Cantidad", "Aantal"),
        },
        options={"rounds": True},
    ),
    Format(
        "PrestaShop combinations",
        signature=(
            (
                "Attribute (Name:Type:Position)",
                "Attribut (Nom:Type:Position)",
                "Attribut (Name:Typ:Position)",
            ),
            ("Value (Value:Position)", "Valeur (Valeur:Position)", "Wert (Wert:Position)"),
        ),
        columns={
            "group": _PRESTA_GROUP,
            "varies": "Varies",
            "sku": ("Reference", "Référence", "Artikel-Nr."),
            "surcharge": ("Impact on price", "Impact sur le prix", "Auswirkung auf den Preis"),
            "cost": ("Wholesale price", "Prix d'achat", "Einkaufspreis"),
            "image": ("Image URL", "Image URLs (x,y,z...)", "URL de l'image"),
            "stock": ("Quantity", "Quantité", "Menge"),
        },
        constants={"role": "variant"},
        options={"any": True, "rounds": True},
        stacked=True,
        shapes=(
            Paired(
                "Varies",
                "attribute?(?:name|nom)typ(?:e)?position",
                "(?:value|valeur|wert)+position",
                part=r"[;,]",
                until=":",
            ),
        ),
    ),
    Format(
        "BigCommerce",
        signature=("name", "sku", "custom_url", ("calculated_price", "inventory_level")),
        columns={
            "handle": "custom_url",
            "sale": "sale_price",
            "compare_at": "retail_price",
            "cost": "cost_price",
            "type": "categories",
            "tags": (),
            "published": "is_visible",
            "image": "Pictures",
            "barcode": "upc",
            "stock": "inventory_level",
        },
        options={"base_row": True},
        shapes=(Gather("Pictures", r"primaryimage|image\d+"),),
        decimal=".",
    ),
    Format(
        "BigCommerce (V3)",
        signature=("Item", "ID", "Name", "SKU", "Options", "Inventory Tracking"),
        columns={
            "group": "Whole",
            "role": "Item",
            "varies": "Options",
            "sale": "Sale Price",
            "compare_at": "Retail Price",
            "type": "Categories",
            "published": "Is Visible",
            "barcode": ("UPC/EAN", "Global Trade Number"),
            "image": "Pictures",
            "stock": "Current Stock",
        },
        options={"any": True},
        shapes=(
            Carried("ID", mark="Item", value="Product", name="Whole"),
            Gather("Pictures", "variantimageurl|internalimageurlexport|imageurlimport"),
        ),
        decimal=".",
    ),
    Format(
        "BigCommerce (V2)",
        signature=("Item Type", "Product ID", "Product Name", "Product Code/SKU"),
        columns={
            "group": "Whole",
            "role": "Item Type",
            "title": "Product Name",
            "varies": "Varies",
            "sku": "Product Code/SKU",
            "sale": "Sale Price",
            "compare_at": "Retail Price",
            "brand": "Brand Name",
            "description": "Product Description",
            "type": "Category",
            "published": "Product Visible?",
            "image": "Pictures",
            "stock": "Current Stock Level",
        },
        options={"any": True},
        shapes=(
            Carried("Product ID", mark="Item Type", value="Product", name="Whole"),
            Gather("Varies", "productname"),
            Gather("Pictures", r"productimage(?:url|file)\d+"),
        ),
        decimal=".",
    ),
    Format(
        "Wix",
        signature=("handleId", "fieldType", "name"),
        columns={
            "handle": "handleId",
            "role": "fieldType",
            "varies": "Varies",
            "image": "productImageUrl",
            "type": "collection",
            "surcharge": "surcharge",
            "sale_off": "discountValue",
            "sale_mode": "discountMode",
            "published": "visible",
            "stock": "inventory",
        },
        options={"any": True, "image_base": "https://static.wixstatic.com/media/"},
        shapes=(
            FillDown(tuple(f"productOptionName{n}" for n in range(1, 7)), mark="name"),
            Paired("Varies", r"productoptionname(\d)", r"productoptiondescription(\d)"),
        ),
        decimal=".",
    ),
    Format(
        "Wix (handle)",
        signature=("handle", "fieldType", "name", ("plainDescription", "strikethroughPrice", "media")),
        columns={
            "role": "fieldType",
            "varies": "Varies",
            "image": "media",
            "compare_at": "strikethroughPrice",
            "description": "plainDescription",
            "published": "visible",
            "stock": "inventory",
        },
        options={"any": True, "image_base": "https://static.wixstatic.com/media/"},
        shapes=(
            FillDown(tuple(f"productOptionName[{n}]" for n in range(1, 7)), mark="name"),
            Paired("Varies", r"productoptionname(\d)", r"productoptionchoices(\d)"),
        ),
        decimal=".",
    ),
    Format(
        "Squarespace",
        signature=(
            ("Product ID [Non Editable]", "Product ID"),
            ("Variant ID [Non Editable]", "Variant ID"),
            "Title",
            ("Option Name 1", "On Sale"),
        ),
        columns={
            "group": ("Product ID [Non Editable]", "Product ID"),
            "handle": "Product URL",
            "varies": "Varies",
            "sale": "Sale Price",
            "sale_on": "On Sale",
            "type": "Categories",
            "published": "Visible",
            "image": "Hosted Image URLs",
            "stock": "Stock",
        },
        options={"any": True},
        shapes=(
            FillDown(
                (
                    *("Product ID [Non Editable]", "Product ID", "Product URL"),
                    *(f"Option Name {n}" for n in range(1, 7)),
                ),
                mark="Title",
            ),
            Paired("Varies", r"optionname(\d)", r"optionvalue(\d)"),
        ),
        decimal=".",
    ),
    Format(
        "Shopware 6",
        signature=(
            ("product_number", "productNumber"),
            ("parent_id", "parentId", "parent"),
            ("name", "translations.DEFAULT.name", "stock"),
        ),
        columns={
            "group": "Whole",
            "role": "Whole: part",
            "sku": ("product_number", "productNumber"),
            "title": ("name", "translations.DEFAULT.name"),
            "description": ("description", "translations.DEFAULT.description"),
            "price": ("price_gross", "price.DEFAULT.gross", "price_net", "price.DEFAULT.net"),
            "compare_at": ("list_price_gross", "price.DEFAULT.listPrice.gross"),
            "brand": ("manufacturer_name", "manufacturer.translations.DEFAULT.name"),
            "barcode": ("ean",),
            "image": ("cover_media_url", "cover.media.url"),
            "published": "active",
            "varies": ("options", "variation"),
            "stock": "stock",
        },
        options={"any": True, "rounds": True},
        shapes=(Linked(("parent_id", "parentId", "parent"), own=("id", "product_number"), name="Whole"),),
        decimal=".",
    ),
    Format(
        "Shopware 5",
        signature=("ordernumber", "mainnumber", "name"),
        columns={
            "group": "Whole",
            "role": "Whole: part",
            "sku": "ordernumber",
            "price": ("price_EK", "price", "prices"),
            "compare_at": ("pseudoprice_EK", "pseudoprice"),
            "brand": "supplier",
            "description": ("description_long", "description"),
            "varies": ("configuratorOptions", "additionalText"),
            "published": "active",
            "image": ("imageUrl", "image"),
            "stock": "instock",
        },
        options={"any": True, "rounds": True},
        shapes=(Linked(("mainnumber",), own=("ordernumber",), name="Whole"),),
    ),
    Format(
        "Vendure",
        signature=("name", "slug", "optionGroups", "optionValues", "sku"),
        columns={
            "handle": "slug",
            "varies": "Varies",
            "image": "Pictures",
            "tags": "facets",
            "stock": "stockOnHand",
        },
        shapes=(
            FillDown(("name", "slug", "optionGroups"), mark="name"),
            Paired("Varies", "optiongroups", "optionvalues", part=r"\|"),
            Gather("Pictures", "assets|variantassets"),
        ),
        decimal=".",
    ),
)
