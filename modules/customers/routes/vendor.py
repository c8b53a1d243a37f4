"""Customer pages for a vendor's team."""

from flask import request
from flask.typing import ResponseReturnValue

from modules.customers import editing, lists
from modules.customers.views import profile
from orion.contracts.limits import EXPORT, limited
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)
BOTH = ("GET", "POST")
ONE = "/customers/<public_id>"


@pages.page("/customers", permission="customers.view", feature="customer_view", methods=BOTH)
def customers(scope: Scope) -> ResponseReturnValue:
    """Every customer of this vendor."""
    offers = editing.offers(scope, request.args)
    return answer_list(lists.customers(scope, "vendor"), scope, "customers/customers.html", **offers)


@pages.page("/customers/new", permission="customers.edit", methods=BOTH)
def new(scope: Scope) -> ResponseReturnValue:
    """Add a customer."""
    return editing.create(scope)


@pages.page("/customers/segments", permission="customers.view", feature="customer_segmentation", methods=BOTH)
def segments(scope: Scope) -> ResponseReturnValue:
    """The vendor's segments, and a new one."""
    return editing.segments(scope)


@pages.page(
    "/customers/segments/<public_id>/delete",
    permission="customers.edit",
    feature="customer_segmentation",
    methods=("POST",),
)
def delete_segment(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Forget a segment."""
    return editing.delete_segment(scope, public_id)


@pages.page(ONE, permission="customers.view", feature="customer_profiles")
def customer(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One customer."""
    return profile(scope, public_id, "vendor")


@pages.page(f"{ONE}/edit", permission="customers.edit", feature="customer_profiles", methods=BOTH)
def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Change who a customer is."""
    return editing.edit(scope, public_id)


@pages.page(f"{ONE}/tags", permission="customers.edit", feature="customer_segmentation", methods=BOTH)
def tags(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Change a customer's tags."""
    return editing.tags(scope, public_id)


@pages.page(f"{ONE}/notes", permission="customers.edit", feature="customer_profiles", methods=BOTH)
def note(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Write a note."""
    return editing.note(scope, public_id)


@pages.page(f"{ONE}/addresses/new", permission="customers.edit", feature="customer_addresses", methods=BOTH)
def new_address(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Add an address."""
    return editing.address(scope, public_id, "")


@pages.page(
    f"{ONE}/addresses/<address_id>", permission="customers.edit", feature="customer_addresses", methods=BOTH
)
def address(scope: Scope, public_id: str, address_id: str) -> ResponseReturnValue:
    """Change an address."""
    return editing.address(scope, public_id, address_id)


@pages.page(
    f"{ONE}/addresses/<address_id>/delete",
    permission="customers.edit",
    feature="customer_addresses",
    methods=("POST",),
)
def delete_address(scope: Scope, public_id: str, address_id: str) -> ResponseReturnValue:
    """Delete an address."""
    return editing.delete_address(scope, public_id, address_id)


@pages.page(f"{ONE}/merge", permission="customers.delete", feature="customer_profiles", methods=BOTH)
def merge(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Make two entries of one person one."""
    return editing.merge(scope, public_id)


@pages.page(f"{ONE}/file", permission="customers.export", feature="customer_export", methods=("POST",))
@limited(EXPORT)
def file(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Everything about one person as a file."""
    return editing.file(scope, public_id)


@pages.page(f"{ONE}/erase", permission="customers.delete", methods=BOTH, fresh=True)
def erase(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Wipe what is known of a person."""
    return editing.erase(scope, public_id)
