"""What the search of all modules finds: a module's search.py names one of its lists for each frontend.

    searched = {"vendor": Searched(lists.orders, "orders_vendor.orders")}

The list says by which columns it is found, in which order, and what a row is called and where it leads: its
first column and `row_url`. The permission and the feature are those of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from orion.contracts.lists import ListPage
from orion.contracts.scope import Scope

__all__ = ["Searched"]


@dataclass(frozen=True, slots=True)
class Searched:
    """A list with a search, or a function of the scope that gives it, and the endpoint of its page."""

    page: ListPage | Callable[[Scope], ListPage]
    endpoint: str

    def list_for(self, scope: Scope) -> ListPage:
        """The list as this scope sees it."""
        return self.page if isinstance(self.page, ListPage) else self.page(scope)
