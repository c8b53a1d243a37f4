"""Mail to somebody about their own account. It goes out after the response."""

from contextlib import nullcontext
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from orion.mail import Mailer, compose


def notify(email: str, subject: object, template: str, locale: str | None = None, **context: Any) -> None:
    """Send `mail/<template>.txt` and `.html`, which know `subject` too, to an address, soon; a failure is in
    the log. `locale` is the language of whom it goes to, if it is known and another may be reading now:
    `subject` is a lazy text then."""
    mailer: Mailer = current_app.extensions["orion_mail"]
    with force_locale(locale) if locale else nullcontext():
        said = str(subject)
        text, html = (
            render_template(f"mail/{template}.{kind}", subject=said, **context) for kind in ("txt", "html")
        )
    mailer.send_later(compose(mailer.sender, email, said, text, html))
