"""Tenancy for people who run platforms: vendors, teams and platforms."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.tenancy import audit_lists, lists, queries
from modules.tenancy.services import Post, post_here
from modules.tenancy.views import audit as audit_views
from modules.tenancy.views import roles as role_views
from modules.tenancy.views import team as team_views
from modules.tenancy.views import vendors as vendor_views
from orion.contracts.addresses import address_lines
from orion.contracts.lists import answer_list, render_list
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/vendors", permission="tenancy.vendors_view")
def vendors(scope: Scope) -> ResponseReturnValue:
    """Every vendor of the scope."""
    return render_list("tenancy/vendors.html", lists.vendors.run(scope, request.args))


@pages.page("/vendors/new", permission="tenancy.vendors_manage", methods=("GET", "POST"))
def new_vendor(scope: Scope) -> ResponseReturnValue:
    """Add a vendor and invite its owner."""
    return vendor_views.new_vendor(scope)


@pages.page("/vendors/<code>", permission="tenancy.vendors_view")
def vendor(scope: Scope, code: str) -> ResponseReturnValue:
    """One vendor: facts, platforms, team, domains."""
    found = queries.vendor(scope, code)
    return render(
        "tenancy/vendor.html",
        vendor=found,
        states=lists.VENDOR_STATES,
        address=address_lines([found.street], found.city, found.postcode, country=found.country),
        platforms=queries.platforms_of(scope, found),
        domains=queries.domains_of(scope, found),
        team=queries.team_of(scope, found) if scope.allows("tenancy.team_view") else None,
    )


@pages.page("/team", permission="tenancy.team_view")
def team(scope: Scope) -> ResponseReturnValue:
    """Everybody who works for the installation, a platform or a vendor of the scope."""
    listing = lists.people(scope).run(scope, request.args)
    return render_list("tenancy/team.html", listing, people_url=url_for(".people"))


@pages.page("/people", permission="tenancy.team_view")
def people(scope: Scope) -> ResponseReturnValue:
    """Everybody who works somewhere in the scope, once; rows lead to where and as what."""
    return render_list("list.html", lists.everybody.run(scope, request.args))


@pages.page("/domains", permission="tenancy.vendors_view")
def domains(scope: Scope) -> ResponseReturnValue:
    """The host names of the scope's vendors."""
    return render_list("list.html", lists.all_domains.run(scope, request.args))


@pages.page("/platforms", permission="tenancy.platforms_view")
def platforms(scope: Scope) -> ResponseReturnValue:
    """Every platform of the scope."""
    return render_list("tenancy/platforms.html", lists.all_platforms(scope).run(scope, request.args))


@pages.page("/audit", permission="tenancy.audit_view")
def audit(scope: Scope) -> ResponseReturnValue:
    """What has been done here."""
    return answer_list(audit_lists.admin, scope)


@pages.page("/audit/<public_id>", permission="tenancy.audit_view")
def audit_entry(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One entry, with before and after."""
    return audit_views.audit_entry(scope, public_id, "tenancy_admin.audit")


@pages.page("/team/invite", permission="tenancy.team_manage", methods=("GET", "POST"))
def invite(scope: Scope) -> ResponseReturnValue:
    """Invite somebody to this place."""
    return team_views.invite(scope, post_here(scope), url_for(".team"))


@pages.page("/team/invitations", permission="tenancy.team_manage", methods=("GET", "POST"))
def invitations(scope: Scope) -> ResponseReturnValue:
    """Who has been invited and has not come yet."""
    return answer_list(lists.invitations("tenancy_admin.invitation"), scope)


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


@pages.page("/vendors/<code>/settings", permission="tenancy.vendors_manage", methods=("GET", "POST"))
def vendor_settings(scope: Scope, code: str) -> ResponseReturnValue:
    """What a vendor says of itself."""
    found, back = queries.vendor(scope, code), url_for(".vendor", code=code)
    return vendor_views.settings(scope, found, back, f"{_('Settings')} · {found.name}")


@pages.page("/vendors/<code>/invite", permission="tenancy.team_manage", methods=("GET", "POST"))
def invite_to_vendor(scope: Scope, code: str) -> ResponseReturnValue:
    """Invite somebody to a vendor's team."""
    back = url_for(".vendor", code=code)
    return team_views.invite(scope, Post(vendor=queries.vendor(scope, code)), back)


@pages.page("/vendors/<code>/suspend", permission="tenancy.vendors_manage", methods=("GET", "POST"))
def suspend(scope: Scope, code: str) -> ResponseReturnValue:
    """Let a vendor's people read and no more."""
    return vendor_views.suspend(scope, code)


@pages.page("/vendors/<code>/close", permission="tenancy.vendors_manage", fresh=True, methods=("GET", "POST"))
def close(scope: Scope, code: str) -> ResponseReturnValue:
    """Shut a vendor."""
    return vendor_views.close(scope, code)


@pages.page("/vendors/<code>/reopen", permission="tenancy.vendors_manage", methods=("POST",))
def reopen(scope: Scope, code: str) -> ResponseReturnValue:
    """Open a vendor again."""
    return vendor_views.reopen(scope, code)


@pages.page("/vendors/<code>/join", permission="tenancy.vendors_manage", methods=("GET", "POST"))
def join(scope: Scope, code: str) -> ResponseReturnValue:
    """Put a vendor on another platform."""
    return vendor_views.join(scope, code)


@pages.page("/vendors/<code>/leave/<platform_code>", permission="tenancy.vendors_manage", methods=("POST",))
def leave(scope: Scope, code: str, platform_code: str) -> ResponseReturnValue:
    """End a vendor's time on a platform."""
    return vendor_views.leave(scope, code, platform_code)


@pages.page("/vendors/<code>/support", permission="tenancy.support", fresh=True, methods=("GET", "POST"))
def support(scope: Scope, code: str) -> ResponseReturnValue:
    """Help a vendor for a while."""
    return vendor_views.support(scope, code)


@pages.page("/platforms/new", permission="tenancy.platforms_manage", methods=("GET", "POST"))
def new_platform(scope: Scope) -> ResponseReturnValue:
    """Add a platform."""
    return vendor_views.new_platform(scope)


@pages.page("/platforms/<code>", permission="tenancy.platforms_manage", methods=("GET", "POST"))
def platform(scope: Scope, code: str) -> ResponseReturnValue:
    """Change what a platform is called."""
    return vendor_views.platform(scope, code)
