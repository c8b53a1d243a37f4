"""What the customer pages of both frontends share."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.customers import queries
from modules.customers.countries import address_lines
from modules.customers.lists import label
from modules.customers.models import Customer
from orion.contracts.addresses import country_name
from orion.contracts.forms import languages
from orion.contracts.pages import render
from orion.contracts.scope import Scope


def profile(scope: Scope, public_id: str, frontend: str) -> ResponseReturnValue:
    """One customer's page."""
    customer, vendor, tags = queries.customer_and_tags(scope, public_id)
    linked = frontend == "admin" and scope.allows("tenancy.vendors_view")
    return render(
        "customers/customer.html",
        customer=customer,
        label=label(customer),
        address_lines=address_lines,
        country_name=country_name,
        language=languages([customer.locale])[0][1] if customer.locale else "",
        back=url_for(f"customers_{frontend}.customers"),
        vendor=vendor if frontend == "admin" else None,
        vendor_url=url_for("tenancy_admin.vendor", code=vendor.code) if linked else "",
        addresses=queries.addresses(scope, customer) if scope.has("customers.customer_addresses") else (),
        platforms=queries.platforms(scope, customer),
        timeline=_timeline(scope, customer),
        tags=tags if scope.has("customers.customer_segmentation") else (),
        notes=queries.notes(scope, customer),
        may=_may(scope, customer) if frontend == "vendor" else None,
    )


def _may(scope: Scope, customer: Customer) -> dict[str, bool]:
    """What this person may do to the customer. Nothing is written about somebody who was erased."""
    there, edits = customer.erased_at is None, scope.allows("customers.edit")
    return {
        "edit": there and edits,
        "tags": there and edits and scope.has("customers.customer_segmentation"),
        "address": there and edits and scope.has("customers.customer_addresses"),
        "merge": there and scope.allows("customers.delete"),
        "erase": there and scope.allows("customers.delete"),
        "file": scope.allows("customers.export") and scope.has("customers.customer_export"),
    }


def _timeline(scope: Scope, customer: Customer) -> list[dict[str, Any]]:
    """Purchases, the latest first, down to the day on which the customer joined."""
    days = queries.activity(scope, customer)
    events = [
        {
            "title": ngettext("%(num)s purchase", "%(num)s purchases", activity.times),
            "text": platform.name,
            "on": activity.business_date,
            "tone": "info",
        }
        for activity, platform in days
    ]
    return [*events, {"title": _("Became a customer"), "on": customer.joined_on, "tone": ""}]
