"""What tenancy writes into the audit log, by name."""

from flask_babel import lazy_gettext as _l

from orion.contracts.audit import Subject, action

PLATFORM_ADDED = action("tenancy.platform_added", _l("Platform added"))
PLATFORM_CHANGED = action("tenancy.platform_changed", _l("Platform changed"))
VENDOR_ADDED = action("tenancy.vendor_added", _l("Vendor added"))
VENDOR_CHANGED = action("tenancy.vendor_changed", _l("Vendor's settings changed"))
VENDOR_SUSPENDED = action("tenancy.vendor_suspended", _l("Vendor suspended"))
VENDOR_CLOSED = action("tenancy.vendor_closed", _l("Vendor closed"))
VENDOR_REOPENED = action("tenancy.vendor_reopened", _l("Vendor opened again"))
SUSPENDED_THERE = action("tenancy.suspended_on_platform", _l("Vendor suspended on a platform"))
REOPENED_THERE = action("tenancy.reopened_on_platform", _l("Vendor sells on a platform again"))
JOINED = action("tenancy.platform_joined", _l("Vendor joined a platform"))
LEFT = action("tenancy.platform_left", _l("Vendor left a platform"))
ROLE_ADDED = action("tenancy.role_added", _l("Role added"))
ROLE_CHANGED = action("tenancy.role_changed", _l("Role changed"))
ROLE_REMOVED = action("tenancy.role_removed", _l("Role removed"))
MEMBER_ADDED = action("tenancy.member_added", _l("Person added to the team"))
MEMBER_CHANGED = action("tenancy.member_changed", _l("Person's role changed"))
MEMBER_REMOVED = action("tenancy.member_removed", _l("Person removed from the team"))
INVITED = action("tenancy.invited", _l("Person invited"))
INVITED_AGAIN = action("tenancy.invited_again", _l("Invitation sent again"))
INVITATION_REVOKED = action("tenancy.invitation_revoked", _l("Invitation revoked"))
INVITATION_ACCEPTED = action("tenancy.invitation_accepted", _l("Invitation accepted"))
DOMAIN_ADDED = action("tenancy.domain_added", _l("Domain added"))
DOMAIN_VERIFIED = action("tenancy.domain_verified", _l("Domain verified"))
DOMAIN_REMOVED = action("tenancy.domain_removed", _l("Domain removed"))
SUPPORT_BEGAN = action("tenancy.support_began", _l("Support began"))
SUPPORT_ENDED = action("tenancy.support_ended", _l("Support ended"))


def of_vendor(vendor: object) -> Subject:
    """A vendor as the log names it."""
    return Subject("vendor", vendor.code, vendor.name)  # type: ignore[attr-defined]


def of_platform(platform: object) -> Subject:
    """A platform as the log names it."""
    return Subject("platform", platform.code, platform.name)  # type: ignore[attr-defined]


def of_person(user: object) -> Subject:
    """A person as the log names them."""
    return Subject("person", user.id, user.name or user.email)  # type: ignore[attr-defined]
