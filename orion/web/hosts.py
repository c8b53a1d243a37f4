"""Which hosts this portal answers to. The Host header is whatever a client says it is."""

import logging
from urllib.parse import urlsplit

from flask import Flask, request
from flask_babel import gettext as _
from werkzeug.sansio.utils import host_is_trusted

from orion.contracts.errors import OrionError
from orion.settings import Settings

log = logging.getLogger("orion.hosts")
#: Asked by machines, at whatever address the process has.
OPEN = frozenset({"health", "telemetry"})


class Misdirected(OrionError):
    """The request is for another host."""

    status = 421


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse requests to other hosts with 421, where settings say which are ours."""
    trusted = trusted_hosts(settings)
    if trusted:
        app.before_request(lambda: _refuse_others(trusted))
    elif settings.mail_url and not settings.demo:
        log.warning("ORION_PUBLIC_URL is not set: links in mails follow the Host header of a request")


def trusted_hosts(settings: Settings) -> list[str]:
    """Names of hosts; `.example.com` stands for that one and all below it. Empty: every host is taken."""
    named = [host.strip() for host in settings.trusted_hosts.split(",") if host.strip()]
    own = urlsplit(settings.public_url).hostname
    return [] if "*" in named else [*([own] if own else []), *named]


def _refuse_others(trusted: list[str]) -> None:
    if request.blueprint not in OPEN and not host_is_trusted(request.host, trusted):
        raise Misdirected(_("This portal has another address."))
