"""Addresses at which others read what a vendor shows on a platform. Whoever has the secret may; only its
digest is kept, so it is told once."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from modules.catalog.api import Platform, sold_on
from modules.marketplace import queries
from modules.marketplace.models import Outlet
from orion.contracts.audit import Subject, action, record
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.scope import Scope

OPENED = action("marketplace.feed_opened", _l("A product feed got a new address"))
CLOSED = action("marketplace.feed_closed", _l("A product feed was closed"))
#: What stands in the address of a product's page for the product's own name.
HANDLE = "{handle}"


def offered(scope: Scope) -> Sequence[tuple[Platform, Outlet | None]]:
    """The platforms on which the scope's vendor sells, each with its feed if it has one."""
    mine = and_(Outlet.platform_id == Platform.id, Outlet.vendor_id == _vendor(scope))
    asked = select(Platform, Outlet).outerjoin(Outlet, mine).where(sold_on()).order_by(Platform.name_norm)
    return [(platform, outlet) for platform, outlet in session().execute(asked)]


def open_(scope: Scope, code: str, link: str, now: datetime) -> tuple[Outlet, str]:
    """Give the feed of a platform (code) a new address: the secret in it. An address that it had is void.

    `link` is where the page of a product is, with {handle} for its name. Raises NotFound and Invalid.
    """
    platform = _platform(scope, code)
    _check(link)
    outlet = _of(scope, platform.id)
    if outlet is None:
        outlet = Outlet(vendor_id=_vendor(scope), platform_id=platform.id)
        session().add(outlet)
    secret = secrets.token_urlsafe(24)
    outlet.digest, outlet.link, outlet.made_at = _digest(secret), link, now
    session().flush()
    record(scope, OPENED, Subject("feed", code, platform.name))
    return outlet, secret


def close(scope: Scope, code: str) -> None:
    """Make the address of a platform's feed void. Raises NotFound."""
    platform = _platform(scope, code)
    outlet = _of(scope, platform.id)
    if outlet is None:
        raise NotFound()
    session().delete(outlet)
    record(scope, CLOSED, Subject("feed", code, platform.name))


def by_secret(scope: Scope, secret: str) -> Outlet:
    """The feed with this secret. Raises NotFound."""
    asked = select(Outlet).where(Outlet.vendor_id == _vendor(scope), Outlet.digest == _digest(secret))
    found = session().scalar(asked)
    if found is None:
        raise NotFound()
    return found


def _check(link: str) -> None:
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.hostname or HANDLE not in link:
        said = _("Write it like %(example)s.", example="https://shop.example/products/{handle}")
        raise Invalid(errors={"link": [said]})


def _vendor(scope: Scope) -> int:
    if scope.vendor is None:
        raise NotFound()
    return scope.vendor.id


def _platform(scope: Scope, code: str) -> Platform:
    there = dict(queries.platforms(scope))
    found = session().scalar(select(Platform).where(Platform.code == code)) if code in there else None
    if found is None:
        raise NotFound()
    return found


def _of(scope: Scope, platform_id: int) -> Outlet | None:
    mine = select(Outlet).where(Outlet.vendor_id == _vendor(scope), Outlet.platform_id == platform_id)
    return session().scalar(mine.with_for_update(of=Outlet))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
