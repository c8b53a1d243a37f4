"""Tables of products as other systems write them, as data: a file for each family."""

from modules.catalog.formats.feeds import FEEDS
from modules.catalog.formats.general import GENERAL
from modules.catalog.formats.marketplaces import MARKETPLACES
from modules.catalog.formats.shops import SHOPS

FORMATS = (*SHOPS, *FEEDS, *MARKETPLACES, *GENERAL)

__all__ = ["FORMATS"]
