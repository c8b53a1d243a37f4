"""Writes: platforms, vendors, and who is on which platform."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from sqlalchemy import select

from modules.tenancy import actions
from modules.tenancy.models import THERE, Platform, Vendor, VendorPlatform
from modules.tenancy.services.common import PLATFORM_CODE, VENDOR_CODE, added, check_code
from orion.contracts.audit import Action, record
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.money import known_currencies
from orion.contracts.scope import Scope


def create_platform(scope: Scope, code: str, name: str, *, now: datetime) -> Platform:
    """A new platform. Raises Invalid when the code is taken or can't stand in an address."""
    check_code(PLATFORM_CODE, code)
    if session().scalar(select(Platform.id).where(Platform.code == code)):
        sentence = _("There is a platform with the code %(code)s already.", code=code)
        raise Invalid(sentence, {"code": [sentence]})
    platform = added(Platform(code=code, name=name, created_at=now))
    record(
        scope,
        actions.PLATFORM_ADDED,
        actions.of_platform(platform),
        after={"name": name},
        platform_id=platform.id,
    )
    return platform


def edit_platform(scope: Scope, platform: Platform, *, name: str) -> None:
    """Call a platform something else; its code stays."""
    before = {"name": platform.name}
    platform.name = name
    session().flush()
    record(
        scope,
        actions.PLATFORM_CHANGED,
        actions.of_platform(platform),
        before,
        {"name": name},
        platform_id=platform.id,
    )


def create_vendor(
    scope: Scope, code: str, name: str, *, currency: str, zone: str, locale: str = "en", now: datetime
) -> Vendor:
    """A new active vendor; its first day is today in its own zone. Raises Invalid when the code is
    taken or can't stand in an address, and when currency or zone are unknown."""
    check_code(VENDOR_CODE, code)
    if zone not in available_timezones():
        raise Invalid(_("%(zone)s is not a time zone.", zone=zone))
    if currency not in known_currencies():
        raise Invalid(_("%(currency)s is not a currency.", currency=currency))
    if session().scalar(select(Vendor.id).where(Vendor.code == code)):
        sentence = _("There is a vendor with the code %(code)s already.", code=code)
        raise Invalid(sentence, {"code": [sentence]})
    vendor = Vendor(code=code, name=name, currency=currency, zone=zone, locale=locale, created_at=now)
    vendor.created_on = now.astimezone(ZoneInfo(zone)).date()
    after = {"name": name, "currency": currency, "zone": zone}
    record(scope, actions.VENDOR_ADDED, actions.of_vendor(added(vendor)), after=after, vendor_id=vendor.id)
    return vendor


def join_platform(scope: Scope, vendor: Vendor, platform: Platform, since: date) -> VendorPlatform:
    """Put a vendor on a platform, again if it has left."""
    found = junction(vendor.id, platform.id)
    if found is not None and found.status in THERE:
        return found
    if found is None:
        found = VendorPlatform(vendor_id=vendor.id, platform_id=platform.id, since=since)
    found.status, found.since, found.ended_on = "active", since, None
    added(found)
    _record_move(scope, actions.JOINED, vendor, platform, {"since": since})
    return found


def leave_platform(scope: Scope, vendor: Vendor, platform: Platform, on: date) -> tuple[date, str]:
    """End a vendor's time on a platform, since when it was there and how; its orders stay readable to both.

    Raises Invalid when the vendor isn't there, or came later than it leaves.
    """
    found = junction(vendor.id, platform.id)
    if found is None or found.status == "ended":
        raise Invalid(_("%(vendor)s is not on this platform.", vendor=vendor.name))
    if on < found.since:
        raise Invalid(_("%(vendor)s can't leave before it has joined.", vendor=vendor.name))
    was = found.since, found.status
    found.status, found.ended_on = "ended", on
    session().flush()
    _record_move(scope, actions.LEFT, vendor, platform, {"on": on})
    return was


def _record_move(
    scope: Scope, what: Action, vendor: Vendor, platform: Platform, after: dict[str, date]
) -> None:
    """A vendor's way to or from a platform is in the logs of both."""
    facts = {"platform": platform.code, **after}
    record(scope, what, actions.of_vendor(vendor), after=facts, platform_id=platform.id, vendor_id=vendor.id)


def junction(vendor_id: int, platform_id: int) -> VendorPlatform | None:
    """A vendor's row on a platform, ended or not."""
    return session().scalar(
        select(VendorPlatform).where(
            VendorPlatform.vendor_id == vendor_id, VendorPlatform.platform_id == platform_id
        )
    )
