"""Roles: what each allows, and the place's own."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.tenancy import queries, services
from modules.tenancy.forms import FRONTENDS, NewRoleForm, RoleForm, rights_offered
from modules.tenancy.models import AnyRole
from modules.tenancy.services import Post
from modules.tenancy.services.roles import granted, may_edit
from modules.tenancy.views.place import here
from orion.contracts.forms import done, form_page
from orion.contracts.pages import render
from orion.contracts.rights import permission_groups
from orion.contracts.scope import Scope, ScopeKind


def roles(scope: Scope) -> ResponseReturnValue:
    """Every role of the place, and how many hold it."""
    post = services.post_here(scope)
    found = services.roles_here(post)
    counts = queries.holders(scope)
    rows = [(role, counts.get(role.key, 0), here(scope, "role", key=role.key)) for role in found]
    return render("tenancy/roles.html", rows=rows, new=here(scope, "new_role"))


def new_role(scope: Scope) -> ResponseReturnValue:
    """A role of the place's own, from nothing or as a copy."""
    post = services.post_here(scope)
    copied = services.role_here(post, request.args["copy"]) if request.args.get("copy") else None
    at_top = scope.kind is ScopeKind.INSTALLATION
    form = (NewRoleForm if at_top else RoleForm)(**_copied(copied))
    # Where the level is still to be chosen, all that means something anywhere.
    level = "installation" if at_top else post.level
    form.permissions.groups = rights_offered(scope, level)
    if form.sent():
        with form.attempt():
            role = services.create_own_role(scope, post, **form.given())
            return done(_("The role %(name)s is there.", name=role.name), here(scope, "roles"))
    back = here(scope, "roles")
    return form_page(
        form, title=_("New role"), submit=_("Add the role"), back=back, trail=[(_("Roles"), back)]
    )


def role(scope: Scope, key: str) -> ResponseReturnValue:
    """One role: what it allows, and for those who may the form to change it."""
    post = services.post_here(scope)
    found = services.role_here(post, key)
    form = RoleForm(obj=found)
    form.permissions.groups = rights_offered(scope, found.level)
    if form.sent():
        with form.attempt():
            people = services.edit_role(scope, post, found, **form.given())
            return done(_meant(people), here(scope, "roles"))
    return form_page(form, "tenancy/role.html", **_shown(scope, post, found))


def remove_role(scope: Scope, key: str) -> ResponseReturnValue:
    """Remove a role that nobody holds."""
    services.remove_role(scope, services.role_here(services.post_here(scope), key))
    return done(_("The role is removed."), here(scope, "roles"))


def _shown(scope: Scope, post: Post, found: AnyRole) -> dict[str, Any]:
    allowed = granted(found)
    groups = [
        (group.label, [one for one in group.permissions if one.id in allowed])
        for group in permission_groups(*FRONTENDS[found.level])
    ]
    return {
        "role": found,
        "may_edit": may_edit(scope, found),
        "people": queries.holders(scope).get(found.key, 0),
        "groups": [(label, permissions) for label, permissions in groups if permissions],
        "parked": services.parked(found),
        "roles": here(scope, "roles"),
        "copy": here(scope, "new_role", copy=found.key),
        "remove": here(scope, "remove_role", key=found.key),
    }


def _copied(role: AnyRole | None) -> dict[str, Any]:
    if role is None:
        return {}
    return {
        "name": _("Copy of %(name)s", name=role.name)[:80],
        "permissions": sorted(granted(role)),
        "require_2fa": role.require_2fa,
        "level": role.level,
    }


def _meant(people: int) -> str:
    if not people:
        return _("The role is changed. Nobody holds it yet.")
    return ngettext(
        "The role is changed. It counts for one person from now on.",
        "The role is changed. It counts for %(num)s people from now on.",
        people,
    )
