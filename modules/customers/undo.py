"""What takes back a step of customers."""

from flask_babel import gettext as _

from modules.customers import profiles, queries
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("customers.edit")
def untag(scope: Scope, ids: list[int], tag: str) -> str:
    """Take a tag off again."""
    profiles.untag_all(scope, ids, tag)
    return _("The tag is off again.")


@undoes("customers.edit")
def put_address(scope: Scope, customer: str, lines: dict[str, str]) -> str:
    """Write an address again that was deleted."""
    found, _vendor = queries.customer(scope, customer)
    profiles.save_address(scope, found, None, **lines)
    return _("The address is back.")
