"""Order pages for people who run platforms."""

from flask.typing import ResponseReturnValue

from modules.orders.lists import PAGES
from modules.orders.views import detail
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/orders", permission="orders.view")
def orders(scope: Scope) -> ResponseReturnValue:
    """Every order on the platforms of the scope."""
    return answer_list(PAGES["admin"], scope)


@pages.page("/orders/<public_id>", permission="orders.view")
def order(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One order or refund."""
    return detail(scope, public_id, "admin")
