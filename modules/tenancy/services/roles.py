"""Writes: roles, and the rule that nobody gives away more than they hold."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select

from modules.tenancy import actions
from modules.tenancy.models import AnyRole, Invitation, Membership, OwnRole, Role
from modules.tenancy.services.common import added
from modules.tenancy.services.guard import is_administrator, keep_an_administrator
from modules.tenancy.services.places import Post
from orion.contracts.audit import Subject, record
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Forbidden, Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.rights import every_permission
from orion.contracts.scope import Scope


def create_role(scope: Scope, level: str, name: str, permissions: list[str] | None = None) -> Role:
    """A role that is offered to everybody at its level; without a list of permissions it holds all that
    are declared, later ones included.

    Raises Invalid when the level has a role of that name.
    """
    if session().scalar(select(Role.id).where(Role.level == level, Role.name == name)):
        raise Invalid(_("There is a role with the name %(name)s already.", name=name))
    role = added(Role(level=level, name=name, permissions=permissions or [], everything=permissions is None))
    after = {"level": level, "permissions": "*" if permissions is None else permissions}
    record(scope, actions.ROLE_ADDED, Subject("role", role.key, name), after=after)
    return role


def create_own_role(
    scope: Scope,
    post: Post,
    *,
    name: str,
    permissions: Sequence[str],
    require_2fa: bool = False,
    level: str = "",
) -> AnyRole:
    """A role of a place's own; the installation's are offered to everybody at the `level`.

    Raises Invalid for a name that is taken, and for permissions that its maker lacks.
    """
    _check_name(post, level or post.level, name)
    check_grant(scope, permissions)
    facts = {"name": name, "permissions": sorted(permissions), "require_2fa": require_2fa}
    role: AnyRole
    if post.level == "installation":
        role = added(Role(level=level or post.level, **facts))
    else:
        role = added(OwnRole(level=post.level, **facts, **post.owner))
    _record(scope, actions.ROLE_ADDED, role, None, _facts(role))
    return role


def edit_role(
    scope: Scope,
    post: Post,
    role: AnyRole,
    *,
    name: str,
    permissions: Sequence[str],
    require_2fa: bool = False,
) -> int:
    """Change a role; gives the number of people for whom that counts at their next request.

    What it grants of modules that are off stays parked in it. Raises Invalid for a name that is taken or
    permissions that the editor lacks, Forbidden for a role that is not this place's or grants more than
    the editor holds, and Conflict where nobody could manage people any more.
    """
    check_editable(scope, role)
    people = holders(role)
    were = [member for member in people if is_administrator(member)]
    before = _facts(role)
    if name != role.name:
        _check_name(post, role.level, name)
    check_grant(scope, permissions)
    role.name, role.require_2fa = name, require_2fa
    role.permissions = sorted({*permissions, *parked(role)})
    session().flush()
    for member in were:
        keep_an_administrator(member)
    _record(scope, actions.ROLE_CHANGED, role, before, _facts(role))
    return len(people)


def remove_role(scope: Scope, role: AnyRole) -> None:
    """Remove a role that nobody holds. Raises Conflict where somebody does, and Forbidden as `edit_role`."""
    check_editable(scope, role)
    people = len(holders(role))
    if people:
        raise Conflict(
            ngettext(
                "One person holds this role. Give them another one first.",
                "%(num)s people hold this role. Give them another one first.",
                people,
            )
        )
    column = Invitation.role_id if isinstance(role, Role) else Invitation.own_role_id
    for invitation in session().scalars(select(Invitation).where(column == role.id)):
        session().delete(invitation)
    session().flush()  # Nothing else says that these go first.
    session().delete(role)
    session().flush()
    _record(scope, actions.ROLE_REMOVED, role, _facts(role), None)


def offered(post: Post) -> list[AnyRole]:
    """The roles that can be given at a place: those for everybody first, each kind by name."""
    found: list[AnyRole] = _by_name(select(Role).where(Role.level == post.level))
    if post.level != "installation":
        found += _by_name(select(OwnRole).where(post.of(OwnRole)))
    return found


def _by_name(statement: Select[Any]) -> list[AnyRole]:
    return sorted(session().scalars(statement), key=lambda role: normalise(role.name))


def role_by_key(post: Post, key: str) -> AnyRole:
    """A role that can be given at the place. Raises Invalid."""
    for role in offered(post):
        if role.key == key:
            return role
    sentence = _("Choose one of the list.")
    raise Invalid(sentence, {"role": [sentence]})


def roles_here(post: Post) -> list[AnyRole]:
    """The roles that a place looks after: those it can give; the installation all that it offers."""
    if post.level != "installation":
        return offered(post)
    return sorted(_by_name(select(Role)), key=lambda role: role.level)


def role_here(post: Post, key: str) -> AnyRole:
    """A role of the place for its page. Raises NotFound."""
    found = next((role for role in roles_here(post) if role.key == key), None)
    if found is None:
        raise NotFound()
    return found


def granted(role: AnyRole) -> frozenset[str]:
    """What a role allows now."""
    every = every_permission()
    return every if role.everything else frozenset(role.permissions) & every


def parked(role: AnyRole) -> list[str]:
    """What a role would allow if the modules were on that declare it."""
    return sorted(set(role.permissions) - every_permission())


def may_give(scope: Scope, role: AnyRole) -> bool:
    """Whether the person holds all that the role allows."""
    return granted(role) <= scope.permissions


def check_grant(scope: Scope, permissions: Sequence[str]) -> None:
    """Raise Invalid for permissions that the person lacks."""
    if set(permissions) & every_permission() - scope.permissions:
        sentence = _("You can only give rights that you have yourself.")
        raise Invalid(sentence, {"permissions": [sentence]})


def check_editable(scope: Scope, role: AnyRole) -> None:
    """Raise Forbidden for a role that isn't this place's, or that allows more than its editor may."""
    if isinstance(role, Role) and (scope.vendor is not None or scope.platform is not None):
        raise Forbidden(_("This role is offered to everybody. Make a copy, and change that."))
    if isinstance(role, Role) and role.everything:
        raise Forbidden(_("This role allows everything, and stays as it is."))
    if not may_give(scope, role):
        raise Forbidden(_("This role allows more than you may."))


def may_edit(scope: Scope, role: AnyRole) -> bool:
    """Whether the person may change the role here."""
    try:
        check_editable(scope, role)
    except Forbidden:
        return False
    return True


def holders(role: AnyRole) -> Sequence[Membership]:
    """Who holds a role, as far as the scope sees them."""
    column = Membership.role_id if isinstance(role, Role) else Membership.own_role_id
    return session().scalars(select(Membership).where(column == role.id)).all()


def _check_name(post: Post, level: str, name: str) -> None:
    taken = [select(Role.id).where(Role.level == level, Role.name == name)]
    if post.level != "installation":
        taken.append(select(OwnRole.id).where(post.of(OwnRole), OwnRole.name == name))
    if any(session().scalar(one) for one in taken):
        sentence = _("There is a role with the name %(name)s already.", name=name)
        raise Invalid(sentence, {"name": [sentence]})


def _facts(role: AnyRole) -> dict[str, object]:
    return {"name": role.name, "permissions": list(role.permissions), "second_factor": role.require_2fa}


def _record(scope: Scope, what: object, role: AnyRole, before: object, after: object) -> None:
    owner = {} if isinstance(role, Role) else {"vendor_id": role.vendor_id, "platform_id": role.platform_id}
    record(scope, what, Subject("role", role.key, role.name), before, after, **owner)  # type: ignore[arg-type]
