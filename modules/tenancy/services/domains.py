"""Writes: the host names of vendors, and the proof that they are theirs."""

import re
from datetime import UTC, date, datetime
from hmac import compare_digest

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from modules.tenancy import actions
from modules.tenancy.models import Vendor, VendorDomain
from modules.tenancy.services.common import added
from orion.contracts.audit import Subject, record
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid
from orion.contracts.outside import Unreachable, page, txt_records
from orion.contracts.scope import Scope, VendorRef

HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
PATH = "/.well-known/orion-verification.txt"
_META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)


def add_domain(
    scope: Scope, vendor: Vendor | VendorRef, host: str, on: date, verified_at: datetime | None = None
) -> VendorDomain:
    """Note a host name of a vendor's. Raises Invalid when the vendor has noted it already, and for what
    isn't a host name."""
    host = plain_host(host)
    mine = select(VendorDomain.id).where(VendorDomain.vendor_id == vendor.id, VendorDomain.host == host)
    if session().scalar(mine):
        sentence = _("The domain %(host)s is in your list already.", host=host)
        raise Invalid(sentence, {"host": [sentence]})
    domain = added(VendorDomain(vendor_id=vendor.id, host=host, created_on=on, verified_at=verified_at))
    about = Subject("domain", host, host)
    record(scope, actions.DOMAIN_ADDED, about, after={"vendor": vendor.code}, vendor_id=vendor.id)
    return domain


def plain_host(text: str) -> str:
    """A host name as the DNS writes it: lower case, in ASCII. Raises Invalid."""
    host = text.strip().lower().rstrip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        host = ""
    if not HOST.fullmatch(host):
        sentence = _("“%(host)s” is not a domain, such as shop.example.com.", host=text)
        raise Invalid(sentence, {"host": [sentence]})
    return host


def is_proved(host: str, token: str) -> bool:
    """Whether the token stands where only the host's owner can put it: a TXT record, a file, or the home
    page. Asks other servers, and no database: it may take some seconds."""
    return _in_dns(host, token) or any(_on_page(scheme, host, token) for scheme in ("https", "http"))


def note_check(scope: Scope, domain: VendorDomain, proved: bool) -> None:
    """Write down what a check has found. Raises Conflict where another vendor has proved the host."""
    was = domain.verified_at
    try:
        with session().begin_nested():
            domain.checked_at = datetime.now(UTC)
            domain.verified_at = (was or domain.checked_at) if proved else None
    except IntegrityError:
        raise Conflict(_("%(host)s is proved by another vendor.", host=domain.host)) from None
    if bool(was) != proved:
        facts = {"verified": bool(was)}, {"verified": proved}
        about = Subject("domain", domain.host, domain.host)
        record(scope, actions.DOMAIN_VERIFIED, about, *facts, vendor_id=domain.vendor_id)


def remove_domain(scope: Scope, domain: VendorDomain) -> None:
    """Take a host name off the list."""
    about = Subject("domain", domain.host, domain.host)
    record(scope, actions.DOMAIN_REMOVED, about, {"host": domain.host}, vendor_id=domain.vendor_id)
    session().delete(domain)
    session().flush()


def record_name(host: str) -> str:
    """The name of the TXT record."""
    return f"_orion.{host}"


def record_text(token: str) -> str:
    """The text of the TXT record."""
    return f"orion-verification={token}"


def meta_tag(token: str) -> str:
    """What stands in the head of the home page."""
    return f'<meta name="orion-verification" content="{token}">'


def _in_dns(host: str, token: str) -> bool:
    try:
        return any(_same(text, record_text(token)) for text in txt_records(record_name(host)))
    except Unreachable:
        return False


def _on_page(scheme: str, host: str, token: str) -> bool:
    for path in (PATH, "/"):
        try:
            text = page(scheme, host, path)
        except Unreachable:
            continue
        if path == PATH and _same(text, token):
            return True
        if path == "/" and any("orion-verification" in tag and token in tag for tag in _META.findall(text)):
            return True
    return False


def _same(found: str, wanted: str) -> bool:
    return compare_digest(found.strip().encode(), wanted.encode())
