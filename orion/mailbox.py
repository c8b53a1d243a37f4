"""The demo's sent mail, on a page: /_mail."""

from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from orion.mail import Mailer
from orion.web.formats import moment

blueprint = Blueprint("mailbox", __name__)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail as the demo shows it."""

    subject: str
    to: str
    sent_text: str
    text: str


@blueprint.get("/_mail")
def sent() -> ResponseReturnValue:
    """What would have been sent, newest first. Only where mail is written to a folder."""
    mailer: Mailer = current_app.extensions["orion_mail"]
    mailer.flush()
    files = sorted(mailer.transport.path.glob("*.eml"), reverse=True)[:SHOWN]  # type: ignore[attr-defined]
    return render_template("demo/mail.html", mails=[_read(file) for file in files])


def _read(file: Path) -> SentMail:
    message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return SentMail(str(message["Subject"]), str(message["To"]), moment(message["Date"].datetime), text)
