"""What modules that require customers may use; tenancy's names are handed on, as customers have vendors."""

from modules.customers.models import Customer, Word
from modules.customers.queries import by_email
from modules.customers.services import ensure, record_activity
from modules.tenancy.api import Platform, Vendor, sold_on, vendor_codes

__all__ = [
    "Customer",
    "Platform",
    "Vendor",
    "Word",
    "by_email",
    "ensure",
    "record_activity",
    "sold_on",
    "vendor_codes",
]
