"""Telling people of what has run out or become low, once, when it does."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from modules.catalog.api import Found, variants_by_id
from modules.inventory import notices
from modules.inventory.ledger import vendor_of
from modules.inventory.models import Item
from orion.contracts.data import session
from orion.contracts.notices import Kind, tell
from orion.contracts.scope import Scope

#: Variants that are told of one by one; of more there is one notice.
MOST = 3


def warn(scope: Scope, fallen: Mapping[int, int]) -> None:
    """Tell of the variants that have become low or run out: row id → how many fewer are available now."""
    if not any(pieces > 0 for pieces in fallen.values()):
        return
    mine = select(Item).where(Item.vendor_id == vendor_of(scope), Item.variant_id.in_(fallen))
    items = session().scalars(mine.order_by(Item.variant_id).execution_options(populate_existing=True)).all()
    gone = [item for item in items if item.available <= 0 < item.available + fallen[item.variant_id]]
    low = [item for item in items if _is_low_now(item, fallen[item.variant_id])]
    found = variants_by_id(scope, [item.variant_id for item in (*gone, *low)]) if gone or low else {}
    _tell(scope, notices.RAN_OUT, notices.MANY_RAN_OUT, gone, found)
    _tell(scope, notices.LOW, notices.MANY_LOW, low, found)


def _is_low_now(item: Item, pieces: int) -> bool:
    at = item.threshold
    return at is not None and 0 < item.available <= at < item.available + pieces


def _tell(scope: Scope, one: Kind, many: Kind, items: Sequence[Item], found: Mapping[int, Found]) -> None:
    if len(items) > MOST:
        tell(scope, many, number=len(items))
        return
    for item in items:
        about = found[item.variant_id]
        tell(scope, one, title=about.title, number=item.available, variant=about.variant.public_id)
