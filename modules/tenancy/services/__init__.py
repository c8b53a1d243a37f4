"""Writes: platforms, vendors, who is on which platform, roles, teams, invitations and domains."""

from modules.tenancy.services.domains import add_domain, is_proved, note_check, remove_domain
from modules.tenancy.services.invitations import Offer, accept, invite, invite_again, offer, revoke
from modules.tenancy.services.lives import (
    check_may_onboard,
    close,
    edit_vendor,
    is_alone,
    onboard,
    reopen,
    suspend,
)
from modules.tenancy.services.places import Post, post_here, post_of
from modules.tenancy.services.roles import (
    create_own_role,
    create_role,
    edit_role,
    offered,
    parked,
    remove_role,
    role_here,
    roles_here,
)
from modules.tenancy.services.support import begin_support, end_support
from modules.tenancy.services.team import add_member, change_role, remove_member
from modules.tenancy.services.vendors import (
    create_platform,
    create_vendor,
    edit_platform,
    join_platform,
    leave_platform,
)

__all__ = [
    "Offer",
    "Post",
    "accept",
    "add_domain",
    "add_member",
    "begin_support",
    "change_role",
    "check_may_onboard",
    "close",
    "create_own_role",
    "create_platform",
    "create_role",
    "create_vendor",
    "edit_platform",
    "edit_role",
    "edit_vendor",
    "end_support",
    "invite",
    "invite_again",
    "is_alone",
    "is_proved",
    "join_platform",
    "leave_platform",
    "note_check",
    "offer",
    "offered",
    "onboard",
    "parked",
    "post_here",
    "post_of",
    "remove_domain",
    "remove_member",
    "remove_role",
    "reopen",
    "revoke",
    "role_here",
    "roles_here",
    "suspend",
]
