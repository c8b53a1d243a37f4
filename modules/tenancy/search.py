"""What the search of all modules finds here: vendors, and at a vendor the people of its team."""

from modules.tenancy import lists
from orion.contracts.search import Searched

searched = {
    "admin": Searched(lists.vendors, "tenancy_admin.vendors"),
    "vendor": Searched(lists.vendor_team, "tenancy_vendor.team"),
}
