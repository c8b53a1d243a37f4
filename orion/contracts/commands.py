"""What the commands of modules share."""

import click
from flask import current_app

from orion.contracts.permissions import Place
from orion.contracts.scope import PlatformRef, Scope


def vendor_and_platform(vendor: str, platform: str | None) -> tuple[Scope, PlatformRef | None]:
    """The scope of the vendor with this code, and the platform that is named, else the only one that it is
    on; None where it is on none.

    Raises NotFound for what isn't there, and UsageError where the vendor is on several platforms and none is
    named.
    """
    orion = current_app.extensions["orion"]
    orion.command_scope(vendor=vendor, platform=platform)  # Names what isn't there.
    here = orion.permission_source.everything_at(Place("vendor", vendor, platform)).platforms_here
    if platform is None and len(here) > 1:
        codes = ", ".join(sorted(ref.code for ref in here))
        raise click.UsageError(f"{vendor} is on several platforms: name one of {codes} with --platform.")
    chosen = next((ref for ref in here if platform in (None, ref.code)), None)
    return orion.command_scope(vendor=vendor), chosen
