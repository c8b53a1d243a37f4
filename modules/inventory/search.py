"""What the search of all modules finds here: stock, by title, SKU or barcode."""

from modules.inventory.lists import PAGES
from orion.contracts.search import Searched

searched = {frontend: Searched(page, f"inventory_{frontend}.items") for frontend, page in PAGES.items()}
