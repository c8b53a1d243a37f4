"""Writes: who works where, in which role."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.tenancy import actions
from modules.tenancy.models import AnyRole, Membership, Platform, Role, Vendor
from modules.tenancy.services.common import added
from modules.tenancy.services.guard import is_administrator, keep_an_administrator, lock
from modules.tenancy.services.places import Post, post_of
from modules.tenancy.services.roles import may_give, role_by_key
from orion.contracts.audit import Action, record
from orion.contracts.data import session
from orion.contracts.errors import Forbidden, Invalid
from orion.contracts.people import User
from orion.contracts.scope import Scope


def add_member(
    scope: Scope,
    user_id: int,
    role: AnyRole,
    on: date,
    *,
    vendor: Vendor | None = None,
    platform: Platform | None = None,
    by: Mapping[str, Any] | None = None,
) -> Membership:
    """Give a person a role at the place that the role's level asks for: one at each place. `by` is who did it
    (`as_doer`) where that is not who is signed in.

    Raises Invalid for another place, and for somebody who works there already.
    """
    post = Post(vendor, platform)
    if (vendor is not None and platform is not None) or post.level != role.level:
        raise Invalid(_("This role needs the place that it is for."))
    if session().scalar(select(Membership.id).where(Membership.user_id == user_id, post.of(Membership))):
        raise Invalid(_("This person works there already."))
    member = added(
        Membership(user_id=user_id, level=post.level, created_on=on, **post.owner, **role_columns(role))
    )
    facts: dict[str, object] = {"role": role.name, "place": post.code}
    record_member(scope, actions.MEMBER_ADDED, member, None, facts, **(by or {}))
    return member


def change_role(scope: Scope, member: Membership, key: str) -> None:
    """Give somebody another role; it counts at their next request.

    Raises Invalid for a role that isn't offered or allows more than the giver may, Forbidden for somebody
    who may do more than the giver, and Conflict for the last who can manage people.
    """
    post = post_of(member)
    lock(post)
    check_below(scope, member)
    role, was = role_by_key(post, key), is_administrator(member)
    before: dict[str, object] = {"role": member.held.name}
    check_may_give(scope, role)
    set_role(member, role)
    if was:
        keep_an_administrator(member)
    record_member(scope, actions.MEMBER_CHANGED, member, before, {"role": role.name})


def remove_member(scope: Scope, member: Membership) -> dict[str, object]:
    """End somebody's work at a place, from their next request on; gives what `put_back` needs.

    Raises Forbidden and Conflict as `change_role` does.
    """
    post = post_of(member)
    lock(post)
    check_below(scope, member)
    was = is_administrator(member)
    kept = {
        "user_id": member.user_id,
        "level": member.level,
        "role": member.held.key,
        "created_on": member.created_on.isoformat(),
        **post.owner,
    }
    record_member(scope, actions.MEMBER_REMOVED, member, {"role": member.held.name}, None)
    session().delete(member)
    session().flush()
    if was:
        keep_an_administrator(member)
    return kept


def check_below(scope: Scope, member: Membership) -> None:
    """Raise Forbidden for somebody who may do more than the person who is about to change that."""
    if member.user_id != scope.user_id and not may_give(scope, member.held):
        raise Forbidden(_("This person may do more here than you."))


def check_may_give(scope: Scope, role: AnyRole) -> None:
    """Raise Invalid for a role that allows more than its giver may."""
    if not may_give(scope, role):
        sentence = _("You can only give roles that allow no more than yours.")
        raise Invalid(sentence, {"role": [sentence]})


def role_columns(role: AnyRole) -> dict[str, int | None]:
    """The columns that say which role it is."""
    own = not isinstance(role, Role)
    return {"role_id": None if own else role.id, "own_role_id": role.id if own else None}


def set_role(member: Membership, role: AnyRole) -> None:
    """Put a role in the place of the one that somebody holds."""
    for name, value in role_columns(role).items():
        setattr(member, name, value)
    session().flush()
    session().refresh(member)


def record_member(
    scope: Scope,
    what: Action,
    member: Membership,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    **by: Any,
) -> None:
    """Write down what has become of somebody's work."""
    user = session().get_one(User, member.user_id)
    record(
        scope,
        what,
        actions.of_person(user),
        before,
        after,
        vendor_id=member.vendor_id,
        platform_id=member.platform_id,
        **by,
    )
