"""/account/security/app: the app that shows codes, set up and removed."""

from flask import Blueprint, current_app, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField

from orion.contracts.errors import Conflict, Invalid
from orion.contracts.forms import Form, TextField
from orion.contracts.pages import render
from orion.identity import factors, totp
from orion.identity.confirm import fresh
from orion.identity.security_page import added, here, me, page, removed, required

blueprint = Blueprint("app", __name__, url_prefix="/security/app")

#: Seconds between the page with a new key and the code that shows it is in the app.
SET_UP_WITHIN = 3600


class TotpForm(Form):
    """The new key, which came with the page, and the first code."""

    key = HiddenField()
    code = TextField(_l("Code that the app shows now"), required=True, most=20)


@blueprint.get("")
@fresh
def show() -> ResponseReturnValue:
    """Set up the app that shows codes: a new key each time."""
    return _app_page(TotpForm(formdata=None), totp.new_key())


@blueprint.post("")
@fresh
def set_up() -> ResponseReturnValue:
    """The code shows that the app has the key."""
    user, form = me().user, TotpForm()
    key = _opened(form.key.data)
    if key is None:
        return redirect(here("account.app.show"), 303)
    if form.sent():
        begins = not factors.factors_of(user.id).any
        try:
            factors.set_up_totp(user, key, form.code.data)
        except Invalid as error:
            form.refuse({"code": [error.message]})
        else:
            return added(user, begins, "app", _("Your app is set up."))
    return _app_page(form, key)


@blueprint.post("/remove")
@fresh
def remove() -> ResponseReturnValue:
    """The app counts no longer."""
    user = me().user
    try:
        factors.remove_totp(user, required())
    except Conflict as error:
        return page(refused=error)
    return removed(user, "app", _("The app has been removed."))


def _app_page(form: TotpForm, key: str) -> ResponseReturnValue:
    address = totp.uri(key, me().user.email)
    form.key.data = _signer().dumps([key, me().user.id])
    return render(
        "account/app.html",
        form.answer_status,
        form=form,
        picture=totp.picture(address),
        uri=address,
        key=totp.in_groups(key),
        urls=here,
    )


def _opened(text: str | None) -> str | None:
    """The key that a page came with; None when it was for somebody else, or too long ago."""
    try:
        key, user_id = _signer().loads(text or "", max_age=SET_UP_WITHIN)
    except (BadData, ValueError, TypeError):
        return None
    return str(key) if user_id == me().user.id else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="orion-totp")
