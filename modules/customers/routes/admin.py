"""Customer pages for people who run platforms."""

from flask.typing import ResponseReturnValue

from modules.customers import lists
from modules.customers.views import profile
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/customers", permission="customers.view", feature="customer_view")
def customers(scope: Scope) -> ResponseReturnValue:
    """Every customer who acted on the platforms of the scope."""
    return answer_list(lists.customers(scope, "admin"), scope)


@pages.page("/customers/<public_id>", permission="customers.view", feature="customer_profiles")
def customer(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One customer."""
    return profile(scope, public_id, "admin")
