"""Mail to somebody about their own account. It goes out after the response."""

from typing import Any

from flask import current_app, render_template

from orion.mail import Mailer, compose


def notify(email: str, subject: str, template: str, **context: Any) -> None:
    """Send `mail/<template>.txt` and `.html`, which know `subject` too, to an address, soon; a failure is in
    the log."""
    mailer: Mailer = current_app.extensions["orion_mail"]
    text, html = (
        render_template(f"mail/{template}.{kind}", subject=subject, **context) for kind in ("txt", "html")
    )
    mailer.send_later(compose(mailer.sender, email, subject, text, html))
