"""Domains: what proves one, and where no proof is looked for."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dns.message
import dns.rdatatype
import dns.rrset
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.tenancy import services
from modules.tenancy.models import Vendor, VendorDomain
from modules.tenancy.services import domains
from modules.tenancy.tests.conftest import SCOPE, TODAY
from modules.tenancy.tests.test_team import send
from orion import outside
from orion.contracts.data import entered
from orion.settings import Settings

pytestmark = pytest.mark.by_turns

HOME = "/vendor/WIZAMART"


@dataclass
class Names:
    """A small name server: (name, type) → texts; and pages by path."""

    port: int = 0
    known: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        reply = dns.message.make_response(query)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{kind} {name}")
        for text in self.known.get((name, kind), ()):
            shown = f'"{text}"' if kind == "TXT" else text
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, shown))
        return reply.to_wire()


@pytest.fixture(scope="module")
def server() -> Iterator[Names]:
    """The name server, on a port of its own."""
    names, listening = Names(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    listening.settimeout(0.2)
    names.port, stop = listening.getsockname()[1], threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                wire, sender = listening.recvfrom(4096)
            except TimeoutError:
                continue
            listening.sendto(names.answer(wire), sender)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield names
    stop.set()
    thread.join()
    listening.close()


@pytest.fixture
def names(server: Names) -> Names:
    """The name server without any name."""
    server.known.clear()
    server.pages.clear()
    server.asked.clear()
    return server


@pytest.fixture
def web(names: Names, monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    """A web server at 127.0.0.1 in place of port 80; nobody listens in place of 443."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            names.asked.append(f"GET {self.headers['Host'].partition(':')[0]}{self.path}")
            body = names.pages.get(self.path)
            elsewhere = (body or "").partition("moved to ")[2]
            self.send_response(302 if elsewhere else 200 if body is not None else 404)
            if elsewhere:
                self.send_header("Location", elsewhere)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        monkeypatch.setitem(outside.PORTS, "http", listening.server_port)
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            monkeypatch.setitem(outside.PORTS, "https", closed.getsockname()[1])
            yield names
        listening.shutdown()


@pytest.fixture
def settings(settings: Settings, names: Names) -> Settings:
    """Names are asked of the small server, and hosts may be at home."""
    return replace(settings, dns_server=f"127.0.0.1:{names.port}", allow_private_hosts=True)


@pytest.fixture
def owner(demo: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The owner of WIZAMART."""
    return sign_in("owner@orion.example")


def _token(demo: Flask, host: str = "new.example.com") -> str:
    with demo.app_context(), entered(SCOPE) as reading:
        return reading.scalars(select(VendorDomain.token).where(VendorDomain.host == host)).one()


def test_a_record_in_the_dns_proves_a_domain(owner: FlaskClient, demo: Flask, names: Names) -> None:
    added = send(owner, f"{HOME}/domains/new", host="New.Example.com.")
    assert added.location == f"{HOME}/domains/new.example.com"
    page = owner.get(added.location).text
    assert _token(demo) in page and "_orion.new.example.com" in page and "Not verified" in page
    assert send(owner, f"{added.location}/check").status_code == 409
    names.known["_orion.new.example.com", "TXT"] = ["other", f"orion-verification={_token(demo)}"]
    assert send(owner, f"{added.location}/check").status_code == 303
    assert "new.example.com is yours" in owner.get(added.location).text


def test_a_file_or_a_line_of_the_home_page_proves_a_domain(demo: Flask, web: Names) -> None:
    web.known["shop.example.com", "A"] = ["127.0.0.1"]
    with demo.app_context():
        assert not domains.is_proved("shop.example.com", "abc")
        web.pages[domains.PATH] = "abc\n"
        assert domains.is_proved("shop.example.com", "abc")
        assert not domains.is_proved("shop.example.com", "abcd")
        web.pages.clear()
        web.pages["/"] = f"<html><head>{domains.meta_tag('abc')}</head>"
        assert domains.is_proved("shop.example.com", "abc")
        web.pages["/"] = "<p>orion-verification abc</p>"
        assert not domains.is_proved("shop.example.com", "abc")


def test_an_answer_that_leads_elsewhere_is_not_followed(demo: Flask, web: Names) -> None:
    web.known["shop.example.com", "A"] = ["127.0.0.1"]
    web.pages |= {domains.PATH: "moved to /other", "/other": "abc"}
    with demo.app_context(), pytest.raises(outside.Unreachable):
        outside.page("http", "shop.example.com", domains.PATH)
    assert [asked for asked in web.asked if asked.startswith("GET")] == [
        f"GET shop.example.com{domains.PATH}"
    ]


def test_a_host_of_our_own_network_is_not_asked(demo: Flask, web: Names) -> None:
    web.pages[domains.PATH] = "abc"
    demo.extensions["settings"] = replace(demo.extensions["settings"], allow_private_hosts=False)
    inside = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0", "100.64.0.1")
    for address in inside:
        web.known["trap.example.com", "A"] = ["93.184.216.34", address]
        with demo.app_context(), pytest.raises(outside.Unreachable):
            outside.page("http", "trap.example.com", "/")
    web.known["trap.example.com", "A"] = []
    for address in ("::1", "fc00::1", "fe80::1", "::ffff:127.0.0.1"):
        web.known["trap.example.com", "AAAA"] = [address]
        with demo.app_context(), pytest.raises(outside.Unreachable):
            outside.page("http", "trap.example.com", "/")
    assert not any(asked.startswith("GET") for asked in web.asked)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "10.0.0.1:80", "a b.com", "x", "http://a.com", "a..com", "-a.com"]
)
def test_what_is_no_domain_is_refused(owner: FlaskClient, host: str) -> None:
    answer = send(owner, f"{HOME}/domains/new", host=host)
    assert answer.status_code == 422 and 'href="#host"' in answer.text


def test_a_domain_of_two_vendors_is_whose_who_proves_it_first(
    owner: FlaskClient, demo: Flask, names: Names
) -> None:
    send(owner, f"{HOME}/domains/new", host="new.example.com")
    names.known["_orion.new.example.com", "TXT"] = [f"orion-verification={_token(demo)}"]
    with demo.app_context(), entered(SCOPE, write=True) as writing:
        other = writing.scalars(select(Vendor).where(Vendor.code == "LUXBOOKS")).one()
        made = services.add_domain(SCOPE, other, "new.example.com", TODAY)
        made.verified_at = other.created_at
        writing.commit()
    answer = send(owner, f"{HOME}/domains/new.example.com/check")
    assert answer.status_code == 409 and "another vendor" in answer.text
    assert "Not verified" in owner.get(f"{HOME}/domains/new.example.com").text


def test_a_domain_that_is_removed_can_come_back(owner: FlaskClient) -> None:
    send(owner, f"{HOME}/domains/new", host="new.example.com")
    send(owner, f"{HOME}/domains/new.example.com/remove")
    undo = re.search(r'action="(/vendor/[^"]+/undo/[^"]+)"', owner.get(f"{HOME}/domains").text)
    assert undo and owner.get(f"{HOME}/domains/new.example.com").status_code == 404
    send(owner, undo[1])
    assert owner.get(f"{HOME}/domains/new.example.com").status_code == 200


def test_another_vendors_domain_is_not_there(owner: FlaskClient) -> None:
    assert owner.get(f"{HOME}/domains/luxbooks.example").status_code == 404
    assert send(owner, f"{HOME}/domains/luxbooks.example/check").status_code == 404
