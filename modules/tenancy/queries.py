"""Reads: vendors, platforms, teams, and one vendor's page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from modules.tenancy.models import (
    THERE,
    AnyRole,
    Invitation,
    Membership,
    OwnRole,
    Platform,
    Role,
    Vendor,
    VendorDomain,
    VendorPlatform,
)
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.models import normalise
from orion.contracts.people import User
from orion.contracts.scope import Scope


def vendors(scope: Scope) -> Select[Vendor, str | None, bool]:
    """All vendors of the scope, with the names of the platforms that they are on, a line each, and whether
    these have suspended them."""
    names = (
        select(func.aggregate_strings(Platform.name, "\n"))
        .select_from(VendorPlatform)
        .join(Platform, Platform.id == VendorPlatform.platform_id)
        .where(VendorPlatform.vendor_id == Vendor.id, VendorPlatform.status.in_(THERE))
        .correlate(Vendor)
    )
    return select(Vendor, names.scalar_subquery().label("platforms"), _is_suspended_here().label("suspended"))


def in_state(vendors: Select[Any], state: str) -> Select[Any]:
    """Those that are active, suspended or closed, as the scope sees it: a vendor that every platform here
    has suspended is so, whatever it is elsewhere."""
    match state:
        case "active":
            return vendors.where(Vendor.status == "active", ~_is_suspended_here())
        case "suspended":
            here = and_(Vendor.status == "active", _is_suspended_here())
            return vendors.where(or_(Vendor.status == "suspended", here))
    return vendors.where(Vendor.status == state)


def _is_suspended_here() -> ColumnElement[bool]:
    return and_(_is_somewhere("suspended"), ~_is_somewhere("active"))


def _is_somewhere(status: str) -> ColumnElement[bool]:
    there = select(VendorPlatform.id).where(
        VendorPlatform.vendor_id == Vendor.id, VendorPlatform.status == status
    )
    return there.correlate(Vendor).exists()


def sold_on() -> ColumnElement[bool]:
    """That something can be sold on a platform now, in a vendor's scope."""
    here = select(VendorPlatform.id).where(
        VendorPlatform.platform_id == Platform.id, VendorPlatform.status == "active"
    )
    return here.correlate(Platform).exists()


def vendor(scope: Scope, code: str) -> Vendor:
    """One vendor by its code. Raises NotFound."""
    found = session().scalar(select(Vendor).where(Vendor.code == code))
    if found is None:
        raise NotFound()
    return found


def platforms_of(scope: Scope, vendor: Vendor) -> Sequence[tuple[VendorPlatform, Platform]]:
    """The platforms that a vendor is or was on, as far as the scope sees them."""
    statement = (
        select(VendorPlatform, Platform)
        .join(Platform, Platform.id == VendorPlatform.platform_id)
        .where(VendorPlatform.vendor_id == vendor.id)
        .order_by(VendorPlatform.status, Platform.name_norm)
    )
    return [(row[0], row[1]) for row in session().execute(statement)]


def domains_of(scope: Scope, vendor: Vendor) -> Sequence[VendorDomain]:
    """The host names of a vendor."""
    statement = select(VendorDomain).where(VendorDomain.vendor_id == vendor.id)
    return session().scalars(statement.order_by(VendorDomain.host)).all()


def members(scope: Scope) -> Select[Membership, User, Role, OwnRole, Vendor, Platform]:
    """Memberships of the scope with person, role and place; at a vendor its own team alone."""
    return (
        select(Membership, User, Role, OwnRole, Vendor, Platform)
        .join(User, User.id == Membership.user_id)
        .outerjoin(Role, Role.id == Membership.role_id)
        .outerjoin(OwnRole, OwnRole.id == Membership.own_role_id)
        .outerjoin(Vendor, Vendor.id == Membership.vendor_id)
        .outerjoin(Platform, Platform.id == Membership.platform_id)
    )


def people(scope: Scope) -> Select[User, int]:
    """Everybody who works somewhere in the scope, once, with the number of places."""
    mine = Membership.user_id == User.id
    places = select(func.count()).select_from(Membership).where(mine).correlate(User)
    here = select(Membership.id).where(mine).correlate(User).exists()
    return select(User, places.scalar_subquery().label("places")).where(here)


def team_of(scope: Scope, vendor: Vendor) -> Sequence[tuple[Membership, User, AnyRole]]:
    """The people who work for a vendor."""
    statement = members(scope).where(Membership.vendor_id == vendor.id).order_by(User.name_norm)
    return [(row[0], row[1], row[2] or row[3]) for row in session().execute(statement)]


def domains(scope: Scope) -> Select[VendorDomain]:
    """The host names of the scope."""
    return select(VendorDomain)


def domains_and_vendors(scope: Scope) -> Select[VendorDomain, Vendor]:
    """The host names of the scope, and whose they are."""
    return select(VendorDomain, Vendor).join(Vendor, Vendor.id == VendorDomain.vendor_id)


def domain(scope: Scope, host: str) -> VendorDomain:
    """One host name of a vendor. Raises NotFound."""
    found = session().scalar(select(VendorDomain).where(VendorDomain.host == host))
    if found is None:
        raise NotFound()
    return found


def platform(scope: Scope, code: str) -> Platform:
    """One platform by its code. Raises NotFound."""
    found = session().scalar(select(Platform).where(Platform.code == code))
    if found is None:
        raise NotFound()
    return found


def platforms_here(scope: Scope) -> Sequence[Platform]:
    """The platforms of the scope, by name."""
    return session().scalars(select(Platform).order_by(Platform.name_norm)).all()


def platforms_without(scope: Scope, vendor: Vendor) -> Sequence[Platform]:
    """The platforms of the scope that a vendor isn't on now."""
    on = select(VendorPlatform.platform_id).where(
        VendorPlatform.vendor_id == vendor.id, VendorPlatform.status.in_(THERE)
    )
    return (
        session().scalars(select(Platform).where(Platform.id.not_in(on)).order_by(Platform.name_norm)).all()
    )


def people_here(scope: Scope, most: int = 500) -> Sequence[tuple[int, str]]:
    """(user id, name) of the people who work in the scope, by name."""
    found = select(User.id, User.name, User.email, User.name_norm)
    found = found.join(Membership, Membership.user_id == User.id).distinct()
    rows = session().execute(found.order_by(User.name_norm, User.id).limit(most))
    return [(row.id, row.name or row.email) for row in rows]


def roles_in_use(scope: Scope) -> Sequence[AnyRole]:
    """The roles that somebody of the scope has, by level and name."""
    found: list[AnyRole] = []
    for role, column in ((Role, Membership.role_id), (OwnRole, Membership.own_role_id)):
        held = select(Membership.id).where(column == role.id).exists()
        found += session().scalars(select(role).where(held))
    return sorted(found, key=lambda role: (role.level, normalise(role.name)))


def holders(scope: Scope) -> dict[str, int]:
    """Role's key → how many people of the scope hold it."""
    count = select(Membership.role_id, Membership.own_role_id, func.count())
    rows = session().execute(count.group_by(Membership.role_id, Membership.own_role_id))
    return {f"s{own}" if own else f"o{other}": number for own, other, number in rows}


def invitations(scope: Scope) -> Select[Invitation]:
    """Invitations of the scope that are open, or have only run out."""
    return select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))


def member(scope: Scope, public_id: str) -> Membership:
    """One membership, with its role and place. Raises NotFound."""
    found = session().scalar(select(Membership).where(Membership.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def invitation(scope: Scope, public_id: str) -> Invitation:
    """One open invitation. Raises NotFound."""
    found = session().scalar(invitations(scope).where(Invitation.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def platforms(scope: Scope) -> Select[Platform, int]:
    """All platforms of the scope, with the number of vendors that are on each now."""
    number = (
        select(func.count())
        .select_from(VendorPlatform)
        .join(Vendor, Vendor.id == VendorPlatform.vendor_id)
        .where(VendorPlatform.platform_id == Platform.id, VendorPlatform.status.in_(THERE))
        .correlate(Platform)
    )
    return select(Platform, number.scalar_subquery().label("vendors"))
