"""Writes: somebody of a platform works for one of its vendors for a while."""

from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from modules.tenancy import actions
from modules.tenancy.models import THERE, Platform, Support, Vendor, VendorPlatform
from modules.tenancy.services.common import added
from orion.contracts.audit import record
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid
from orion.contracts.scope import PlatformRef, Scope, ScopeKind, VendorRef

#: Minutes that somebody may choose from.
MINUTES = (15, 30, 60, 120)


def begin_support(scope: Scope, vendor: Vendor, *, reason: str, minutes: int) -> Support:
    """Let the person of the scope work for a vendor, with the rights that they have at their own place, as
    far as their platform reaches, for some minutes.

    Raises Invalid for a scope of several platforms, and Conflict for a vendor that is closed or has left.
    """
    if scope.kind is not ScopeKind.INSTALLATION and scope.platform is None:
        raise Invalid(_("Choose one platform first, at the top of the page."))
    if vendor.status == "closed" or not _is_on(vendor, scope.platform):
        raise Conflict(_("%(vendor)s does not sell here any more.", vendor=vendor.name))
    now = datetime.now(UTC)
    _end_all(scope, vendor.id, now)
    support = added(
        Support(
            vendor_id=vendor.id,
            platform_id=scope.platform.id if scope.platform else None,
            user_id=scope.user_id,
            reason=reason,
            began_at=now,
            expires_at=now + timedelta(minutes=minutes),
        )
    )
    after = {"reason": reason, "minutes": minutes}
    record(scope, actions.SUPPORT_BEGAN, actions.of_vendor(vendor), after=after, vendor_id=vendor.id)
    return support


def end_support(scope: Scope, vendor: VendorRef) -> None:
    """End the support that the person of the scope gives a vendor; from the next request on. Runs under a
    scope that sees all, since a vendor's own can't see who of the installation helps."""
    _end_all(scope, vendor.id, datetime.now(UTC))
    record(scope, actions.SUPPORT_ENDED, actions.of_vendor(vendor), vendor_id=vendor.id)


def _end_all(scope: Scope, vendor_id: int, now: datetime) -> None:
    mine = (Support.user_id == scope.user_id, Support.vendor_id == vendor_id, Support.ended_at.is_(None))
    for support in session().scalars(select(Support).where(*mine)):
        support.ended_at = now
    session().flush()


def _is_on(vendor: Vendor, platform: PlatformRef | Platform | None) -> bool:
    if platform is None:
        return True
    here = select(VendorPlatform.id).where(
        VendorPlatform.vendor_id == vendor.id,
        VendorPlatform.platform_id == platform.id,
        VendorPlatform.status.in_(THERE),
    )
    return session().scalar(here) is not None
