"""The tables of tenancy."""

from modules.tenancy.models.audit import AuditEntry
from modules.tenancy.models.base import LEVELS, Base
from modules.tenancy.models.people import AnyRole, Invitation, Membership, OwnRole, Role
from modules.tenancy.models.tenants import (
    THERE,
    VENDOR_STATES,
    Platform,
    Support,
    Vendor,
    VendorDomain,
    VendorPlatform,
    VendorWord,
)

__all__ = [
    "LEVELS",
    "THERE",
    "VENDOR_STATES",
    "AnyRole",
    "AuditEntry",
    "Base",
    "Invitation",
    "Membership",
    "OwnRole",
    "Platform",
    "Role",
    "Support",
    "Vendor",
    "VendorDomain",
    "VendorPlatform",
    "VendorWord",
]
