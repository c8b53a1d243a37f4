"""/account/email: another address to sign in with, once a mail to it has shown that it is one's own.

Whether somebody has the address already is told nowhere: the page says the same, and a mail goes to it either
way. The old address hears of the change.
"""

import secrets

from flask import Blueprint, current_app, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import login_user
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from orion.contracts.forms import EmailField, Form, done, form_page
from orion.contracts.pages import render
from orion.data.database import session
from orion.identity import trail
from orion.identity.confirm import fresh
from orion.identity.links import public_link
from orion.identity.models import User
from orion.identity.notices import notify
from orion.identity.services import account_of, end_sessions
from orion.identity.visit import Visit, current_visit
from orion.mail import require_mail
from orion.web.limits import Limit, account_key, spend

blueprint = Blueprint("email", __name__, url_prefix="/email")

#: Seconds that the link in the mail is good for.
GOOD_FOR = 4 * 3600
#: Mails that one person may have sent to addresses that may be anybody's.
MAILS = Limit("email_change", 5, 3600)


class AddressForm(Form):
    """The new address."""

    email = EmailField(_l("New e-mail address"), required=True)


@blueprint.get("")
@fresh
def show() -> ResponseReturnValue:
    """Ask for the new address."""
    return _page(AddressForm())


@blueprint.post("")
@fresh
def ask() -> ResponseReturnValue:
    """Send the link to the new address, or the news to whoever has it."""
    user, form = _me().user, AddressForm()
    if not form.sent():
        return _page(form)
    address = str(form.email.data)
    if address == user.email:
        form.refuse({"email": [_("This is your address already.")]})
        return _page(form)
    spend(MAILS, account_key(user.id))
    require_mail()
    _send(user, address)
    return done(_("A mail with a link is on its way to %(email)s.", email=address), url_for(".show"))


@blueprint.get("/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """The link of the mail: a button, since programs that look through mail follow links."""
    address = _address(token)
    if address is None:
        return _refused()
    return make_response(render("account/email_confirm.html", address=address, old=_me().user.email))


@blueprint.post("/<token>")
def change(token: str) -> ResponseReturnValue:
    """The new address counts from now on. Other sessions and links of mails end."""
    address = _address(token)
    if address is None or not _changed(_me().user.id, address):
        return _refused()
    return done(_("You sign in with %(email)s from now on.", email=address), url_for(".show"))


def _send(user: User, address: str) -> None:
    there = account_of(address)
    if there is not None:
        notify(address, _l("Somebody wanted to use your address"), "email_taken", there.locale)
        return
    token = str(_signer().dumps([user.fs_uniquifier, user.email, address]))
    notify(address, _("Confirm your new address"), "email_confirm", link=public_link(".confirm", token=token))


def _address(token: str) -> str | None:
    """The address of a link that is good for who is signed in now; None for any other."""
    user = _me().user
    try:
        whose, old, address = _signer().loads(token, max_age=GOOD_FOR)
    except (BadData, ValueError, TypeError):
        return None
    return str(address) if (whose, old) == (user.fs_uniquifier, user.email) else None


def _changed(user_id: int, address: str) -> bool:
    """False when somebody has taken the address meanwhile."""
    user = session().get(User, user_id)
    assert user is not None
    old, user.email, user.fs_uniquifier = user.email, address, secrets.token_hex(32)
    try:
        end_sessions(user.id)
        session().flush()
    except IntegrityError:
        session().rollback()
        return False
    login_user(user, authn_via=["email"])
    session().commit()
    trail.note(trail.EMAIL_CHANGED, user, before={"email": old}, after={"email": address})
    notify(old, _("Your e-mail address has been changed"), "email_changed")
    return True


def _page(form: AddressForm) -> ResponseReturnValue:
    return form_page(form, "account/email.html", old=_me().user.email)


def _refused() -> ResponseReturnValue:
    flash(_("This link has been used already, or is not whole, or is for another account."), "error")
    return redirect(url_for(".show"), 303)


def _me() -> Visit:
    visit = current_visit()
    assert visit is not None
    return visit


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="orion-email")
