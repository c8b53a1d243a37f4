"""Asking other people's servers: names in the DNS, and small pages; never a machine of our own network.

The addresses of a host are looked up here and checked before anything is sent to them, and the connection
goes to the address that was checked: a name that answers differently the second time leads nowhere.
"""

import io
import ssl
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import current_app

from orion.settings import Settings

if TYPE_CHECKING:
    from dns.resolver import Resolver

#: Seconds for each question, for a page until all of it is there, and the most that is read of one.
PATIENCE = 4.0
LONGEST = 8.0
MOST = 64 * 1024
PORTS = {"https": 443, "http": 80}


class Unreachable(Exception):
    """The host is not there, does not answer, or is one of our own."""


def txt_records(name: str) -> list[str]:
    """The TXT records of a name; none where there is no such name. Raises Unreachable."""
    return [b"".join(record.strings).decode("utf-8", "replace") for record in _asked(name, "TXT")]


def page(scheme: str, host: str, path: str) -> str:
    """The beginning of a page that answers 200; redirects are not followed. Raises Unreachable."""
    for address in addresses(host):
        try:
            return _read(scheme, host, address, path)
        except (OSError, HTTPException):
            continue
    raise Unreachable(host)


def _read(scheme: str, host: str, address: str, path: str) -> str:
    until = time.monotonic() + LONGEST

    def look() -> None:
        if time.monotonic() > until:
            raise TimeoutError

    connection = connect(scheme, host, address, look=look)
    try:
        connection.request("GET", path, headers={"User-Agent": "Orion", "Accept": "text/*"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise Unreachable(f"{host} answers {answer.status}")
        return answer.read(MOST).decode("utf-8", "replace")
    finally:
        connection.close()


def connect(
    scheme: str, host: str, address: str, port: int | None = None, *, look: Callable[[], None]
) -> HTTPConnection:
    """A connection to a host, at one of its `addresses`; nothing is sent yet.

    It waits for an answer until `look` raises, which is called before each piece that is received, however
    small, and every PATIENCE seconds without one.
    """
    kind = _Secure if scheme == "https" else _Plain
    connection = kind(host, port or PORTS[scheme], timeout=PATIENCE)
    connection.address = address
    connection.response_class = partial(_Answer, look)  # type: ignore[assignment]
    return connection


class _Answer(HTTPResponse):
    """An answer, whose waiting somebody looks after from its first byte."""

    def __init__(self, look: Callable[[], None], sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Received(look, sock, self.fp))


class _Received(io.RawIOBase):
    """What a socket receives; `held` keeps it open."""

    def __init__(self, look: Callable[[], None], sock: Any, held: Any) -> None:
        super().__init__()
        self.look, self.sock, self.held = look, sock, held

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, room: Any) -> int:
        """The bytes that are there, as soon as there are any."""
        while True:
            self.look()
            try:
                return int(self.sock.recv_into(room))
            except TimeoutError:
                continue

    def close(self) -> None:
        """Let go of the socket."""
        self.held.close()
        super().close()


class _Plain(HTTPConnection):
    """A connection to an address that was looked up before."""

    address = ""

    def connect(self) -> None:
        self.sock = self._create_connection((self.address, self.port), self.timeout)  # type: ignore[attr-defined]


class _Secure(HTTPSConnection):
    """The same with encryption; the certificate must be the host's."""

    address = ""

    def connect(self) -> None:
        plain = self._create_connection((self.address, self.port), self.timeout)  # type: ignore[attr-defined]
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def addresses(host: str) -> list[str]:
    """A host's addresses. Raises Unreachable where one of them is not of the public internet."""
    found = _written(host) or [record.address for kind in ("A", "AAAA") for record in _asked(host, kind)]
    settings: Settings = current_app.extensions["settings"]
    inside = [one for one in found if _is_inside(one)]
    if not found or (inside and not settings.allow_private_hosts):
        raise Unreachable(host)
    return found


def _is_inside(text: str) -> bool:
    """Whether an address is not of the public internet, however it is written."""
    address = ip_address(text)
    address = getattr(address, "ipv4_mapped", None) or address
    return not address.is_global or address.is_multicast


def _written(host: str) -> list[str]:
    """The address that a host's name is, where it is one."""
    try:
        return [str(ip_address(host))]
    except ValueError:
        return []


def _asked(name: str, kind: str) -> Any:
    import dns.exception
    import dns.resolver

    try:
        return _resolver().resolve(name, kind, lifetime=PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise Unreachable(name) from error


def _resolver() -> "Resolver":
    from dns.resolver import Resolver

    settings: Settings = current_app.extensions["settings"]
    if not settings.dns_server:
        return Resolver()
    address, _colon, port = settings.dns_server.rpartition(":")
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = [address], int(port)
    return resolver
