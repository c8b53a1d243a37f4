"""Two platforms, three vendors with names and two currencies, more vendors where asked for, and logins."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from modules.tenancy import services
from modules.tenancy.models import Invitation, Membership, OwnRole, Platform, Role, Vendor
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import User, create_user
from orion.contracts.scope import Scope
from orion.contracts.seed import SeedContext

PLATFORMS = {"oms": "Orion Market", "letz": "Letz Boutique"}
#: code, name, zone, currency, platforms, domains
VENDORS = (
    (
        "WIZAMART",
        "Wizamart",
        "Europe/Luxembourg",
        "EUR",
        ("oms", "letz"),
        ("shop.wizamart.example", "wizamart.example"),
    ),
    ("LUXBOOKS", "Lux Books", "Europe/Luxembourg", "EUR", ("letz",), ("luxbooks.example",)),
    ("NORDGLAS", "Nordglas", "Europe/Zurich", "CHF", ("oms",), ()),
)
#: Where the demo's vendors are, and their tax numbers: such as no register gives.
ADDRESSES = {
    "WIZAMART": ("12, rue du Marché", "L-0012", "Luxembourg", "LU", "LU 00000012"),
    "LUXBOOKS": ("3, place des Livres", "L-0003", "Esch-sur-Alzette", "LU", "LU 00000003"),
    "NORDGLAS": ("Glashüttenweg 7", "0007", "Schaffhausen", "CH", "CHE-000.000.007 MWST"),
}
#: What those write in who write in German, and what the demo's vendors translate their texts into.
LOCALES = {"NORDGLAS": "de"}
LANGUAGES = {"WIZAMART": ["de", "fr"], "LUXBOOKS": ["de", "fr"], "NORDGLAS": ["fr"]}
ROLES = {
    "admin": ("installation", "Administrator", None),
    "platform": ("platform", "Platform administrator", None),
    "owner": ("vendor", "Owner", None),
    "staff": ("vendor", "Orders and products", ["orders.view", "catalog.view"]),
}
#: login, name, role, vendor, platform
PEOPLE = (
    ("admin@orion.example", "Ada Administrator", "admin", None, None),
    ("platform@orion.example", "Paul Platform", "platform", None, "oms"),
    ("owner@orion.example", "Olga Owner", "owner", "WIZAMART", None),
    ("staff@orion.example", "Stan Staff", "staff", "WIZAMART", None),
    ("books@orion.example", "Bea Books", "owner", "LUXBOOKS", None),
)
PASSWORD = "orion-demo"
#: How long ago the platforms began; their vendors came later.
OLDEST = timedelta(days=730)


def seed(context: SeedContext) -> None:
    """Make what isn't there yet, the people first, the rest in one transaction."""
    scope = system_scope("seed")
    people = _people(scope) if context.demo else {}
    with entered(scope, write=True) as writing:
        platforms = {code: _platform(context, scope, code, name) for code, name in PLATFORMS.items()}
        vendors = {vendor.code: vendor for vendor in writing.scalars(select(Vendor))}
        for code, name, zone, currency, on, hosts in (*VENDORS, *_more(context)):
            if code not in vendors:
                vendors[code] = _vendor(context, scope, (code, name, zone, currency), hosts)
                for platform in on:
                    services.join_platform(
                        scope, vendors[code], platforms[platform], vendors[code].created_on
                    )
        _team(context, scope, people, vendors, platforms)
        if context.demo:
            _own_role(context, vendors["WIZAMART"])
        writing.commit()


def _people(scope: Scope) -> dict[str, int]:
    """E-mail address → user id of the demo's logins."""
    emails = [email for email, *_rest in PEOPLE]
    with entered(scope) as reading:
        known = dict(reading.execute(select(User.email, User.id).where(User.email.in_(emails))).all())
    new = [(email, name) for email, name, *_rest in PEOPLE if email not in known]
    return known | {email: create_user(email, name, PASSWORD).id for email, name in new}


def _platform(context: SeedContext, scope: Scope, code: str, name: str) -> Platform:
    found = session().scalar(select(Platform).where(Platform.code == code))
    return found or services.create_platform(scope, code, name, now=context.now - OLDEST)


def _more(context: SeedContext) -> list[tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]]:
    wanted = (context.vendors or 0) - len(VENDORS)
    return [
        (f"SHOP{n:04}", f"Shop {n}", "Europe/Luxembourg", "EUR", (("oms", "letz")[n % 2],), ())
        for n in range(1, wanted + 1)
    ]


def _vendor(
    context: SeedContext, scope: Scope, facts: tuple[str, str, str, str], hosts: tuple[str, ...]
) -> Vendor:
    code, name, zone, currency = facts
    born = context.now - timedelta(days=context.rng.randint(380, 700))
    locale = LOCALES.get(code, "en")
    vendor = services.create_vendor(scope, code, name, currency=currency, zone=zone, locale=locale, now=born)
    if code in ADDRESSES:
        vendor.street, vendor.postcode, vendor.city, vendor.country, vendor.tax_number = ADDRESSES[code]
    vendor.languages = LANGUAGES.get(code, [])
    for host in hosts:
        services.add_domain(scope, vendor, host, vendor.created_on, verified_at=born)
    return vendor


def _team(
    context: SeedContext,
    scope: Scope,
    people: dict[str, int],
    vendors: dict[str, Vendor],
    platforms: dict[str, Platform],
) -> None:
    roles = {key: _role(scope, *facts) for key, facts in ROLES.items()}
    busy = set(session().scalars(select(Membership.user_id).where(Membership.user_id.in_(people.values()))))
    for email, _name, role, vendor, platform in PEOPLE:
        if email in people and people[email] not in busy:
            services.add_member(
                scope,
                people[email],
                roles[role],
                vendors[vendor].created_on if vendor else (context.now - OLDEST).date(),
                vendor=vendors.get(vendor or ""),
                platform=platforms.get(platform or ""),
            )


def _own_role(context: SeedContext, vendor: Vendor) -> None:
    """A role that a vendor has made for itself, and somebody who is invited to it."""
    if session().scalar(select(OwnRole.id).where(OwnRole.vendor_id == vendor.id)):
        return
    role = OwnRole(level="vendor", vendor_id=vendor.id, name="Packing table", permissions=["orders.view"])
    session().add(role)
    session().flush()
    session().add(
        Invitation(
            level="vendor",
            vendor_id=vendor.id,
            own_role_id=role.id,
            email="packer@orion.example",
            token_hash=sha256(context.rng.randbytes(32)).hexdigest(),
            invited_by="Olga Owner",
            created_at=context.now,
            expires_at=context.now + timedelta(days=7),
        )
    )


def _role(scope: Scope, level: str, name: str, permissions: list[str] | None) -> Role:
    found = session().scalar(select(Role).where(Role.level == level, Role.name == name))
    return found or services.create_role(scope, level, name, permissions)
