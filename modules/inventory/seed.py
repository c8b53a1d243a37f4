"""Goods in the sample shops: most in plenty, some low, some gone."""

from datetime import timedelta

from sqlalchemy import select

from modules.catalog.api import Product, Variant, of_variant, vendor_codes
from modules.inventory.ledger import Move, write
from modules.inventory.models import Item
from modules.inventory.services import add_location, count, first_location
from orion.contracts.data import entered
from orion.contracts.seed import SeedContext

#: How much came in at first, and how often so many; where it was six, all are sold.
ARRIVED, OFTEN = (6, 3, 12, 24, 40, 60), (2, 2, 6, 8, 5, 3)
THRESHOLD = 5


def seed(context: SeedContext) -> None:
    """A transaction a vendor; a vendor that counts anything is left as it is."""
    for code in vendor_codes(context.scope()):
        scope = context.scope(vendor=code)
        with entered(scope, write=True) as writing:
            on_sale = select(Variant.id).join(Product, of_variant).where(Product.status == "active")
            variants = writing.scalars(on_sale.where(Variant.retired_at.is_(None)).order_by(Variant.id)).all()
            if not variants or writing.scalar(select(Item.id).limit(1)) is not None:
                continue
            store, shop = first_location(scope), add_location(scope, "Shop floor")
            arrived = {id_: context.rng.choices(ARRIVED, weights=OFTEN)[0] for id_ in variants}
            month_ago = context.now - timedelta(days=30)
            moves = [Move(id_, store.id, n) for id_, n in arrived.items()]
            write(scope, moves, "receive", now=month_ago, reference="")
            shown = [id_ for id_, n in arrived.items() if n > 20]
            out = [Move(id_, place.id, n) for id_ in shown for place, n in ((store, -6), (shop, 6))]
            write(scope, out, "transfer", now=month_ago + timedelta(days=2))
            sold = [Move(id_, store.id, -n) for id_, n in arrived.items() if n == 6]
            write(scope, sold, "sale", now=context.now - timedelta(days=9))
            gone = {id_: 5 for id_ in shown if context.rng.random() < 0.15}
            count(scope, shop.public_id, gone, now=context.now - timedelta(days=3))
            for item in writing.scalars(select(Item)):
                item.threshold = THRESHOLD
            writing.commit()
