"""What the search of all modules finds here: customers."""

from functools import partial

from modules.customers.lists import customers
from orion.contracts.search import Searched

searched = {
    frontend: Searched(partial(customers, frontend=frontend), f"customers_{frontend}.customers")
    for frontend in ("admin", "vendor")
}
