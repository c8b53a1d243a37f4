"""What the sample shops say about themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sample:
    """A page; `media:<key>` in its body stands for one of the shop's files. `said` is what it says in other
    languages: language → (title, body); what it said `before` it was written to its end is out of date."""

    title: str
    body: str
    state: str = "published"
    language: str = "en"
    said: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    before: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's pages, the latest first; its pictures as key → (name, folder, scene); its guide's lines."""

    pages: tuple[Sample, ...]
    pictures: Mapping[str, tuple[str, str, str]]
    guide: tuple[str, ...] = ()


def samples_of(code: str, name: str) -> Shop:
    """What a shop says, by a part of its code."""
    own = next((shop for part, shop in _OWN.items() if part in code), None)
    return own or Shop(tuple(_plain(name)), {})


_SHIPPING = """We pack on weekdays until noon, and what is ordered by then leaves the same day.

| Where to | How long | Price |
| --- | --- | ---: |
| Luxembourg | 1–2 days | €4.90 |
| Belgium, France, Germany | 2–4 days | €7.90 |
| Elsewhere in the European Union | 3–6 days | €12.90 |

Orders over €80 travel free within Luxembourg. As soon as your parcel is on its way we send you its number.
"""
_RETURNS = """Changed your mind? You have **30 days** from the day your parcel arrives.

1. Write to us, with the number of your order.
2. Pack things well, as we did.
3. Bring the parcel to any post office: the label is free.

Your money is back on your account within five days of the parcel reaching us. What arrived broken
we replace at once; a photograph is enough.
"""
_SAID_OF_RETURNS = {
    "de": (
        "Rückgabe",
        """Anders überlegt? Sie haben **30 Tage** ab dem Tag, an dem Ihr Paket ankommt.

1. Schreiben Sie uns, mit der Nummer Ihrer Bestellung.
2. Packen Sie alles gut ein, so wie wir es getan haben.
3. Bringen Sie das Paket zu einer Poststelle: Das Etikett ist kostenlos.

Ihr Geld ist fünf Tage, nachdem das Paket bei uns ist, wieder auf Ihrem Konto. Was zerbrochen ankam,
ersetzen wir sofort; ein Foto genügt.
""",
    ),
    "fr": (
        "Retours",
        """Vous avez changé d’avis ? Vous avez **30 jours** à partir de l’arrivée de votre colis.

1. Écrivez-nous, avec le numéro de votre commande.
2. Emballez bien le tout, comme nous l’avons fait.
3. Déposez le colis dans un bureau de poste : l’étiquette est gratuite.

Votre argent est de retour sur votre compte dans les cinq jours après l’arrivée du colis chez nous. Ce qui
est arrivé cassé est remplacé aussitôt ; une photo suffit.
""",
    ),
}


def _plain(name: str) -> list[Sample]:
    return [
        Sample("Shipping", _SHIPPING),
        Sample("Returns", _RETURNS),
        Sample("About us", f"## {name}\n\nA small shop with few things, chosen with care.", "draft"),
    ]


_WIZAMART = Shop(
    pages=(
        Sample(
            "A quiet winter",
            """The evenings are long, and we have made the shop warm for them.

![Fir trees in the snow](media:winter)

## What we light

Beeswax burns slowly and smells of nothing but itself. Ours comes from two keepers in the Ardennes,
who pour it by hand from November on.

> A candle is finished when the room has become quiet.

## How to look after it

- Let it burn until the whole surface is liquid, the first time.
- Trim the wick to half a centimetre before you light it again.
- Keep it out of draughts, and out of reach.

All of that, and how to save a tunnelled candle, is in our [care guide](media:guide).
""",
        ),
        Sample("Shipping", "![Parcels ready to go](media:parcels)\n\n" + _SHIPPING),
        Sample("Returns", _RETURNS, said=_SAID_OF_RETURNS),
        Sample(
            "About us",
            """Wizamart began as a market stall in 2014, with three kinds of candles and a borrowed table.

![The bench in our workshop](media:workshop)

Today there are six of us, in an old printing house behind the station. We still know everybody
who makes what we sell, and we still turn down most of what we are offered.

## What we care about

- Things that can be mended.
- Makers who are named, and paid before the season and not after it.
- Parcels without plastic.
""",
            before={
                "fr": (
                    "À propos de nous",
                    "Wizamart a commencé en 2014 par un étal au marché, avec trois sortes de bougies et une "
                    "table empruntée.",
                ),
            },
        ),
        Sample(
            "Winter market",
            "Before the holidays we open the yard: makers, cake and mulled juice, from 10 to 18.",
            "scheduled",
        ),
        Sample(
            "Gift cards",
            "For whoever has everything but time to choose.\n\n*Still open: amounts.*",
            "draft",
        ),
        Sample(
            "Qui sommes-nous",
            "Un petit magasin derrière la gare de Luxembourg.",
            "draft",
            "fr",
        ),
        Sample("Summer opening hours", "In August we are closed on Mondays.", "archived"),
    ),
    pictures={
        "winter": ("Fir trees in the snow", "Season/Winter", "winter"),
        "parcels": ("Parcels ready to go", "Shop", "parcels"),
        "workshop": ("The bench in our workshop", "Shop", "workshop"),
    },
    guide=(
        "Candle care",
        "1. The first time, let the whole surface become liquid.",
        "2. Trim the wick to half a centimetre before lighting it again.",
        "3. Never leave it alone, and keep it out of draughts.",
        "4. A tunnelled candle is saved with a collar of foil, for half an hour.",
    ),
)
_BOOKS = Shop(
    pages=(
        Sample(
            "The reading year",
            "Twelve books, one a month, wrapped so that you do not know.\n\n![A full shelf](media:shelf)\n\n"
            "We choose by what you liked last; a card says why. Here is [last year's list](media:guide).",
        ),
        Sample("Orders and shipping", _SHIPPING),
        Sample("About us", "Two booksellers, one cat, and eleven thousand books on the Rue de l’Eau."),
        Sample("Über uns", "Zwei Buchhändlerinnen, eine Katze und elftausend Bücher.", "draft", "de"),
    ),
    pictures={"shelf": ("A full shelf", "Shop", "shelf")},
    guide=("Last year's list", "January: Winter garden", "February: The paper maker", "March: Night walks"),
)
_GLASS = Shop(
    pages=(
        Sample(
            "Mundgeblasen",
            "Jedes Stück entsteht am Ofen, in Handarbeit.\n\n![Gläser auf dem Tisch](media:glass)\n\n"
            "Kleine Blasen gehören dazu. Wie Glas lange schön bleibt, steht im [Merkblatt](media:guide).",
            language="de",
        ),
        Sample("Versand", "Wir packen in Holzwolle. **Bruch ersetzen wir**, ein Foto genügt.", language="de"),
        Sample("Rückgabe", "Dreissig Tage, ohne Angabe von Gründen.", language="de"),
        Sample("Werkstattbesuch", "Jeden ersten Samstag im Monat, nach Anmeldung.", "draft", "de"),
    ),
    pictures={"glass": ("Gläser auf dem Tisch", "", "glass")},
    guide=("Glas pflegen", "Mit der Hand waschen, warm und nicht heiss.", "Kalkflecken: ein Schuss Essig."),
)
_OWN: Mapping[str, Shop] = {"WIZAMART": _WIZAMART, "BOOK": _BOOKS, "GLAS": _GLASS}
