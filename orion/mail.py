"""Sending mail: one transport, named by ORION_MAIL_URL. The demo writes files and shows them."""

import logging
import smtplib
import ssl
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_security import MailUtil

from orion.contracts.errors import OrionError
from orion.settings import Settings

log = logging.getLogger("orion.mail")
#: Seconds for each step of a conversation with a mail server.
TIMEOUT = 10
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailFailed(OrionError):
    """The mail could not be sent, and whoever waits for it must know."""

    status = 503


class Transport(Protocol):
    """A way for mail to leave."""

    def check(self) -> None:
        """Raise OSError or SMTPException when nothing can be sent now."""

    def send(self, message: EmailMessage) -> None:
        """Send, or raise OSError or SMTPException."""


class Nowhere:
    """No ORION_MAIL_URL: every attempt says so."""

    def check(self) -> None:
        raise OSError("ORION_MAIL_URL is not set")

    def send(self, message: EmailMessage) -> None:
        self.check()


@dataclass(frozen=True, slots=True)
class Folder:
    """Each mail as one .eml file, named so that they sort by time."""

    path: Path

    def check(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def send(self, message: EmailMessage) -> None:
        self.check()
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        part = self.path / f"{stamp}.part"
        part.write_bytes(message.as_bytes(policy=policy.SMTP))
        part.rename(self.path / f"{stamp}.eml")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server, with or without encryption and login."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = None

    def check(self) -> None:
        with self._connected() as server:
            server.noop()

    def send(self, message: EmailMessage) -> None:
        with self._connected() as server:
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.scheme == "smtp+starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server


class Mailer:
    """What `app.extensions["orion_mail"]` holds."""

    def __init__(self, transport: Transport, sender: str) -> None:
        self.transport, self.sender = transport, sender
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="orion-mail")

    def send_later(self, message: EmailMessage) -> Future[None]:
        """Send on the mail thread; a failure is logged. The order is kept."""
        return self._worker.submit(self._try, message)

    def flush(self) -> None:
        """Wait until everything is sent or has failed."""
        self._worker.submit(lambda: None).result()

    def _try(self, message: EmailMessage) -> None:
        try:
            self.transport.send(message)
        except (OSError, smtplib.SMTPException) as error:
            log.error("mail was not sent", extra={"subject": message["Subject"], "error": str(error)})


def init_app(app: Flask, settings: Settings) -> None:
    """Choose the transport. Raises ValueError for an ORION_MAIL_URL that can't be read."""
    from orion import mailbox

    mailer = Mailer(transport_for(settings.mail_url), settings.mail_from)
    app.extensions["orion_mail"] = mailer
    if settings.demo and isinstance(mailer.transport, Folder):
        app.register_blueprint(mailbox.blueprint)


def transport_for(url: str) -> Transport:
    """`smtp://user:password@host:port`, `smtps://`, `smtp+starttls://`, `file:///folder`, or nothing."""
    if not url:
        return Nowhere()
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return Folder(Path(unquote(parts.path)))
    if parts.scheme in PORTS and parts.hostname:
        return _server(parts)
    raise ValueError("ORION_MAIL_URL must start with smtp://, smtps://, smtp+starttls:// or file:///")


def _server(parts: SplitResult) -> Smtp:
    user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    return Smtp(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme], user, password)


def compose(sender: str, to: str, subject: str, text: str, html: str | None = None) -> EmailMessage:
    """A message; `html` says the same as `text`. Raises ValueError for line breaks in a header."""
    message = EmailMessage()
    message["From"] = formataddr(parseaddr(sender))
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain="orion.local")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def send(app: Flask, message: EmailMessage) -> None:
    """Send now. Raises MailFailed, and the log says why."""
    _or_fail(lambda: app.extensions["orion_mail"].transport.send(message))


def require_mail() -> None:
    """Raise MailFailed when no mail can be sent now."""
    _or_fail(current_app.extensions["orion_mail"].transport.check)


def _or_fail(attempt: Any) -> None:
    try:
        attempt()
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail can't be sent", extra={"error": str(error)})
        raise MailFailed(_("No mail can be sent at the moment. Please try again later.")) from error


class OrionMailUtil(MailUtil):
    """Flask-Security's mail goes out after the response, so that its time tells nothing."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **_context: Any
    ) -> None:
        """See MailUtil."""
        mailer: Mailer = current_app.extensions["orion_mail"]
        mailer.send_later(compose(mailer.sender, recipient, str(subject), body or "", html))
