"""The forms of signing in, with labels from our catalogs."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.forms import (
    EmailValidation,
    EqualToLocalize,
    IsString,
    email_required,
    password_required,
    valid_user_email,
)
from wtforms import EmailField, PasswordField

from orion.contracts.errors import TooMany
from orion.data.database import session
from orion.identity import attempts, devices, trail
from orion.identity.guessable import cut
from orion.identity.links import local_path
from orion.identity.models import User
from orion.mail import require_mail
from orion.web.limits import Limit, account_key, spend

#: Mails with a link that one address gets.
MAILS = Limit("reset_mail", 5, 3600)
#: Stands for an error that is said at its field.
MISTYPED = "mistyped"


class LowerEmailValidation(EmailValidation):
    """As Flask-Security's, then lower case: that is how addresses are kept."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        field.data = field.data.lower()


def _cut(typed: str | None) -> str | None:
    return cut(typed) if typed else typed


def _password(label: Any, *validators: Any) -> PasswordField:
    return PasswordField(label, filters=[_cut], validators=[IsString(), *validators, password_required])


class OrionLoginForm(LoginForm):
    """E-mail address and password. No "remember me": that cookie would outlive the session's end."""

    email = EmailField(_l("E-mail address"), validators=[IsString(), email_required, LowerEmailValidation()])
    password = _password(_l("Password"))
    remember = None

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        # The library puts a link there; our page has its own.
        self.password.description = ""
        # Whoever was sent here from elsewhere still wants to sign in.
        self.next.data = local_path(self.next.data) if self.next.data else ""

    def validate(self, **kwargs: Any) -> bool:
        """Also false while no try is taken because of many wrong ones, for an address that nobody has too."""
        typed = (self.email.data or "").strip().lower()
        counted = attempts.of_account("password", typed, devices.known(typed))
        try:
            tried = attempts.take(*counted)
        except TooMany as held:
            g.held_seconds = held.retry_after
            self.form_errors.append(_("There were too many wrong attempts with this address."))
            self.form_errors.append(held.message)
            return False
        right = super().validate(**kwargs)
        if right:
            # A hash that was made anew with the right password stays.
            session().commit()
            attempts.right(*counted)
        elif tried == attempts.FREE and isinstance(self.user, User):
            trail.note(trail.HELD_UP, self.user, after={"tries": tried})
        return bool(right)


def _is_address(form: Any, _field: Any) -> None:
    """Comes after what makes sure of that, and before anybody is looked for."""
    form.is_address = True


class OrionForgotPasswordForm(ForgotPasswordForm):
    """E-mail address of the person who gets a link."""

    email = EmailField(
        _l("E-mail address"),
        validators=[IsString(), email_required, LowerEmailValidation(), _is_address, valid_user_email],
    )
    #: Whether an address was typed; what is wrong with one that is none, which is no secret.
    is_address: bool = False
    mistyped: tuple[str, ...] = ()

    def validate(self, **kwargs: Any) -> bool:
        """Raises MailFailed when no mail can be sent, and TooMany after many mails to an address: for all
        alike, known here or not."""
        spend(MAILS, account_key((self.email.data or "").strip().lower()))
        require_mail()
        right = super().validate(**kwargs)
        if not self.is_address:
            self.mistyped = tuple(str(message) for message in self.email.errors)
            # The library blurs what is wrong with the address, unless there is something else.
            self.form_errors.append(MISTYPED)
        return bool(right)

    def say_mistyped(self) -> None:
        """Say at the address what is wrong with it, after the library has blurred that."""
        if self.mistyped:
            self.form_errors.remove(MISTYPED)
            self.email.errors = list(self.mistyped)


class OrionResetPasswordForm(ResetPasswordForm):
    """The new password, twice."""

    password = _password(_l("New password"))
    password_confirm = _password(
        _l("New password, once more"), EqualToLocalize("password", message="RETYPE_PASSWORD_MISMATCH")
    )


class OrionChangePasswordForm(ChangePasswordForm):
    """The old password, and the new one twice."""

    password = PasswordField(_l("Current password"), filters=[_cut])
    new_password = _password(_l("New password"))
    new_password_confirm = _password(
        _l("New password, once more"), EqualToLocalize("new_password", message="RETYPE_PASSWORD_MISMATCH")
    )
