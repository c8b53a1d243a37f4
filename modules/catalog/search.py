"""What the search of all modules finds here: products, by title, SKU or barcode."""

from modules.catalog.lists import PAGES
from orion.contracts.search import Searched

searched = {frontend: Searched(page, f"catalog_{frontend}.products") for frontend, page in PAGES.items()}
