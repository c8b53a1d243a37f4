"""Stock pages for people who run platforms: they look, and vendors move."""

from flask.typing import ResponseReturnValue

from modules.inventory.lists import PAGES
from modules.inventory.views import about
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/inventory", permission="inventory.view")
def items(scope: Scope) -> ResponseReturnValue:
    """Everything that the scope's vendors count."""
    return answer_list(PAGES["admin"], scope)


@pages.page("/inventory/<public_id>", permission="inventory.view")
def variant(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One variant's stock."""
    return render("inventory/variant.html", **about(scope, public_id, "admin"))
