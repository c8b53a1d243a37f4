"""The list pages of tenancy: which columns, filters and orders each offers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from modules.tenancy import queries
from modules.tenancy.models import Invitation, Membership, Platform, Vendor, VendorDomain, VendorWord
from modules.tenancy.services.invitations import revoke_all
from modules.tenancy.services.places import post_of
from orion.contracts.formats import listed
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Choice, Column, Dates, ListPage, Outcome, Search, entity
from orion.contracts.models import normalise
from orion.contracts.people import User, UserWord
from orion.contracts.scope import Scope

#: Status → label, tone.
VENDOR_STATES = {
    "active": (_l("Active"), "success"),
    "suspended": (_l("Suspended"), "warning"),
    "closed": (_l("Closed"), "neutral"),
}
LEVELS = {"installation": _l("Installation"), "platform": _l("Platform"), "vendor": _l("Vendor")}


def _state(row: Any) -> str:
    return "suspended" if row.suspended and row.Vendor.status == "active" else str(row.Vendor.status)


def _platforms(row: Any) -> str:
    return listed(sorted((row.platforms or "–").split("\n"), key=normalise))


vendors = ListPage(
    id="tenancy.vendors",
    title=_l("Vendors"),
    statement=queries.vendors,
    key=Vendor.id,
    columns=[
        Column(
            "name",
            _l("Vendor"),
            sort=Vendor.name_norm,
            value=lambda r: r.Vendor.name,
            sub=lambda r: r.Vendor.code,
        ),
        Column(
            "status",
            _l("Status"),
            kind="badge",
            value=lambda r: VENDOR_STATES[_state(r)][0],
            tone=lambda r: VENDOR_STATES[_state(r)][1],
        ),
        Column("platforms", _l("Platforms"), value=_platforms),
        Column("currency", _l("Currency"), kind="muted", value=lambda r: r.Vendor.currency),
        Column(
            "since",
            _l("Since"),
            kind="date",
            sort=Vendor.created_on,
            value=lambda r: r.Vendor.created_on,
        ),
    ],
    filters=[
        Choice(
            "status",
            _l("Status"),
            options=[(key, label) for key, (label, _tone) in VENDOR_STATES.items()],
            apply=queries.in_state,
        ),
        Dates(_l("Since"), column=Vendor.created_on),
    ],
    search=Search(
        _l("Search by name or code"),
        columns=[Vendor.name_norm, Vendor.code_norm],
        words=(Vendor.id, VendorWord),
    ),
    default_sort="name",
    row_url=lambda r: url_for("tenancy_admin.vendor", code=r.Vendor.code),
    empty=(_l("No vendors yet"), _l("Vendors appear here as soon as the first one joins a platform.")),
)

platforms = ListPage(
    id="tenancy.platforms",
    title=_l("Platforms"),
    statement=queries.platforms,
    key=Platform.id,
    columns=[
        Column(
            "name",
            _l("Platform"),
            sort=Platform.name_norm,
            value=lambda r: r.Platform.name,
            sub=lambda r: r.Platform.code,
        ),
        Column("vendors", _l("Vendors"), kind="number", value=lambda r: r.vendors),
        Column(
            "since",
            _l("Since"),
            kind="date",
            sort=Platform.created_at,
            value=lambda r: r.Platform.created_at.date(),
        ),
    ],
    default_sort="name",
    row_url=lambda r: url_for("tenancy_admin.vendors", platform=r.Platform.code),
    empty=(_l("No platforms yet"), _l("A platform is a marketplace or shop system that vendors sell on.")),
)


def _host(row: Any) -> VendorDomain:
    return entity(row, VendorDomain)


domains = ListPage(
    id="tenancy.domains",
    title=_l("Domains"),
    statement=queries.domains,
    key=VendorDomain.id,
    columns=[
        Column("host", _l("Domain"), sort=VendorDomain.host, value=lambda r: _host(r).host),
        Column(
            "state",
            _l("Status"),
            kind="badge",
            value=lambda r: _l("Verified") if _host(r).verified_at else _l("Not verified"),
            tone=lambda r: "success" if _host(r).verified_at else "warning",
        ),
        Column(
            "since",
            _l("Since"),
            kind="date",
            sort=VendorDomain.created_on,
            value=lambda r: _host(r).created_on,
        ),
    ],
    default_sort="host",
    row_url=lambda r: url_for("tenancy_vendor.domain", host=r.host),
    empty=(_l("No domain yet"), _l("Add one to show the shop under an address of your own.")),
)
all_domains = replace(
    domains,
    id="tenancy.all_domains",
    statement=queries.domains_and_vendors,
    counted=queries.domains,
    columns=[
        domains.columns[0],
        Column("vendor", _l("Vendor"), kind="muted", value=lambda r: r.Vendor.name),
        *domains.columns[1:],
    ],
    row_url=lambda r: url_for("tenancy_admin.vendor", code=r.Vendor.code),
    empty=(_l("No domain yet"), _l("Domains appear here as soon as a vendor adds one.")),
)


def _roles(scope: Scope) -> list[tuple[str, object]]:
    return [(role.key, role.name) for role in queries.roles_in_use(scope)]


def _in_role(statement: Any, key: str) -> Any:
    column = Membership.own_role_id if key.startswith("o") else Membership.role_id
    return statement.where(column == int(key[1:]))


def all_platforms(scope: Scope) -> ListPage:
    """Every platform; its rows lead to where it is changed for those who may, else to its vendors."""
    if not scope.allows("tenancy.platforms_manage"):
        return platforms
    return replace(platforms, row_url=lambda r: url_for("tenancy_admin.platform", code=r.Platform.code))


def _place(row: Any) -> object:
    """Where somebody works: the vendor's or platform's name."""
    place = row.Vendor or row.Platform
    return place.name if place else LEVELS["installation"]


_ROLE = Choice("role", _l("Role"), options=_roles, apply=_in_role)
_SINCE = Column(
    "since", _l("Since"), kind="date", sort=Membership.created_on, value=lambda r: r.Membership.created_on
)

team = ListPage(
    id="tenancy.team",
    title=_l("Team"),
    statement=queries.members,
    key=Membership.id,
    columns=[
        Column(
            "name", _l("Person"), sort=User.name_norm, value=lambda r: r.User.name, sub=lambda r: r.User.email
        ),
        Column("role", _l("Role"), value=lambda r: (r.Role or r.OwnRole).name),
        _SINCE,
    ],
    filters=[_ROLE],
    search=Search(
        _l("Search by name or e-mail"),
        columns=[User.name_norm, User.email_norm],
        words=(User.id, UserWord),
    ),
    default_sort="name",
    empty=(_l("Nobody here yet"), _l("People who may work here appear in this list.")),
)


def vendor_team(scope: Scope) -> ListPage:
    """A vendor's team; its rows lead to people for those who may change something there."""
    url = _member if scope.allows("tenancy.team_manage") else None
    return replace(team, row_url=url)


def _member(row: Any) -> str:
    return url_for("tenancy_vendor.member", public_id=row.Membership.public_id)


def _revoke_all(scope: Scope, keys: Sequence[int]) -> Outcome:
    revoked = revoke_all(scope, keys)
    message = ngettext("One invitation is taken back.", "%(num)s invitations are taken back.", len(revoked))
    return Outcome(message, Undo("tenancy.invitations_stand", invitations=revoked))


def invitations(endpoint: str) -> ListPage:
    """Open invitations, with rows that lead to the page `endpoint`."""
    return ListPage(
        id="tenancy.invitations",
        title=_l("Invitations"),
        statement=queries.invitations,
        key=Invitation.id,
        columns=[
            Column("email", _l("E-mail address"), sort=Invitation.email, value=lambda r: r.email),
            Column("role", _l("Role"), value=lambda r: r.held.name),
            Column("place", _l("Works for"), value=lambda r: post_of(r).name),
            Column(
                "expires",
                _l("Good until"),
                kind="moment",
                sort=Invitation.expires_at,
                value=lambda r: r.expires_at,
            ),
        ],
        default_sort="-expires",
        row_url=lambda r: url_for(endpoint, public_id=r.public_id),
        empty=(_l("No open invitations"), _l("Whom you invite stays here until they accept.")),
        actions=[
            Action(
                name="revoke",
                label=lazy_pgettext("invitation", "Take back"),
                permission="tenancy.team_manage",
                run=_revoke_all,
            )
        ],
        pick=Invitation.public_id,
    )


_people = ListPage(
    id="tenancy.people",
    title=_l("Team"),
    statement=queries.members,
    key=Membership.id,
    columns=[*team.columns[:2], Column("place", _l("Works for"), value=_place), _SINCE],
    filters=[
        Choice("level", _l("Level"), options=list(LEVELS.items()), column=Membership.level),
        _ROLE,
    ],
    search=team.search,
    default_sort="name",
    empty=team.empty,
)


everybody = ListPage(
    id="tenancy.everybody",
    title=_l("People"),
    statement=queries.people,
    key=User.id,
    columns=[
        Column(
            "name", _l("Person"), sort=User.name_norm, value=lambda r: r.User.name, sub=lambda r: r.User.email
        ),
        Column("places", _l("Places"), kind="number", value=lambda r: r.places),
    ],
    search=team.search,
    default_sort="name",
    row_url=lambda r: url_for("tenancy_admin.team", q=r.User.email),
    empty=team.empty,
)


def people(scope: Scope) -> ListPage:
    """The team of all places; its rows lead to people for those who may change something there."""
    url = _anybody if scope.allows("tenancy.team_manage") else None
    return replace(_people, row_url=url)


def _anybody(row: Any) -> str:
    return url_for("tenancy_admin.member", public_id=row.Membership.public_id)
