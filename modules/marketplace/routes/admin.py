"""Imports of all vendors, for who runs a platform: to be looked at."""

from flask import request
from flask.typing import ResponseReturnValue

from modules.marketplace import views
from modules.marketplace.lists import IMPORTS, JOB_LISTS
from modules.marketplace.lists import staged as staged_list
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/imports", permission="marketplace.view")
def imports(scope: Scope) -> ResponseReturnValue:
    """Every file that a vendor has brought."""
    return answer_list(IMPORTS["admin"], scope, "marketplace/imports.html", may=scope.allows)


@pages.page("/imports/staging", permission="marketplace.view")
def staged(scope: Scope) -> ResponseReturnValue:
    """What files bring."""
    return answer_list(staged_list("admin", request.args.get("import", "")), scope, "marketplace/staged.html")


@pages.page("/imports/jobs", permission="marketplace.view")
def jobs(scope: Scope) -> ResponseReturnValue:
    """What goes on in the background."""
    return answer_list(JOB_LISTS["admin"], scope, "marketplace/jobs.html")


@pages.page("/imports/jobs/<public_id>", permission="marketplace.view")
def job(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One job."""
    return views.page("job", views.job(scope, public_id))


@pages.page("/imports/jobs/<public_id>/cancel", permission="marketplace.import", methods=("POST",))
def cancel(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Stop a job."""
    return views.stop(scope, public_id)


@pages.page("/imports/jobs/<public_id>/retry", permission="marketplace.import", methods=("POST",))
def retry(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take up a job that stopped."""
    return views.again(scope, public_id)
