"""Tables of products as other systems write them, as data: a file for each family."""

from modules.catalog.formats.carts import CARTS
from modules.catalog.formats.feeds import FEEDS
from modules.catalog.formats.general import GENERAL
from modules.catalog.formats.marketplaces import MARKETPLACES
from modules.catalog.formats.shops import SHOPS
from modules.catalog.formats.tills import TILLS

FORMATS = (*SHOPS, *CARTS, *TILLS, *FEEDS, *MARKETPLACES, *GENERAL)

__all__ = ["FORMATS"]
