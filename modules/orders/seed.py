"""A believable year of trade for every vendor and platform: seasons, weekdays, refunds, cancellations."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from modules.customers.api import Customer, Platform, vendor_codes
from modules.orders.documents import Document, DocumentLine, History
from modules.orders.models import Order
from modules.orders.services import Entry, EntryLine, enter, invoice, take
from modules.orders.states import STEPS
from orion.contracts.data import entered, session
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.contracts.seed import SeedContext

ORDERS = {"small": 1500, "large": 100_000}
#: Documents in one transaction.
CHUNK = 1000
DAYS = 365
#: So many of a shop's latest parcels have their invoice.
INVOICED = 5
#: What a shop sells, by a part of its code: title and price, the best selling first.
ASSORTMENTS = {
    "BOOK": """Field guide to moths 24.90, A short history of tea 18.50, Atlas of quiet places 39.00,
        The lighthouse keeper 14.90, Poems for trains 12.00, Bread step by step 29.90,
        Letters from the Moselle 16.50, The paper maker 21.00, Winter garden 17.90, Night walks 13.90,
        Linen notebook 9.50, Reading lamp 46.00""",
    "GLAS": """Rauchglas-Karaffe 48.00, Becher (vier Stück) 36.00, Weinglas 17.50, Sturmlaterne 59.00,
        Knospenvase 22.00, Kuchenglocke 64.00, Flasche (halber Liter) 15.00, Kerzenhalter 19.00,
        Rippenschale 28.50, Glashalme 8.90""",
    "": """Beeswax candle 11.90, Linen apron 42.00, Oak board 34.50, Stoneware mug 16.00,
        Wool blanket 89.00, Brass hook 7.50, Lavender soap 6.90, Cotton tote 14.00, Enamel pot 39.00,
        Felt slippers 45.00, Pepper mill 52.00, Garden twine 5.40, Desk tray 27.00, Tea towel 12.50,
        Wall clock 74.00, Herb scissors 18.90""",
}
#: Where guests live, by a part of the shop's code.
HOMES = {"GLAS": "CH", "": "LU"}
GUESTS = ("A. Muller", "J. Weber", "C. Martin", "S. Rossi", "M. Peeters")


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer as the seed needs them."""

    reference: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Shop:
    """One vendor on one platform: what is sold, and to whom, sorted by when they came."""

    scope: Scope
    platform: str
    home: str
    products: Sequence[tuple[str, str]]
    buyers: Sequence[Buyer]
    joined: Sequence[date]


def seed(context: SeedContext) -> None:
    """A transaction for each thousand documents; a shop that has any is left as it is."""
    shops = _shops(context)
    sizes = [1 / math.sqrt(place) for place in range(1, len(shops) + 1)]
    wanted = context.orders if context.orders is not None else ORDERS[context.size]
    for shop, size in zip(shops, sizes, strict=True):
        documents = _documents(context, shop, round(wanted * size / sum(sizes)))
        for start in range(0, len(documents), CHUNK):
            with entered(shop.scope, write=True) as writing:
                take(shop.scope, documents[start : start + CHUNK], source="seed", now=context.now)
                writing.commit()
        if context.demo:
            _work_of_the_day(context, shop)


def _work_of_the_day(context: SeedContext, shop: Shop) -> None:
    """A draft that somebody has begun, and the invoices of what left last."""
    lines = [
        EntryLine(line.title, line.quantity, line.total // line.quantity, line.sku)
        for line in _lines(context.rng, shop)
    ]
    draft = Entry(
        shop.platform, shop.scope.currency, lines, customer_name=context.rng.choice(GUESTS), country=shop.home
    )
    sent = (
        select(Order.public_id)
        .where(Order.status == "shipped")
        .order_by(Order.placed_at.desc())
        .limit(INVOICED)
    )
    with entered(shop.scope, write=True) as writing:
        enter(shop.scope, draft, now=context.now)
        for public_id in writing.scalars(sent).all():
            invoice(shop.scope, public_id, now=context.now)
        writing.commit()


def _shops(context: SeedContext) -> list[Shop]:
    """Those without any document; vendors on several platforms first, then the others by name."""
    found = []
    for code in vendor_codes(context.scope()):
        with entered(context.scope(vendor=code)) as reading:
            platforms = reading.scalars(select(Platform).order_by(Platform.code.desc())).all()
        found += [(-len(platforms), code, platform.id, platform.code) for platform in platforms]
    shops = [
        _shop(context, code, id_, platform) for _n, code, id_, platform in sorted(found, key=lambda f: f[:2])
    ]
    return [shop for shop in shops if shop is not None]


def _shop(context: SeedContext, code: str, platform_id: int, platform: str) -> Shop | None:
    scope = replace(context.scope(vendor=code), platforms=frozenset({platform_id}))
    with entered(scope):
        if session().scalar(select(Order.id).limit(1)) is not None:
            return None
        rows = session().scalars(select(Customer).order_by(Customer.joined_on, Customer.id)).all()
    buyers = [Buyer(row.reference, row.name, row.country) for row in rows if row.reference]
    joined = [row.joined_on for row in rows if row.reference]
    home = next(country for part, country in HOMES.items() if part in code)
    return Shop(scope, platform, home, _products(code), buyers, joined)


def _products(code: str) -> list[tuple[str, str]]:
    goods = next(text for part, text in ASSORTMENTS.items() if part in code).split(",")
    return [(title, price) for title, _space, price in (one.strip().rpartition(" ") for one in goods)]


# -- documents --------------------------------------------------------------------------------


def _documents(context: SeedContext, shop: Shop, wanted: int) -> list[Document]:
    """Sales in the order of their moments, each followed by its refund where there is one."""
    moments = sorted(_moment(context, shop, on) for on in _days(context.rng, context.today, wanted))
    found: list[Document] = []
    for number, moment in enumerate(moments, 10_001):
        sale = _sale(context, shop, f"{shop.platform.upper()}-{number}", moment)
        found.append(sale)
        refund = _refund(context, shop, sale)
        if refund is not None:
            found.append(refund)
    return found


def _days(rng: Random, today: date, wanted: int) -> list[date]:
    days = [today - timedelta(days=n) for n in range(DAYS)]
    return rng.choices(days, weights=[_weight(day, today) for day in days], k=wanted)


def _weight(day: date, today: date) -> float:
    """Growth over the year, a quiet summer, the weeks before Christmas, and week-ends."""
    growth = 1.3 - 0.6 * (today - day).days / DAYS
    season = 1 + 0.15 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365)
    gifts = 1.8 if (day.month, day.day) >= (11, 20) and (day.month, day.day) <= (12, 22) else 1.0
    return growth * season * gifts * (0.9, 0.85, 0.9, 1.0, 1.1, 1.25, 1.15)[day.weekday()]


def _moment(context: SeedContext, shop: Shop, on: date) -> datetime:
    """A moment of that local date, most often in the evening, and never after now."""
    rng, zone = context.rng, ZoneInfo(shop.scope.zone)
    minute = min(1439, max(0, round(rng.gauss(15.5, 4) * 60)))
    start = datetime.combine(on, time(), zone).astimezone(UTC)
    moment = start + timedelta(minutes=minute, seconds=rng.randint(0, 59))
    if moment <= context.now:
        return moment
    return start + (context.now - start) * rng.random() if start < context.now else context.now


def _sale(context: SeedContext, shop: Shop, number: str, moment: datetime) -> Document:
    rng, zone = context.rng, ZoneInfo(shop.scope.zone)
    on = moment.astimezone(zone).date()
    buyer = _buyer(rng, shop, on)
    status, history = _progress(rng, moment, context.now)
    return Document(
        number=number,
        kind="sale",
        placed_at=moment,
        business_date=on,
        currency=shop.scope.currency,
        lines=_lines(rng, shop),
        customer=buyer.reference or None,
        customer_name=buyer.name,
        country=buyer.country,
        status=status,
        history=history,
    )


def _buyer(rng: Random, shop: Shop, on: date) -> Buyer:
    """Somebody who had come by then; those who came first come more often."""
    known = bisect_right(shop.joined, on)
    if not known or rng.random() < 0.06:
        return Buyer("", rng.choice(GUESTS), shop.home)
    return shop.buyers[int(known * rng.random() ** 1.4)]


def _lines(rng: Random, shop: Shop) -> tuple[DocumentLine, ...]:
    count = rng.choices((1, 2, 3, 4), weights=(50, 28, 15, 7))[0]
    chosen = sorted({int(len(shop.products) * rng.random() ** 1.6) for _ in range(count)})
    return tuple(_line(shop, place, rng.choices((1, 2, 3, 6), weights=(70, 20, 8, 2))[0]) for place in chosen)


def _line(shop: Shop, place: int, quantity: int) -> DocumentLine:
    title, price = shop.products[place]
    total = Money.of(Decimal(price) * quantity, shop.scope.currency).minor
    return DocumentLine(f"P-{place + 1:03}", title, quantity, total, price)


def _progress(rng: Random, placed: datetime, now: datetime) -> tuple[str, History]:
    """How far a sale has come, and when it took each step."""
    if rng.random() < 0.03:
        at = placed + timedelta(hours=rng.uniform(0.2, 20))
        return ("cancelled", (("cancelled", at),)) if at <= now else ("placed", ())
    at, history = placed, []
    for step, hours in zip(STEPS[1:], (6, 22, 20, 50), strict=True):
        at += timedelta(hours=hours * rng.uniform(0.3, 1.6))
        if at > now:
            break
        history.append((step, at))
    return (history[-1][0] if history else "placed"), tuple(history)


def _refund(context: SeedContext, shop: Shop, sale: Document) -> Document | None:
    """One of some twenty-five delivered sales comes back in part."""
    rng = context.rng
    moment = sale.placed_at + timedelta(days=rng.uniform(5, 21))
    if sale.status != "delivered" or moment > context.now or rng.random() > 0.04:
        return None
    back = rng.choice(sale.lines)
    line = DocumentLine(back.sku, back.title, -back.quantity, -back.total, back.unit_price)
    return Document(
        number=f"{sale.number}-R",
        kind="refund",
        placed_at=moment,
        business_date=moment.astimezone(ZoneInfo(shop.scope.zone)).date(),
        currency=sale.currency,
        lines=(line,),
        customer=sale.customer,
        customer_name=sale.customer_name,
        country=sale.country,
        origin_number=sale.number,
    )
