"""Writes: the life of a vendor between its first day and its last."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from modules.tenancy import actions
from modules.tenancy.models import THERE, Platform, Vendor, VendorPlatform
from modules.tenancy.services.invitations import invite
from modules.tenancy.services.places import Post
from modules.tenancy.services.vendors import create_vendor, join_platform
from orion.contracts.audit import Action, record
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Forbidden, Invalid
from orion.contracts.scope import ALL, Scope, ScopeKind

#: What a vendor says of itself.
FACTS = (
    "name",
    "zone",
    "currency",
    "locale",
    "languages",
    "street",
    "postcode",
    "city",
    "country",
    "tax_number",
)


def onboard(
    scope: Scope,
    *,
    code: str,
    name: str,
    currency: str,
    zone: str,
    platforms: list[str],
    email: str,
    role: str,
    inviter: str,
) -> Vendor:
    """A new vendor on platforms (by code), and the invitation of its first person in a role (by key).

    Runs under a scope that sees all. Raises Invalid as `create_vendor` and `invite` do.
    """
    now = datetime.now(UTC)
    vendor = create_vendor(scope, code, name, currency=currency, zone=zone, now=now)
    for platform in session().scalars(select(Platform).where(Platform.code.in_(platforms))):
        join_platform(scope, vendor, platform, vendor.created_on)
    invite(scope, Post(vendor), email=email, role=role, inviter=inviter, locale=vendor.locale)
    return vendor


def edit_vendor(scope: Scope, vendor: Vendor, **facts: Any) -> None:
    """Change what a vendor says of itself. A new time zone and currency are for what comes from now on."""
    before = {name: getattr(vendor, name) for name in FACTS}
    for name in FACTS:
        if name in facts:
            setattr(vendor, name, "" if facts[name] is None else facts[name])
    session().flush()
    after = {name: getattr(vendor, name) for name in FACTS}
    record(scope, actions.VENDOR_CHANGED, actions.of_vendor(vendor), before, after, vendor_id=vendor.id)


def suspend(scope: Scope, vendor: Vendor, reason: str) -> None:
    """Let a vendor's people read and no more, until it is opened again; the reason is shown to them.

    Who runs the installation does so wherever the vendor sells, and a platform on itself alone. Raises
    Conflict for a closed vendor, and for one that isn't there or is suspended there.
    """
    if vendor.status == "closed":
        raise Conflict(_("%(vendor)s is closed.", vendor=vendor.name))
    if scope.platforms is ALL:
        _set(scope, vendor, "suspended", reason, actions.VENDOR_SUSPENDED)
    elif not _set_there(scope, vendor, "active", "suspended", reason, actions.SUSPENDED_THERE):
        raise Conflict(_("%(vendor)s does not sell here now.", vendor=vendor.name))


def close(scope: Scope, vendor: Vendor, reason: str = "") -> None:
    """Shut a vendor: nobody works there any more, and everything is kept. Raises Conflict for a closed one;
    that no other platform has it is for the caller to ask (`is_alone`)."""
    if vendor.status == "closed":
        raise Conflict(_("%(vendor)s is closed.", vendor=vendor.name))
    _set(scope, vendor, "closed", reason, actions.VENDOR_CLOSED)


def reopen(scope: Scope, vendor: Vendor) -> None:
    """End a suspension where it was made, or open a closed vendor again.

    Raises Conflict for a vendor that is open, and Forbidden for a platform where the installation has
    suspended it. That no other platform has a closed one is for the caller to ask (`is_alone`).
    """
    if scope.platforms is not ALL:
        if _set_there(scope, vendor, "suspended", "active", "", actions.REOPENED_THERE):
            return
        if vendor.status == "suspended":
            raise Forbidden(_("Only the installation may do that with this vendor."))
    if vendor.status == "active":
        raise Conflict(_("%(vendor)s is open.", vendor=vendor.name))
    _set(scope, vendor, "active", "", actions.VENDOR_REOPENED)


def is_alone(scope: Scope, vendor: Vendor) -> bool:
    """Whether no platform has a vendor but those of the scope; for those who run the installation it is
    always so. The question needs a frame that sees all."""
    if scope.platforms is ALL:
        return True
    others = select(VendorPlatform.id).where(
        VendorPlatform.vendor_id == vendor.id,
        VendorPlatform.status.in_(THERE),
        VendorPlatform.platform_id.not_in(scope.platforms),  # type: ignore[arg-type]
    )
    return session().scalar(others.limit(1)) is None


def check_may_onboard(scope: Scope, platforms: list[str]) -> None:
    """Raise Invalid for platforms that aren't this person's, and for none where they have only some."""
    if not platforms and scope.kind is not ScopeKind.INSTALLATION:
        sentence = _("Choose at least one platform.")
        raise Invalid(sentence, {"platforms": [sentence]})


def _set(scope: Scope, vendor: Vendor, status: str, reason: str, what: Action) -> None:
    before = {"status": vendor.status, "reason": vendor.status_reason}
    vendor.status, vendor.status_reason = status, reason
    vendor.status_since = datetime.now(ZoneInfo(vendor.zone)).date()
    session().flush()
    after = {"status": status, "reason": reason}
    record(scope, what, actions.of_vendor(vendor), before, after, vendor_id=vendor.id)


def _set_there(scope: Scope, vendor: Vendor, was: str, status: str, reason: str, what: Action) -> int:
    """Change how a vendor is on the scope's platforms, where it was so; gives on how many of them."""
    today = datetime.now(ZoneInfo(vendor.zone)).date()
    there = select(VendorPlatform).where(VendorPlatform.vendor_id == vendor.id, VendorPlatform.status == was)
    found = session().scalars(there).all()
    for junction in found:
        before = {"status": was, "reason": junction.status_reason}
        junction.status, junction.status_reason, junction.status_since = status, reason, today
        session().flush()
        platform = session().get_one(Platform, junction.platform_id)
        after = {"platform": platform.code, "status": status, "reason": reason}
        owners = {"platform_id": platform.id, "vendor_id": vendor.id}
        record(scope, what, actions.of_vendor(vendor), before, after, **owners)
    return len(found)
