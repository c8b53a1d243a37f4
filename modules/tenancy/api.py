"""What other modules and the engine may ask of tenancy."""

from collections.abc import Sequence

from sqlalchemy import select

from modules.tenancy.audit import audit_keeper
from modules.tenancy.models import Platform, Vendor
from modules.tenancy.queries import sold_on
from modules.tenancy.rights import Rights
from modules.tenancy.services import (
    add_member,
    create_platform,
    create_role,
    create_vendor,
    join_platform,
    leave_platform,
)
from orion.contracts.data import entered
from orion.contracts.scope import Scope

__all__ = [
    "Platform",
    "Vendor",
    "add_member",
    "audit_keeper",
    "create_platform",
    "create_role",
    "create_vendor",
    "join_platform",
    "leave_platform",
    "permission_source",
    "sold_on",
    "vendor_codes",
]

#: Who may do what, where: the engine asks this (see PermissionSource).
permission_source = Rights()


def vendor_codes(scope: Scope) -> Sequence[str]:
    """The codes of all vendors of a scope, in alphabetical order."""
    with entered(scope) as reading:
        return reading.scalars(select(Vendor.code).order_by(Vendor.code)).all()
