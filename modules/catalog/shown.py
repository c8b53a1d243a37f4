"""What shows on a platform, part by part: for those who hand it on."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from modules.catalog.models import Listing, Product
from modules.catalog.stored import Stored, read
from orion.contracts.data import session
from orion.contracts.scope import Scope


def shown_on(
    scope: Scope, platform_id: int, after: int, most: int, *, texts: bool = False
) -> Sequence[Stored]:
    """At most so many products that show on a platform (row id), in the order of their row ids, those after
    one of them; with what they say in other languages where `texts` are wanted."""
    listed = and_(Listing.vendor_id == Product.vendor_id, Listing.product_id == Product.id)
    shows = and_(Listing.platform_id == platform_id, Listing.published.is_(True))
    asked = select(Product.id).join(Listing, listed).where(shows, Product.status == "active")
    ids = session().scalars(asked.where(Product.id > after).order_by(Product.id).limit(most)).all()
    there = read(ids, lock=False, texts=texts)
    return [there[id_] for id_ in ids]
