"""What the sample shops sell: goods for the house, books and glass."""

from collections.abc import Sequence
from dataclasses import dataclass

Colour = tuple[int, int, int]
SAGE, CLAY, INK, PLUM, HONEY = (132, 148, 112), (190, 122, 94), (74, 96, 122), (146, 108, 148), (204, 162, 88)
TEAL, ROSE, COAL, LINEN, SMOKE = (
    (88, 140, 146),
    (196, 134, 140),
    (84, 82, 88),
    (208, 194, 168),
    (120, 130, 138),
)


@dataclass(frozen=True, slots=True)
class Good:
    """A product: `options` are (name, values), `shape` and `colour` are how it is drawn."""

    title: str
    price: str
    type: str
    category: Sequence[str]
    shape: str
    colour: Colour
    text: str = ""
    options: Sequence[tuple[str, Sequence[str]]] = ()
    tags: Sequence[str] = ()
    status: str = "active"


KITCHEN, TABLE = ("Kitchen",), ("Kitchen", "Tableware")
LIVING, TEXTILES, LIGHT = ("Living",), ("Living", "Textiles"), ("Living", "Candles and light")
BATH, GARDEN, OFFICE = ("Bath",), ("Garden",), ("Desk",)
COLOURS = ("Sage", "Clay", "Ink")

HOUSE = (
    Good(
        "Beeswax candle",
        "11.90",
        "Candle",
        LIGHT,
        "candle",
        HONEY,
        "Burns for *forty hours*.",
        (("Height", ("12 cm", "18 cm", "25 cm")),),
        ("gift",),
    ),
    Good(
        "Linen apron",
        "42.00",
        "Apron",
        TEXTILES,
        "cloth",
        SAGE,
        "Washed linen with **two pockets**.",
        (("Colour", COLOURS), ("Size", ("S/M", "L/XL"))),
        ("gift", "linen"),
    ),
    Good(
        "Oak board", "34.50", "Board", KITCHEN, "board", (196, 158, 104), "Cut from one piece, oiled by hand."
    ),
    Good(
        "Stoneware mug",
        "16.00",
        "Mug",
        TABLE,
        "mug",
        TEAL,
        "Thrown and glazed in small batches.",
        (("Colour", ("Teal", "Clay", "Cream", "Ink")),),
        ("gift",),
    ),
    Good(
        "Wool blanket",
        "89.00",
        "Blanket",
        TEXTILES,
        "cloth",
        ROSE,
        "Pure new wool, woven with a herringbone.",
        (("Colour", ("Rose", "Grey", "Natural")), ("Size", ("130 × 180 cm", "150 × 210 cm"))),
        ("winter",),
    ),
    Good("Brass hook", "7.50", "Hook", LIVING, "hook", HONEY),
    Good("Lavender soap", "6.90", "Soap", BATH, "soap", PLUM, "Cold stirred, with oil from the hills."),
    Good("Cotton tote", "14.00", "Bag", TEXTILES, "cloth", LINEN, tags=("gift",)),
    Good(
        "Enamel pot",
        "39.00",
        "Pot",
        KITCHEN,
        "pot",
        INK,
        "For every kind of stove.",
        (("Content", ("2 l", "3 l", "5 l")),),
    ),
    Good(
        "Felt slippers",
        "45.00",
        "Slippers",
        LIVING,
        "cloth",
        COAL,
        "",
        (("Colour", ("Coal", "Moss")), ("Size", ("37", "38", "39", "40", "41", "42"))),
        ("winter",),
    ),
    Good(
        "Pepper mill",
        "52.00",
        "Mill",
        TABLE,
        "mill",
        (150, 106, 72),
        "A steel grinder that lasts a lifetime.",
    ),
    Good("Garden twine", "5.40", "Twine", GARDEN, "twine", SAGE),
    Good("Desk tray", "27.00", "Tray", OFFICE, "board", COAL),
    Good("Tea towel", "12.50", "Towel", TEXTILES, "cloth", CLAY, "", (("Colour", COLOURS),), ("linen",)),
    Good("Wall clock", "74.00", "Clock", LIVING, "clock", CLAY, "Silent, with a hand-painted face."),
    Good("Herb scissors", "18.90", "Scissors", KITCHEN, "", COAL, status="draft"),
    Good("Ceramic planter", "", "Planter", GARDEN, "pot", CLAY, status="draft"),
    Good("Advent wreath", "58.00", "Wreath", LIVING, "", SAGE, tags=("winter",), status="archived"),
)

NOVELS, NATURE, HOBBY, PAPER = ("Fiction",), ("Nature",), ("Cooking and craft",), ("Stationery",)
BOOKS = (
    Good("Field guide to moths", "24.90", "Book", NATURE, "book", SAGE, "With *six hundred* drawings."),
    Good("A short history of tea", "18.50", "Book", HOBBY, "book", CLAY, "From the gardens to the pot."),
    Good(
        "Atlas of quiet places",
        "39.00",
        "Book",
        NATURE,
        "book",
        INK,
        "Forty walks away from the road.",
        tags=("gift",),
    ),
    Good(
        "The lighthouse keeper",
        "14.90",
        "Book",
        NOVELS,
        "book",
        TEAL,
        "A novel.",
        (("Binding", ("Paperback", "Hardback")),),
    ),
    Good("Poems for trains", "12.00", "Book", (*NOVELS, "Poetry"), "book", ROSE),
    Good(
        "Bread step by step", "29.90", "Book", HOBBY, "book", HONEY, "Eighty loaves, from simple to patient."
    ),
    Good("Letters from the Moselle", "16.50", "Book", NOVELS, "book", PLUM),
    Good(
        "The paper maker",
        "21.00",
        "Book",
        NOVELS,
        "book",
        SMOKE,
        "A novel.",
        (("Binding", ("Paperback", "Hardback")),),
    ),
    Good("Winter garden", "17.90", "Book", NATURE, "book", (96, 122, 108), tags=("winter",)),
    Good("Night walks", "13.90", "Book", NATURE, "book", COAL),
    Good(
        "Linen notebook",
        "9.50",
        "Notebook",
        PAPER,
        "book",
        LINEN,
        "",
        (("Ruling", ("Blank", "Lined", "Dotted")),),
        ("gift",),
    ),
    Good("Reading lamp", "46.00", "Lamp", PAPER, "lamp", HONEY, "Warm light that does not wake anybody."),
    Good("The cartographer", "", "Book", NOVELS, "book", CLAY, status="draft"),
)

DRINKING, SERVING, DECOR = ("Trinken",), ("Servieren",), ("Wohnen",)
GLASS = (
    Good(
        "Rauchglas-Karaffe", "48.00", "Karaffe", SERVING, "carafe", SMOKE, "Mundgeblasen, jede etwas anders."
    ),
    Good(
        "Becher (vier Stück)",
        "36.00",
        "Gläser",
        DRINKING,
        "tumbler",
        TEAL,
        "",
        (("Farbe", ("See", "Rauch", "Klar")),),
        ("Geschenk",),
    ),
    Good(
        "Weinglas",
        "17.50",
        "Gläser",
        (*DRINKING, "Wein"),
        "wine",
        ROSE,
        "",
        (("Art", ("Rot", "Weiss", "Schaumwein")),),
    ),
    Good("Sturmlaterne", "59.00", "Laterne", DECOR, "lantern", SAGE),
    Good(
        "Knospenvase",
        "22.00",
        "Vase",
        (*DECOR, "Vasen"),
        "vase",
        PLUM,
        "Für einen einzigen Zweig.",
        (("Farbe", ("Pflaume", "Bernstein", "See")), ("Höhe", ("12 cm", "18 cm"))),
    ),
    Good("Kuchenglocke", "64.00", "Glocke", SERVING, "dome", TEAL),
    Good("Flasche (halber Liter)", "15.00", "Flasche", SERVING, "bottle", SAGE),
    Good("Kerzenhalter", "19.00", "Halter", DECOR, "holder", HONEY),
    Good("Rippenschale", "28.50", "Schale", SERVING, "bowl", INK),
    Good("Glashalme", "8.90", "Halme", DRINKING, "straws", TEAL, "Sechs Halme und eine Bürste."),
    Good("Spiegeltablett", "", "Tablett", DECOR, "", SMOKE, status="draft"),
)
ASSORTMENTS = {"BOOK": BOOKS, "GLAS": GLASS, "": HOUSE}
BRANDS = {"BOOK": "Lux Books", "GLAS": "Nordglas", "": "Hof & Herd"}
