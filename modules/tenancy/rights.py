"""Memberships as the engine asks for them: one SQL expression, and what its JSON gives at a place."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
)

from modules.tenancy.models import (
    THERE,
    AnyRole,
    Membership,
    OwnRole,
    Platform,
    Role,
    Support,
    Vendor,
    VendorPlatform,
)
from orion.contracts.data import entered, json_rows, session, system_scope
from orion.contracts.errors import Forbidden, NotFound
from orion.contracts.permissions import Access, Door, Holders, Place
from orion.contracts.scope import ALL, PlatformRef, ScopeKind, VendorRef

Row = Mapping[str, Any]
#: What whoever works for a vendor that isn't theirs must be allowed.
HELP = "tenancy.support"


class Rights:
    """Answers PermissionSource from the tables of this module.

    Its JSON is `{"members": […], "platforms": […], "vendors": […]}`: a row for each membership and
    each platform of its vendor; in the administration also the platforms that the person may
    choose from, and the vendors that are on them now; at a vendor the support that they give it.
    """

    def rights(self, user_id: ColumnElement[int], place: Place) -> ColumnElement[Any]:
        """See PermissionSource. One expression, whatever the place."""
        parts: dict[str, Any] = {"members": _members(user_id)}
        if place.frontend == "vendor":
            parts["support"] = _support(user_id, place)
        if place.frontend == "admin":
            parts["platforms"] = _platforms(user_id)
            parts["vendors"] = _vendors_there(user_id, place)
        text: ColumnElement[Any] = literal("{")
        for i, (name, rows) in enumerate(parts.items()):
            text = text + literal(f'{"," if i else ""}"{name}":') + cast(json_rows(rows), String)
        return text + literal("}")

    def vendor_id(self, place: Place) -> ScalarSelect[int] | None:
        """See PermissionSource."""
        if place.vendor_code is None:
            return None
        return select(Vendor.id).where(Vendor.code == place.vendor_code).scalar_subquery()

    def access(self, rights: Any, place: Place, every_permission: frozenset[str]) -> Access:
        """See PermissionSource."""
        rights = rights or {}
        members: Sequence[Row] = rights.get("members", ())
        doors = _doors(members)
        if place.frontend == "vendor":
            mine = [
                r for r in members if r["vendor_code"] == place.vendor_code and r["vendor_status"] != "closed"
            ]
            if not mine and rights.get("support"):
                return _as_support(members, rights["support"], place, every_permission, doors)
            return _at_vendor(mine, place, _permissions(mine, every_permission), doors)
        if place.frontend == "admin":
            return _at_admin(rights, place, every_permission, doors)
        return Access(ScopeKind.NONE, doors=doors, second_factor=_second_factor(members))

    def everything_at(self, place: Place) -> Access:
        """See PermissionSource."""
        with entered(system_scope("command")) as reading:
            if place.vendor_code is not None:
                found = reading.execute(_vendor_rows().where(Vendor.code == place.vendor_code)).mappings()
                rows = [dict(row) for row in found]
                return _at_vendor(_open(rows) if place.frontend == "shop" else rows, place, frozenset(), ())
            platforms = [dict(row) for row in reading.execute(_every_platform()).mappings()]
            vendors = [dict(row) for row in reading.execute(_there()).mappings()]
        if place.platform_code is None:
            return Access(ScopeKind.INSTALLATION, ALL, ALL, platforms_here=_refs(platforms))
        return _on_platforms(_chosen(platforms, place), vendors, frozenset(), ())

    def vendors_named(self, codes: Collection[str]) -> Mapping[str, int]:
        """See PermissionSource."""
        asked = select(Vendor.code, Vendor.id).where(Vendor.code.in_(codes))
        with entered(system_scope("command")) as reading:
            return {code: id_ for code, id_ in reading.execute(asked)}

    def sellers(self) -> Mapping[str, frozenset[int]]:
        """See PermissionSource."""
        there = (VendorPlatform.platform_id == Platform.id) & VendorPlatform.status.in_(THERE)
        statement = select(Platform.code, VendorPlatform.vendor_id).outerjoin(VendorPlatform, there)
        found: dict[str, set[int]] = {}
        with entered(system_scope("command")) as reading:
            for code, vendor in reading.execute(statement):
                found.setdefault(code, set()).update({vendor} - {None})
        return {code: frozenset(vendors) for code, vendors in found.items()}

    def grants(self, module: str) -> Mapping[str, Sequence[str]]:
        """See PermissionSource."""
        with entered(system_scope("command")) as reading:
            roles = [*reading.scalars(select(Role)), *reading.scalars(select(OwnRole))]
            return {role.key: mine for role in roles if (mine := _of_module(role, module))}

    def set_grants(self, module: str, grants: Mapping[str, Sequence[str]]) -> None:
        """See PermissionSource."""
        for role in (*session().scalars(select(Role)), *session().scalars(select(OwnRole))):
            others = set(role.permissions) - set(_of_module(role, module))
            wanted = sorted(others | set(grants.get(role.key, ())))
            if set(wanted) != set(role.permissions):
                role.permissions = wanted
        session().flush()

    def people_with(self, permission: str) -> Sequence[int]:
        """See PermissionSource."""
        statement = (
            select(Membership.user_id, Role, OwnRole)
            .outerjoin(Role, Role.id == Membership.role_id)
            .outerjoin(OwnRole, OwnRole.id == Membership.own_role_id)
        )
        with entered(system_scope("command")) as reading:
            found = [(row.user_id, row.Role or row.OwnRole) for row in reading.execute(statement)]
        return sorted({user for user, role in found if role.everything or permission in role.permissions})

    def holders(self) -> Sequence[Holders]:
        """See PermissionSource."""
        people: dict[tuple[str, str, frozenset[str] | None], dict[int, tuple[set[str], set[int]]]] = {}
        with entered(system_scope("command")) as reading:
            for user, level, vendor, role, own, platform in reading.execute(_held()):
                given = None if role and role.everything else frozenset((role or own).permissions)
                users = people.setdefault(((role or own).name, level, given), {})
                codes, vendors = users.setdefault(user, (set(), set()))
                codes |= {platform} if platform else set()
                vendors |= {vendor} if vendor else set()
        return [
            Holders(
                *held,
                {user: frozenset(codes) for user, (codes, _) in users.items()},
                {user: frozenset(vendors) for user, (_, vendors) in users.items()},
            )
            for held, users in sorted(people.items(), key=lambda one: one[0][:2])
        ]


# -- what is asked --------------------------------------------------------------------------------


def _vendor_columns() -> list[Any]:
    return [
        Vendor.id.label("vendor_id"),
        Vendor.code.label("vendor_code"),
        Vendor.name.label("vendor_name"),
        Vendor.currency.label("currency"),
        Vendor.zone.label("zone"),
        Vendor.locale.label("locale"),
        cast(Vendor.languages, String).label("languages"),
        Vendor.status.label("vendor_status"),
        Vendor.status_reason.label("status_reason"),
        Platform.id.label("platform_id"),
        Platform.code.label("platform_code"),
        Platform.name.label("platform_name"),
        VendorPlatform.status.label("platform_status"),
        VendorPlatform.status_reason.label("platform_reason"),
    ]


def _vendor_rows() -> Select[Any]:
    """A row for each platform of a vendor, one without platform where there is none."""
    return (
        select(*_vendor_columns())
        .select_from(Vendor)
        .outerjoin(VendorPlatform, VendorPlatform.vendor_id == Vendor.id)
        .outerjoin(Platform, Platform.id == VendorPlatform.platform_id)
        .order_by(Vendor.name_norm, Platform.name_norm)
    )


def _members(user_id: ColumnElement[int]) -> Select[Any]:
    return (
        select(
            Membership.level.label("level"),
            func.coalesce(cast(Role.permissions, String), cast(OwnRole.permissions, String)).label(
                "permissions"
            ),
            func.coalesce(Role.everything, False).label("everything"),
            func.coalesce(Role.require_2fa, OwnRole.require_2fa).label("second_factor"),
            Membership.platform_id.label("own_platform_id"),
            *_vendor_columns(),
        )
        .select_from(Membership)
        .outerjoin(Role, Role.id == Membership.role_id)
        .outerjoin(OwnRole, OwnRole.id == Membership.own_role_id)
        .outerjoin(Vendor, Vendor.id == Membership.vendor_id)
        .outerjoin(VendorPlatform, VendorPlatform.vendor_id == Vendor.id)
        .outerjoin(
            Platform, or_(Platform.id == VendorPlatform.platform_id, Platform.id == Membership.platform_id)
        )
        .where(Membership.user_id == user_id)
        .correlate(_outside(user_id))
        .order_by(Vendor.name_norm, Platform.name_norm)
    )


def _support(user_id: ColumnElement[int], place: Place) -> Select[Any]:
    """What a person does for a vendor in support, now: a row for each platform of the vendor that is theirs,
    as long as the vendor sells on it."""
    return (
        select(
            Support.reason.label("reason"), Support.platform_id.label("for_platform_id"), *_vendor_columns()
        )
        .select_from(Support)
        .join(Vendor, Vendor.id == Support.vendor_id)
        .outerjoin(
            VendorPlatform,
            (VendorPlatform.vendor_id == Vendor.id)
            & or_(Support.platform_id.is_(None), VendorPlatform.platform_id == Support.platform_id),
        )
        .outerjoin(Platform, Platform.id == VendorPlatform.platform_id)
        .where(
            Support.user_id == user_id,
            Support.ended_at.is_(None),
            # The statement is kept: the moment is that of each execution.
            Support.expires_at > bindparam(None, callable_=lambda: datetime.now(UTC)),
            Vendor.code == (place.vendor_code or ""),
            Vendor.status != "closed",
            or_(Support.platform_id.is_(None), VendorPlatform.status.in_(THERE)),
        )
        .correlate(_outside(user_id))
        .order_by(Support.id.desc(), Platform.name_norm)
    )


def _outside(user_id: ColumnElement[int]) -> FromClause:
    """The table of the one who asks, which the statement around reads.

    Left to itself, a nested select would read that table anew, and give everybody's rights at once.
    """
    table: FromClause = user_id.table  # type: ignore[attr-defined]
    return table


def _held() -> Select[Any]:
    """A row for each membership and each platform that it is for: of a vendor's, where it sells now."""
    there = (VendorPlatform.vendor_id == Membership.vendor_id) & VendorPlatform.status.in_(THERE)
    platform = or_(Platform.id == VendorPlatform.platform_id, Platform.id == Membership.platform_id)
    return (
        select(Membership.user_id, Membership.level, Membership.vendor_id, Role, OwnRole, Platform.code)
        .outerjoin(Role, Role.id == Membership.role_id)
        .outerjoin(OwnRole, OwnRole.id == Membership.own_role_id)
        .outerjoin(VendorPlatform, there)
        .outerjoin(Platform, platform)
    )


def _every_platform() -> Select[int, str, str]:
    return select(Platform.id.label("id"), Platform.code.label("code"), Platform.name.label("name")).order_by(
        Platform.name_norm
    )


def _platforms(user_id: ColumnElement[int]) -> Select[int, str, str]:
    """The platforms that a person may choose from: their own, or all for the installation's people."""
    mine = select(Membership.id).where(
        Membership.user_id == user_id,
        or_(Membership.level == "installation", Membership.platform_id == Platform.id),
    )
    return _every_platform().where(mine.correlate(Platform, _outside(user_id)).exists())


def _there() -> Select[int, int]:
    return select(
        VendorPlatform.platform_id.label("platform_id"), VendorPlatform.vendor_id.label("vendor_id")
    ).where(VendorPlatform.status.in_(THERE))


def _vendors_there(user_id: ColumnElement[int], place: Place) -> Select[int, int]:
    """The vendors on the person's own platforms and on the one that the place names."""
    own = (
        select(Membership.platform_id)
        .where(Membership.user_id == user_id, Membership.platform_id.is_not(None))
        .correlate(_outside(user_id))
    )
    named = select(Platform.id).where(Platform.code == (place.platform_code or ""))
    return _there().where(or_(VendorPlatform.platform_id.in_(own), VendorPlatform.platform_id.in_(named)))


# -- what it gives --------------------------------------------------------------------------------


def _permissions(rows: Iterable[Row], every: frozenset[str]) -> frozenset[str]:
    """The union of the roles' permissions; of modules that are off nothing is granted."""
    granted: set[str] = set()
    for row in rows:
        granted |= every if row["everything"] else set(_listed(row["permissions"]))
    return frozenset(granted) & every


def _of_module(role: AnyRole, module: str) -> list[str]:
    return [name for name in role.permissions if name.partition(".")[0] == module]


def _second_factor(rows: Iterable[Row]) -> bool:
    return any(row["second_factor"] for row in rows)


def _listed(permissions: Any) -> list[str]:
    return json.loads(permissions) if isinstance(permissions, str) else permissions or []


def _at_vendor(
    rows: Sequence[Row], place: Place, permissions: frozenset[str], doors: tuple[Door, ...]
) -> Access:
    if not rows:
        raise NotFound()
    first = rows[0]
    vendor = VendorRef(
        id=first["vendor_id"],
        code=first["vendor_code"],
        name=first["vendor_name"],
        currency=first["currency"],
        zone=first["zone"],
        locale=first["locale"],
        languages=tuple(_listed(first["languages"])),
        status=first["vendor_status"],
        status_reason=first["status_reason"],
    )
    here = _refs(
        {
            "id": r["platform_id"],
            "code": r["platform_code"],
            "name": r["platform_name"],
            "status": r["platform_status"],
            "status_reason": r["platform_reason"],
        }
        for r in rows
    )
    chosen = next((p for p in here if p.code == place.platform_code), None)
    if place.platform_code and chosen is None:
        raise NotFound()
    return Access(
        kind=ScopeKind.VENDOR_ON_PLATFORM if chosen else ScopeKind.VENDOR,
        vendors=frozenset({vendor.id}),
        platforms=frozenset({chosen.id} if chosen else {p.id for p in here}),
        permissions=permissions,
        vendor=vendor,
        platform=chosen,
        platforms_here=here,
        doors=doors,
        zone=vendor.zone,
        currency=vendor.currency,
        second_factor=_second_factor(row for row in rows if "second_factor" in row),
    )


def _as_support(
    members: Sequence[Row],
    support: Sequence[Row],
    place: Place,
    every: frozenset[str],
    doors: tuple[Door, ...],
) -> Access:
    """A vendor as somebody sees it who runs its platform: with their own rights, and no further than their
    platform. Whoever may not help any more is a stranger."""
    platform_id = support[0]["for_platform_id"]
    level = "installation" if platform_id is None else "platform"
    held = [r for r in members if r["level"] == level and r["own_platform_id"] == platform_id]
    permissions = _permissions(held, every)
    if HELP not in permissions:
        raise NotFound()
    rows = [r for r in support if r["for_platform_id"] == platform_id]
    if platform_id is not None:
        # On one platform, whatever the address says: the vendor's others are nobody's business here.
        place = replace(place, platform_code=place.platform_code or rows[0]["platform_code"])
    access = _at_vendor(rows, place, permissions, doors)
    return replace(access, acting=support[0]["reason"], second_factor=_second_factor(held))


def _at_admin(rights: Row, place: Place, every: frozenset[str], doors: tuple[Door, ...]) -> Access:
    members, platforms = rights["members"], rights["platforms"]
    over_all = [r for r in members if r["level"] == "installation"]
    own = [r for r in members if r["level"] == "platform"]
    if not over_all and not own:
        raise Forbidden(_("Your account has no part in running the platforms."))
    if over_all and not place.platform_code:
        return Access(
            ScopeKind.INSTALLATION,
            ALL,
            ALL,
            _permissions(over_all, every),
            platforms_here=_refs(platforms),
            doors=doors,
            second_factor=_second_factor(over_all),
        )
    chosen = _chosen(platforms, place)
    # On several platforms a person may do what they may do on each of them.
    grants = [_permissions([*over_all, *(r for r in own if _is_on(r, p))], every) for p in chosen]
    access = _on_platforms(chosen, rights["vendors"], frozenset.intersection(*grants), doors)
    held = [*over_all, *(r for r in own if any(_is_on(r, p) for p in chosen))]
    return replace(access, platforms_here=_refs(platforms), second_factor=_second_factor(held))


def _is_on(member: Row, platform: Row) -> bool:
    return bool(member["own_platform_id"] == platform["id"])


def _chosen(platforms: Sequence[Row], place: Place) -> list[Row]:
    """The platform that the place names, or all. Raises NotFound when it isn't among them."""
    chosen = [p for p in platforms if place.platform_code in (None, p["code"])]
    if not chosen:
        raise NotFound()
    return chosen


def _on_platforms(
    platforms: Sequence[Row], vendors: Iterable[Row], permissions: frozenset[str], doors: tuple[Door, ...]
) -> Access:
    refs = _refs(platforms)
    ids = frozenset(p.id for p in refs)
    return Access(
        kind=ScopeKind.PLATFORM,
        vendors=frozenset(v["vendor_id"] for v in vendors if v["platform_id"] in ids),
        platforms=ids,
        permissions=permissions,
        platform=refs[0] if len(refs) == 1 else None,
        platforms_here=refs,
        doors=doors,
    )


def _refs(rows: Iterable[Row]) -> tuple[PlatformRef, ...]:
    found = {row["id"]: PlatformRef(**row) for row in rows if row["id"] is not None}
    return tuple(found.values())


def _open(rows: Sequence[Row]) -> Sequence[Row]:
    """The platforms on which a visitor meets a vendor, or that it is on none."""
    return [row for row in rows if row["platform_status"] in (None, "active")]


def _doors(members: Sequence[Row]) -> tuple[Door, ...]:
    """Where the person may go: the administration first, then each vendor once."""
    doors: dict[tuple[str, str | None], Door] = {}
    if any(row["level"] != "vendor" for row in members):
        doors["admin", None] = Door("admin", None, _("Administration"))
    for row in members:
        if row["vendor_code"] and row["vendor_status"] != "closed":
            doors["vendor", row["vendor_code"]] = Door("vendor", row["vendor_code"], row["vendor_name"])
    return tuple(doors.values())
