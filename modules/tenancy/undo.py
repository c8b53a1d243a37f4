"""Taking back what was done to teams."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from modules.tenancy import queries, services
from modules.tenancy.models import Invitation, Platform, Vendor
from modules.tenancy.services.roles import role_by_key
from modules.tenancy.services.team import check_may_give
from modules.tenancy.services.vendors import junction
from orion.contracts import choices
from orion.contracts.data import session
from orion.contracts.errors import Conflict
from orion.contracts.forms import undoes
from orion.contracts.scope import Scope


@undoes("tenancy.team_manage")
def former_role(scope: Scope, member: str, role: str) -> None:
    """Give somebody the role that they had."""
    services.change_role(scope, queries.member(scope, member), role)


@undoes("tenancy.team_manage")
def put_back(
    scope: Scope,
    user_id: int,
    level: str,
    role: str,
    created_on: str,
    vendor_id: int | None,
    platform_id: int | None,
) -> None:
    """Let somebody who was removed work there again."""
    vendor = session().get_one(Vendor, vendor_id) if vendor_id else None
    platform = session().get_one(Platform, platform_id) if platform_id else None
    held = role_by_key(services.Post(vendor, platform), role)
    check_may_give(scope, held)
    services.add_member(
        scope, user_id, held, date.fromisoformat(created_on), vendor=vendor, platform=platform
    )


@undoes("tenancy.team_manage")
def invitation_stands(scope: Scope, invitation: str) -> None:
    """Let an invitation that was taken back count again."""
    found = session().scalar(select(Invitation).where(Invitation.public_id == invitation))
    if found is None or found.accepted_at is not None or found.expires_at < datetime.now(UTC):
        raise Conflict()
    found.revoked_at = None


@undoes("tenancy.team_manage")
def invitations_stand(scope: Scope, invitations: list[str]) -> None:
    """Let several invitations that were taken back count again."""
    for invitation in invitations:
        invitation_stands(scope, invitation)


@undoes("tenancy.vendors_manage")
def open_again(scope: Scope, code: str) -> None:
    """End a suspension, where it was made."""
    services.reopen(scope, queries.vendor(scope, code))


@undoes("tenancy.vendors_manage")
def stay(scope: Scope, vendor: int, platform: int, since: str, status: str) -> None:
    """Let a vendor be on a platform as if it had never left."""
    found = junction(vendor, platform)
    if found is None or found.status != "ended":
        raise Conflict()
    found.status, found.since, found.ended_on = status, date.fromisoformat(since), None


@undoes("tenancy.settings_manage")
def note_domain(scope: Scope, host: str) -> None:
    """Put a domain on the list again; it has to be proved anew."""
    if scope.vendor is None:
        raise Conflict()
    services.add_domain(scope, scope.vendor, host, datetime.now(UTC).date())


@undoes("tenancy.settings_manage")
def former_choices(scope: Scope, off: list[str]) -> None:
    """Let a vendor do without what it did without before."""
    choices.put_back(scope, off)
