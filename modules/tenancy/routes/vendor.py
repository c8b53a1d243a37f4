"""Tenancy for a vendor's team."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.tenancy import audit_lists, lists, queries
from modules.tenancy.services import post_here
from modules.tenancy.views import audit as audit_views
from modules.tenancy.views import choices as choice_views
from modules.tenancy.views import domains as domain_views
from modules.tenancy.views import roles as role_views
from modules.tenancy.views import team as team_views
from modules.tenancy.views import vendors as vendor_views
from orion.contracts.lists import answer_list, render_list
from orion.contracts.pages import Pages
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/team", permission="tenancy.team_view")
def team(scope: Scope) -> ResponseReturnValue:
    """Everybody who works for this vendor."""
    return render_list("tenancy/team.html", lists.vendor_team(scope).run(scope, request.args))


@pages.page("/audit", permission="tenancy.audit_view")
def audit(scope: Scope) -> ResponseReturnValue:
    """What has been done here."""
    return answer_list(audit_lists.vendor, scope)


@pages.page("/audit/<public_id>", permission="tenancy.audit_view")
def audit_entry(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One entry, with before and after."""
    return audit_views.audit_entry(scope, public_id, "tenancy_vendor.audit")


@pages.page("/team/invite", permission="tenancy.team_manage", methods=("GET", "POST"))
def invite(scope: Scope) -> ResponseReturnValue:
    """Invite somebody to this place."""
    return team_views.invite(scope, post_here(scope), url_for(".team"))


@pages.page("/team/invitations", permission="tenancy.team_manage", methods=("GET", "POST"))
def invitations(scope: Scope) -> ResponseReturnValue:
    """Who has been invited and has not come yet."""
    return answer_list(lists.invitations("tenancy_vendor.invitation"), scope)


@pages.page("/team/invitations/<public_id>", permission="tenancy.team_manage")
def invitation(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One invitation."""
    return team_views.invitation(scope, public_id)


@pages.page("/team/invitations/<public_id>/again", permission="tenancy.team_manage", methods=("POST",))
def invite_again(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Send another link."""
    return team_views.invite_again(scope, public_id)


@pages.page("/team/invitations/<public_id>/revoke", permission="tenancy.team_manage", methods=("POST",))
def revoke(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    return team_views.revoke(scope, public_id)


@pages.page("/team/<public_id>", permission="tenancy.team_manage", methods=("GET", "POST"))
def member(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One person and their role."""
    return team_views.member(scope, public_id)


@pages.page("/team/<public_id>/remove", permission="tenancy.team_manage", methods=("POST",))
def remove_member(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Let somebody go."""
    return team_views.remove(scope, public_id)


@pages.page("/roles", permission="tenancy.roles_manage")
def roles(scope: Scope) -> ResponseReturnValue:
    """The roles of this place."""
    return role_views.roles(scope)


@pages.page("/roles/new", permission="tenancy.roles_manage", fresh=True, methods=("GET", "POST"))
def new_role(scope: Scope) -> ResponseReturnValue:
    """Add a role."""
    return role_views.new_role(scope)


@pages.page("/roles/<key>", permission="tenancy.roles_manage", fresh=True, methods=("GET", "POST"))
def role(scope: Scope, key: str) -> ResponseReturnValue:
    """One role and what it allows."""
    return role_views.role(scope, key)


@pages.page("/roles/<key>/remove", permission="tenancy.roles_manage", methods=("POST",))
def remove_role(scope: Scope, key: str) -> ResponseReturnValue:
    """Remove a role that nobody holds."""
    return role_views.remove_role(scope, key)


@pages.page("/settings", permission="tenancy.settings_manage", methods=("GET", "POST"))
def settings(scope: Scope) -> ResponseReturnValue:
    """What this vendor says of itself."""
    assert scope.vendor is not None
    found = queries.vendor(scope, scope.vendor.code)
    return vendor_views.settings(scope, found, url_for(".settings"), _("Settings"), "tenancy/settings.html")


@pages.page("/settings/modules", permission="tenancy.settings_manage", methods=("GET", "POST"))
def choices(scope: Scope) -> ResponseReturnValue:
    """What this vendor uses of what its platforms offer."""
    return choice_views.choose(scope)


@pages.page("/domains", permission="tenancy.settings_manage")
def domains(scope: Scope) -> ResponseReturnValue:
    """The domains of this vendor."""
    return render_list("tenancy/domains.html", lists.domains.run(scope, request.args))


@pages.page("/domains/new", permission="tenancy.settings_manage", methods=("GET", "POST"))
def new_domain(scope: Scope) -> ResponseReturnValue:
    """Note a domain."""
    return domain_views.new(scope)


@pages.page("/domains/<host>", permission="tenancy.settings_manage")
def domain(scope: Scope, host: str) -> ResponseReturnValue:
    """One domain."""
    return domain_views.domain(scope, host)


@pages.page("/domains/<host>/check", permission="tenancy.settings_manage", methods=("POST",))
def check_domain(scope: Scope, host: str) -> ResponseReturnValue:
    """Look whether a domain is proved."""
    return domain_views.check(scope, host)


@pages.page("/domains/<host>/remove", permission="tenancy.settings_manage", methods=("POST",))
def remove_domain(scope: Scope, host: str) -> ResponseReturnValue:
    """Take a domain off the list."""
    return domain_views.remove(scope, host)


@pages.page("/support/end", public=True, methods=("POST",))
def end_support(scope: Scope) -> ResponseReturnValue:
    """Leave a vendor that one helps."""
    return vendor_views.end_support(scope)
