"""What the search of all modules finds here: imports, by their files."""

from modules.marketplace.lists import IMPORTS
from orion.contracts.search import Searched

searched = {frontend: Searched(page, f"marketplace_{frontend}.imports") for frontend, page in IMPORTS.items()}
