"""Signing in with more than a password: the page after it, and passkeys alone.

Flask-Security checks the password, and asks here before it signs anybody in.
"""

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, make_response, redirect, request, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user, login_user
from flask_security.tf_plugin import TfPlugin
from flask_security.utils import url_for_security

from orion.contracts.errors import Invalid, TooMany
from orion.contracts.forms import Form, TextField
from orion.contracts.pages import SAFE_METHODS, render
from orion.contracts.permissions import Access
from orion.data.database import session
from orion.identity import attempts, devices, factors, half, passkeys, trail
from orion.identity.forms import OrionLoginForm
from orion.identity.links import local_path
from orion.identity.models import User
from orion.identity.notices import notify
from orion.identity.visit import SECOND_FACTOR, current_visit
from orion.web.htmx import request as htmx_request
from orion.web.limits import Limit, network_key, spend

blueprint = Blueprint("sign_in", __name__, url_prefix="/login")

#: Forms of signing in that a network may send, whoever they are about.
SIGN_IN = Limit("sign_in", 60, 60)
#: So many wrong codes after a right password tell its owner that somebody else has it.
TELLING = 5
PAGE, SECURITY = "sign_in.second_factor", "account.security.show"


class CodeForm(Form):
    """A code of the app."""

    code = TextField(
        _l("Code of your app"), required=True, most=20, hint=_l("Six digits that change every 30 seconds.")
    )


class RecoveryForm(Form):
    """A recovery code."""

    recovery_code = TextField(_l("Recovery code"), required=True, most=60, hint=_l("Each works once."))


class SecondFactors(TfPlugin):
    """Flask-Security's place for second factors, with our page in it."""

    def tf_enter(
        self, user: Any, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> Any:
        """None for people without a second factor, who are signed in now; else the way to our page."""
        if not factors.has_second_factor(user):
            return None
        half.begin(user, local_path(request.values.get("next")))
        return redirect(url_for(PAGE), 303)


def limit() -> None:
    """Count a form of signing in that was sent. Raises TooMany."""
    if request.method not in SAFE_METHODS:
        spend(SIGN_IN, network_key())


blueprint.before_request(limit)


@blueprint.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    """The page after the password."""
    half_way = half.current()
    return _page(half_way) if half_way else _again()


@blueprint.post("/second-factor")
def give_second_factor() -> ResponseReturnValue:
    """A code, a recovery code or a passkey; `by` says which."""
    half_way = half.current()
    if half_way is None:
        return _again()
    ways = {"code": _by_code, "recovery": _by_recovery_code, "passkey": _by_passkey}
    return ways.get(request.form.get("by", ""), _page)(half_way)


@blueprint.post("/passkey")
def with_passkey() -> ResponseReturnValue:
    """A passkey in place of address and password: it is two factors by itself."""
    if current_user.is_authenticated:
        return redirect("/", 303)
    answer = request.form.get("credential", "")
    try:
        passkey = passkeys.check(passkeys.SIGN_IN, request.form.get("state", ""), answer)
        user = passkeys.owner(passkey, answer)
    except Invalid as error:
        return _login_page(error.message)
    return _complete(user, "passkey", local_path(request.args.get("next")))


def demand_second(access: Access) -> ResponseReturnValue | None:
    """None where a session may go on at a place; else the way to setting up the second factor that a role
    there asks for. A session of somebody who has one has passed it."""
    visit = current_visit()
    if not access.second_factor or visit is None or visit.two_factors:
        return None
    if htmx_request.htmx:
        response = make_response("", 403)
        response.headers["HX-Redirect"] = url_for(SECURITY, next=local_path(htmx_request.htmx.current_url))
        return response
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error="second_factor", status=403), 403
    page = request.full_path if request.method in SAFE_METHODS else request.referrer
    return redirect(url_for(SECURITY, next=local_path(page)), 303)


def _by_code(half_way: half.Half) -> ResponseReturnValue:
    return _typed(half_way, CodeForm(), "code", factors.take_code)


def _by_recovery_code(half_way: half.Half) -> ResponseReturnValue:
    return _typed(half_way, RecoveryForm(), "recovery_code", factors.take_recovery_code)


def _typed(
    half_way: half.Half, form: Form, field: str, take: Callable[[User, str], None]
) -> ResponseReturnValue:
    """Take a code that was typed. Each kind has a count of its own: guesses at one hold up no other."""
    if not form.sent():
        return _page(half_way, form)
    user, after = half_way.user, half_way.after
    counted = attempts.of_account(field, user.id, devices.known(user.email))
    try:
        tried = attempts.take(*counted)
        take(user, form.data[field])
    except TooMany as held:
        form.refuse({}, held.message)
        return _page(half_way, form, held.retry_after)
    except Invalid as error:
        form.refuse({field: [error.message]})
        _tell(user, tried)
        return _page(half_way, form)
    answer = _complete(user, field, after, half_way)
    attempts.right(*counted)
    return answer


def _by_passkey(half_way: half.Half) -> ResponseReturnValue:
    state, answer = request.form.get("state", ""), request.form.get("credential", "")
    try:
        passkeys.check(passkeys.SECOND, state, answer, half_way.user)
    except Invalid as error:
        form = CodeForm(formdata=None)
        form.refuse({}, error.message)
        return _page(half_way, form)
    return _complete(half_way.user, "passkey", half_way.after, half_way)


def _complete(user: User, way: str, after: str, half_way: half.Half | None = None) -> ResponseReturnValue:
    """Both factors were right: the person is signed in, with a session that says so."""
    if half_way is not None:
        half.end(half_way)
    login_user(user, authn_via=[way])
    web_session[SECOND_FACTOR] = time.time()
    session().commit()
    trail.note(trail.SIGNED_IN, user, after={"with": way if half_way is None else f"password, {way}"})
    if way == "recovery_code":
        left = factors.factors_of(user.id).codes_left
        text = ngettext("One recovery code is left.", "%(num)s recovery codes are left.", left)
        flash(text, "warning")
    return redirect(after, 303)


def _tell(user: User, tried: int) -> None:
    """Somebody knows the password and not the second factor: the owner had better hear of it."""
    trail.log.info("second_factor.wrong", extra={"account": user.id, "tries": tried})
    if tried == TELLING:
        trail.note(trail.WRONG_CODES, user, after={"tries": tried})
        notify(user.email, _l("Somebody knows your password"), "second_factor_wrong", user.locale)


def _page(half_way: half.Half, form: Form | None = None, held: int = 0) -> ResponseReturnValue:
    """The page with every way that this person has."""
    known = factors.passkeys_of(half_way.user.id)
    answer = render(
        "security/second_factor.html",
        429 if held else form.answer_status if form else 200,
        code=form if isinstance(form, CodeForm) else CodeForm(formdata=None),
        recovery=form if isinstance(form, RecoveryForm) else RecoveryForm(formdata=None),
        has_totp=half_way.user.totp_secret is not None,
        passkey=passkeys.offer(passkeys.SECOND, half_way.user, known),
        has_passkeys=bool(known),
    )
    response = make_response(answer)
    response.headers["Cache-Control"] = "private, no-store"
    if held:
        response.headers["Retry-After"] = str(held)
    return response


def _again() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect("/", 303)
    flash(_("That took too long. Sign in again."), "info")
    return redirect(url_for("security.login"), 303)


def _login_page(message: str) -> ResponseReturnValue:
    form = OrionLoginForm(formdata=None)
    form.form_errors.append(message)
    return render(
        "security/login_user.html",
        422,
        login_user_form=form,
        passkey=passkeys.offer(passkeys.SIGN_IN),
        security=current_app.extensions["security"],
        url_for_security=url_for_security,
    )
