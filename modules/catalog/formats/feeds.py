"""Feeds for search engines, social networks and price comparison."""

from orion.contracts.tabular import Format, Gather, Named

#: What items of one group differ in, by the names that feeds have for it.
VARYING = {
    "color": "Color",
    "colour": "Color",
    "farbe": "Farbe",
    "couleur": "Couleur",
    "size": "Size",
    "größe": "Größe",
    "taille": "Taille",
    "material": "Material",
    "pattern": "Pattern",
    "muster": "Muster",
    "grösse": "Größe",
    "taglia": "Taglia",
    "colore": "Colore",
    "talla": "Talla",
    "mărime": "Mărime",
    "culoare": "Culoare",
    "maat": "Maat",
    "kleur": "Kleur",
    "rozmiar": "Rozmiar",
    "kolor": "Kolor",
    "beden": "Beden",
    "renk": "Renk",
    "size_system": "Size system",
    "size_type": "Size type",
}
_ID = ("id", "retailer_id", "offer_id")
_TITLE = ("title", "titel", "titre", "titolo", "título", "titlu", "tytuł")
_IMAGE = (
    "image_link",
    "image link",
    "bildlink",
    "lien image",
    "link immagine",
    "enlace imagen",
    "image[0].url",
)
_PICTURES = (
    r"(?:additional)?image(?:link|url)s?\d*|image\d+url|bildlink|zusätzlicherbildlink|lienimage|linkimmagine"
    r"|enlaceimagen"
)
_GOOGLE = {
    "sku": _ID,
    "title": _TITLE,
    "group": ("item_group_id", "artikelgruppen-ID", "item group id"),
    "varies": "Varies",
    "sale": ("sale_price", "sonderangebotspreis", "prix soldé", "prezzo scontato"),
    "sale_until": ("sale_price_effective_date",),
    "barcode": ("gtin", "ean", "upc", "isbn"),
    "brand": ("brand", "marke", "marque", "marca"),
    "type": ("product_type", "produkttyp", "google_product_category", "fb_product_category"),
    "description": ("description", "beschreibung", "rich_text_description", "descrizione", "descripción"),
    "weight": ("product_weight", "shipping_weight"),
    "cost": ("cost_of_goods_sold",),
    "image": "Pictures",
    "stock": ("quantity", "inventory", "sell_on_google_quantity", "quantity_to_sell_on_facebook"),
    "status": (),
    "published": (),
}
_GOOGLE_SHAPES = (Named("Varies", VARYING), Gather("Pictures", _PICTURES))

FEEDS: tuple[Format, ...] = (
    Format(
        "Google Merchant",
        signature=(
            _ID,
            _TITLE,
            ("link", "link href"),
            _IMAGE,
            ("price", "preis", "prix", "prezzo", "precio"),
        ),
        columns=_GOOGLE,
        options={"varying": True},
        shapes=_GOOGLE_SHAPES,
    ),
    Format(
        "Meta catalog",
        signature=(
            *("id", "title", "availability", "condition", "price", "link"),
            ("image_link", "image[0].url"),
            ("rich_text_description", "fb_product_category", "quantity_to_sell_on_facebook", "status"),
        ),
        columns=_GOOGLE,
        options={"varying": True},
        shapes=_GOOGLE_SHAPES,
    ),
    Format(
        "idealo",
        signature=(
            "sku",
            "title",
            ("categoryPath", "eans", "eancode"),
            ("deliveryTime", "delivery"),
            ("imageUrls", "url"),
        ),
        columns={"barcode": ("eans", "ean"), "type": "categoryPath", "image": "imageUrls"},
    ),
    Format(
        "billiger.de",
        signature=("aid", "name", "price", ("shop_cat", "mpnr", "dlv_time")),
        columns={
            "sku": "aid",
            "description": "desc",
            "type": "shop_cat",
            "image": ("image", "images"),
            "compare_at": ("old_price", "uvp"),
        },
    ),
)
