"""What the search of all modules finds here: orders and refunds."""

from modules.orders.lists import PAGES
from orion.contracts.search import Searched

searched = {frontend: Searched(page, f"orders_{frontend}.orders") for frontend, page in PAGES.items()}
