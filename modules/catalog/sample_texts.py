"""What some of the sample shops' products are called in German and French."""

from collections.abc import Mapping

#: Title → language → title, text and type there.
SAID: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "Beeswax candle": {
        "de": ("Bienenwachskerze", "Brennt *vierzig Stunden*.", "Kerze"),
        "fr": ("Bougie en cire d’abeille", "Brûle pendant *quarante heures*.", "Bougie"),
    },
    "Linen apron": {
        "de": ("Leinenschürze", "Gewaschenes Leinen mit **zwei Taschen**.", "Schürze"),
        "fr": ("Tablier en lin", "Lin lavé, avec **deux poches**.", "Tablier"),
    },
    "Oak board": {
        "de": ("Eichenbrett", "Aus einem Stück geschnitten, von Hand geölt.", "Brett"),
        "fr": ("Planche en chêne", "", "Planche"),
    },
    "Stoneware mug": {
        "de": ("Steinzeugbecher", "In kleinen Mengen gedreht und glasiert.", "Becher"),
    },
    "Atlas of quiet places": {
        "de": ("Atlas der stillen Orte", "Vierzig Wege abseits der Straße.", "Buch"),
        "fr": ("Atlas des lieux tranquilles", "Quarante promenades loin des routes.", "Livre"),
    },
    "Field guide to moths": {
        "de": ("Nachtfalter bestimmen", "Mit *sechshundert* Zeichnungen.", "Buch"),
        "fr": ("Guide des papillons de nuit", "Avec *six cents* dessins.", "Livre"),
    },
    "Bud vase": {"de": ("Knospenvase", "Für einen einzelnen Stiel.", "Vase")},
}
#: Language → what products vary in.
WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "Colour": "Farbe",
        "Size": "Größe",
        "Height": "Höhe",
        "Sage": "Salbei",
        "Clay": "Ton",
        "Ink": "Tinte",
        "Teal": "Petrol",
        "Cream": "Creme",
        "12 cm": "12 cm",
        "18 cm": "18 cm",
        "25 cm": "25 cm",
        "S/M": "S/M",
        "L/XL": "L/XL",
        "Plum": "Pflaume",
        "Amber": "Bernstein",
        "Sea": "Meer",
    },
    "fr": {
        "Colour": "Couleur",
        "Size": "Taille",
        "Height": "Hauteur",
        "Sage": "Sauge",
        "Clay": "Argile",
        "Ink": "Encre",
        "12 cm": "12 cm",
        "18 cm": "18 cm",
        "25 cm": "25 cm",
        "S/M": "S/M",
        "L/XL": "L/XL",
    },
}
#: Category → language → its name there.
PLACES: Mapping[str, Mapping[str, str]] = {
    "Kitchen": {"de": "Küche", "fr": "Cuisine"},
    "Tableware": {"de": "Geschirr", "fr": "Vaisselle"},
    "Garden": {"de": "Garten", "fr": "Jardin"},
    "Nature": {"de": "Natur", "fr": "Nature"},
}
