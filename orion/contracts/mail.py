"""Mail from modules: written now, sent once the transaction that it tells of is committed."""

from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import event
from sqlalchemy.orm import Session

from orion.data.database import OrionSession, session
from orion.identity.links import public_link
from orion.mail import Mailer, MailFailed, compose, require_mail

__all__ = ["MailFailed", "public_link", "require_mail", "send"]
_WAITING = "orion_mail"


def send(to: str, subject: object, template: str, *, locale: str = "", **context: Any) -> None:
    """Send `<template>.txt` and `<template>.html` in a language, when the transaction is committed.

    Raises MailFailed when no mail can be sent now; `subject` may be a lazy text.
    """
    require_mail()
    mailer: Mailer = current_app.extensions["orion_mail"]
    with force_locale(locale or current_app.extensions["settings"].default_locale):
        text, html = (render_template(f"{template}.{kind}", **context) for kind in ("txt", "html"))
        message = compose(mailer.sender, to, str(subject), text, html)
    session().info.setdefault(_WAITING, []).append((mailer, message))


@event.listens_for(OrionSession, "after_commit")
def _send(writing: Session) -> None:
    if not writing.in_nested_transaction():
        for mailer, message in writing.info.pop(_WAITING, ()):
            mailer.send_later(message)


@event.listens_for(OrionSession, "after_soft_rollback")
def _forget(writing: Session, _previous: Any) -> None:
    writing.info.pop(_WAITING, None)
