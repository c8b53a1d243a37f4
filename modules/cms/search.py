"""What the search of all modules finds here: pages."""

from modules.cms.lists import PAGES
from orion.contracts.search import Searched

searched = {frontend: Searched(page, f"cms_{frontend}.page_list") for frontend, page in PAGES.items()}
