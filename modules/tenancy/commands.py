"""`orion tenancy …`: the first platform, the first vendors, and who may do what there."""

from datetime import UTC, date, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from modules.tenancy import services
from modules.tenancy.models import Platform, Role, Vendor
from orion.contracts.data import entered, session, system_scope
from orion.contracts.errors import NotFound
from orion.contracts.people import find_user

commands = AppGroup("tenancy", help="Platforms, vendors, and the people who work there.")
#: The role that somebody gets who is only said to belong to a place; made when it is first given.
FIRST_ROLES = {"installation": "Administrator", "platform": "Platform administrator", "vendor": "Owner"}


@commands.command("add-platform")
@click.argument("code")
@click.argument("name")
def add_platform(code: str, name: str) -> None:
    """Add a platform. CODE stands in addresses, in small letters."""
    scope = system_scope("command")
    with entered(scope, write=True) as writing:
        services.create_platform(scope, code, name, now=datetime.now(UTC))
        writing.commit()
    click.echo(f"{name} is the platform {code}")


@commands.command("add-vendor")
@click.argument("code")
@click.argument("name")
@click.option("--platform", "platforms", multiple=True, required=True, help="A platform's code; repeatable.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--zone", default="UTC", show_default=True, help="The vendor's time zone.")
def add_vendor(code: str, name: str, platforms: tuple[str, ...], currency: str, zone: str) -> None:
    """Add a vendor to one or more platforms. CODE stands in addresses, in capitals."""
    scope = system_scope("command")
    with entered(scope, write=True) as writing:
        now = datetime.now(UTC)
        vendor = services.create_vendor(scope, code, name, currency=currency, zone=zone, now=now)
        for platform in platforms:
            services.join_platform(scope, vendor, _platform(platform), vendor.created_on)
        writing.commit()
    click.echo(f"{name} is the vendor {code} on {', '.join(platforms)}")


@commands.command("add-member")
@click.argument("email")
@click.option("--vendor", help="A vendor's code.")
@click.option("--platform", help="A platform's code.")
@click.option("--role", help="A role's name; without one it allows everything there.")
def add_member(email: str, vendor: str | None, platform: str | None, role: str | None) -> None:
    """Give a person (see `orion users create`) a role: at a vendor, on a platform, or over everything."""
    if vendor and platform:
        raise click.UsageError("A role is at a vendor or on a platform: name one of them.")
    level = "vendor" if vendor else "platform" if platform else "installation"
    scope = system_scope("command")
    user = find_user(email)
    with entered(scope, write=True) as writing:
        places = {
            "vendor": _vendor(vendor) if vendor else None,
            "platform": _platform(platform) if platform else None,
        }
        given = _role(level, role)
        services.add_member(scope, user.id, given, date.today(), **places)  # type: ignore[arg-type]
        writing.commit()
    click.echo(f"{email} is {given.name} of {vendor or platform or 'the installation'}")


def _platform(code: str) -> Platform:
    found = session().scalar(select(Platform).where(Platform.code == code))
    if found is None:
        raise NotFound(f"there is no platform {code}: orion tenancy add-platform {code} NAME")
    return found


def _vendor(code: str) -> Vendor:
    found = session().scalar(select(Vendor).where(Vendor.code == code))
    if found is None:
        raise NotFound(f"there is no vendor {code}: orion tenancy add-vendor {code} NAME")
    return found


def _role(level: str, name: str | None) -> Role:
    """The role of that name, or the first role of the level, made where it is missing."""
    wanted = name or FIRST_ROLES[level]
    found = session().scalar(select(Role).where(Role.level == level, Role.name == wanted))
    if found is None and name is not None:
        raise NotFound(f"there is no role {name} at this level")
    return found or services.create_role(system_scope("command"), level, wanted)
