"""What other modules may ask of the stock."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from modules.inventory.models import Item
from orion.contracts.data import session
from orion.contracts.scope import Scope


class Supply:
    """Answers SupplySource."""

    def available(self, scope: Scope, variant_ids: Iterable[int]) -> Mapping[int, int]:
        """See SupplySource."""
        mine = select(Item.variant_id, Item.available).where(Item.variant_id.in_(set(variant_ids)))
        return {id_: pieces for id_, pieces in session().execute(mine)}


supply_source = Supply()
