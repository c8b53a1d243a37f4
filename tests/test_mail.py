"""Mail on its way out."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from flask import Flask
from flask_babel import Babel

from orion import mail
from orion.mail import MailFailed, compose, transport_for
from orion.settings import Settings
from tests.certificates import self_signed

SENDER = "Orion <orion@orion.example>"


class Server:
    """A mail server's handler that keeps envelopes, and may refuse them."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "554 No" if self.refuses else "250 Taken"


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    """A real mail server that lets in `ann` with the password `s3cret/`."""

    def known(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ann", b"s3cret/"), handled=False)

    handler = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        authenticator=known,
        auth_require_tls=False,
        auth_required=False,
    )
    controller.start()
    yield handler, port
    controller.stop()


def _app(url: str) -> Flask:
    app = Flask("mailing")
    Babel(app)
    mail.init_app(app, replace(Settings(), mail_url=url))
    return app


def _message(subject: str = "Grüße"):
    return compose(SENDER, "ann@orion.example", subject, "Schöne Grüße", "<p>Schöne Grüße</p>")


def test_a_mail_arrives_whole(server: tuple[Server, int]) -> None:
    handler, port = server
    mail.send(_app(f"smtp://127.0.0.1:{port}"), _message())
    (envelope,) = handler.envelopes
    assert envelope.rcpt_tos == ["ann@orion.example"]
    assert envelope.mail_from == "orion@orion.example"
    arrived = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
    assert arrived["Subject"] == "Grüße"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert [p.get_content().strip() for p in arrived.walk() if not p.is_multipart()] == [
        "Schöne Grüße",
        "<p>Schöne Grüße</p>",
    ]


def test_name_and_password_of_the_address_sign_in_to_the_server(server: tuple[Server, int]) -> None:
    handler, port = server
    mail.send(_app(f"smtp://ann:s3cret%2F@127.0.0.1:{port}"), _message())
    assert len(handler.envelopes) == 1


@pytest.mark.parametrize(
    "url", ["smtp://ann:wrong@127.0.0.1:{port}", "smtp+starttls://127.0.0.1:{port}", "smtp://127.0.0.1:1", ""]
)
def test_what_cannot_be_sent_is_a_clear_error(server: tuple[Server, int], url: str) -> None:
    app = _app(url.format(port=server[1]))
    with app.test_request_context(), pytest.raises(MailFailed) as failed:
        mail.send(app, _message())
    assert failed.value.status == 503
    assert server[0].envelopes == []


def test_a_server_that_refuses_the_mail_is_a_clear_error(server: tuple[Server, int]) -> None:
    server[0].refuses = True
    app = _app(f"smtp://127.0.0.1:{server[1]}")
    with app.test_request_context(), pytest.raises(MailFailed):
        mail.send(app, _message())


def test_mail_for_later_is_sent_in_order_and_a_failure_stops_none(server: tuple[Server, int]) -> None:
    handler, port = server
    mailer = _app(f"smtp://127.0.0.1:{port}").extensions["orion_mail"]
    handler.refuses = True
    mailer.send_later(_message("one"))
    mailer.flush()
    handler.refuses = False
    for subject in ("two", "three"):
        mailer.send_later(_message(subject))
    mailer.flush()
    subjects = [message_from_bytes(e.content, policy=policy.default)["Subject"] for e in handler.envelopes]  # type: ignore[arg-type]
    assert subjects == ["one", "two", "three"]


def test_a_folder_takes_mail_as_files(tmp_path: Path) -> None:
    app = _app(f"file://{tmp_path}/sent")
    mail.send(app, _message("one"))
    mail.send(app, _message("two"))
    files = sorted((tmp_path / "sent").iterdir())
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert [m["Subject"] for m in mails] == ["one", "two"]
    assert {file.suffix for file in files} == {".eml"}


@pytest.mark.parametrize("subject", ["one\r\nBcc: all@orion.example", "one\nmore"])
def test_a_line_break_in_a_subject_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        _message(subject)


@pytest.mark.parametrize(
    "url", ["http://mail.example", "mail.example:25", "file://relative/folder", "smtp://"]
)
def test_an_address_that_names_no_transport_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="ORION_MAIL_URL"):
        transport_for(url)


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://mail.example", 25), ("smtps://mail.example", 465), ("smtp+starttls://mail.example", 587)],
)
def test_each_scheme_has_its_usual_port(url: str, port: int) -> None:
    assert transport_for(url).port == port  # type: ignore[attr-defined]


def test_a_server_with_a_certificate_of_nobody_gets_no_mail(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, self_signed(tmp_path)))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    try:
        app = _app(f"smtp+starttls://127.0.0.1:{port}")
        with app.test_request_context(), pytest.raises(MailFailed) as failed:
            mail.send(app, _message())
    finally:
        controller.stop()
    assert isinstance(failed.value.__cause__, ssl.SSLCertVerificationError)
    assert handler.envelopes == []
