"""Where somebody works: the installation, a platform, or a vendor."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_

from modules.tenancy.models import Platform, Vendor
from orion.contracts.errors import Invalid
from orion.contracts.scope import PlatformRef, Scope, ScopeKind, VendorRef


@dataclass(frozen=True, slots=True)
class Post:
    """A place that people work at. For the installation both are None."""

    vendor: Vendor | VendorRef | None = None
    platform: Platform | PlatformRef | None = None

    @property
    def level(self) -> str:
        """`installation`, `platform` or `vendor`."""
        return "vendor" if self.vendor else "platform" if self.platform else "installation"

    @property
    def owner(self) -> dict[str, int | None]:
        """The columns that say whose a row is."""
        return {
            "vendor_id": self.vendor.id if self.vendor else None,
            "platform_id": self.platform.id if self.platform else None,
        }

    @property
    def code(self) -> str:
        """As the log names it."""
        place = self.vendor or self.platform
        return place.code if place else "*"

    @property
    def name(self) -> str:
        """As people know it."""
        place = self.vendor or self.platform
        return place.name if place else _("Administration")

    def of(self, model: Any) -> ColumnElement[bool]:
        """The rows of a model (a membership, an invitation) that are at this place."""
        owner = self.owner
        return and_(
            model.level == self.level,
            model.vendor_id == owner["vendor_id"],
            model.platform_id == owner["platform_id"],
        )


def post_of(row: Any) -> Post:
    """The place of a membership or an invitation."""
    return Post(row.vendor, row.platform)


def post_here(scope: Scope) -> Post:
    """The place of a scope. Raises Invalid where the scope is several platforms at once."""
    if scope.vendor is not None:
        return Post(vendor=scope.vendor)
    if scope.kind is ScopeKind.INSTALLATION:
        return Post()
    if scope.platform is None:
        raise Invalid(_("Choose one platform first, at the top of the page."))
    return Post(platform=scope.platform)


#: What whoever manages people must be allowed.
MANAGE = "tenancy.team_manage"
