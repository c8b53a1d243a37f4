"""Confirm that it is you: what can do harm asks again who somebody is, unless they said so just now.

A page that is asked for leads to the confirmation and back. A form that is sent is answered by the
confirmation with the form's fields in it: sending it confirms and does what was asked, in one step. Files
can't be kept that way. A request of htmx leads the whole page to the confirmation, and back to the page it
came from: what was typed there is lost.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import verify_password
from werkzeug.datastructures import ImmutableMultiDict

from orion.contracts.errors import Invalid, TooMany
from orion.contracts.pages import SAFE_METHODS
from orion.data.database import session
from orion.identity import attempts, devices, factors, passkeys
from orion.identity.guessable import cut
from orion.identity.links import local_path, refuse_unknown
from orion.identity.models import User
from orion.identity.visit import current_visit
from orion.web.htmx import request

blueprint = Blueprint("confirm", __name__, url_prefix="/confirm")

#: The confirmation's own fields: a view never sees them.
PASSWORD = "confirm_password"
STATE, PASSKEY = "confirm_state", "confirm_credential"
OWN = frozenset({PASSWORD, STATE, PASSKEY, "csrf_token"})
ASK, CHECK = "account.confirm.ask", "account.confirm.check"
#: Fields of a form that the confirmation keeps.
MOST_FIELDS = 500


def demand() -> ResponseReturnValue | None:
    """None where the person has shown lately who they are, or shows it with this request; else the answer
    that asks them to."""
    visit = current_visit()
    if visit is None:
        return refuse_unknown()
    if visit.fresh:
        return None
    if request.htmx:
        return _of_htmx(request.htmx.current_url)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error="confirm", status=401), 401
    if request.method in SAFE_METHODS:
        return redirect(_page(request.full_path))
    if not OWN.intersection(request.form) - {"csrf_token"}:
        return _asked(401)
    refused = _refused(visit.user)
    if refused is None:
        _hide_own_fields()
    return refused


def fresh(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """A page of one's own that asks again who somebody is, unless they said so just now."""

    @wraps(view)
    def asked(**arguments: Any) -> ResponseReturnValue:
        return demand() or view(**arguments)

    return asked


@blueprint.get("")
def ask() -> ResponseReturnValue:
    """The page that asks; `next` is where it leads."""
    return _written(url_for(ASK), {"next": local_path(request.args.get("next"))}, 200)


@blueprint.post("")
def check() -> ResponseReturnValue:
    """Check, and lead on."""
    visit = current_visit()
    assert visit is not None
    return _refused(visit.user) or redirect(local_path(request.form.get("next")), 303)


def prove(user: User, form: Any) -> None:
    """Check what somebody gave to show who they are. Raises Invalid, and TooMany after many wrong tries.

    From then on, for a while, the session counts as one whose person has just signed in; it gets a new id.
    """
    if form.get(PASSKEY):
        passkeys.check(passkeys.CONFIRM, form.get(STATE, ""), form[PASSKEY], user)
        session().commit()
    else:
        _check_password(user, form.get(PASSWORD, ""))
    refresh()


def refresh() -> None:
    """The person has shown who they are: the session gets a new id, and is fresh."""
    web_session["fs_paa"] = time.time()


def _check_password(user: User, password: str) -> None:
    counted = attempts.of_account("confirm", user.id, devices.known(user.email))
    attempts.take(*counted)
    if not user.password or not verify_password(cut(password), user.password):
        raise Invalid(_("This password is wrong."), {PASSWORD: [_("This password is wrong.")]})
    attempts.right(*counted)


def _refused(user: User) -> ResponseReturnValue | None:
    try:
        prove(user, request.form)
    except (Invalid, TooMany) as error:
        return _asked(error.status, error)
    return None


def _asked(status: int, error: Invalid | TooMany | None = None) -> ResponseReturnValue:
    """The confirmation in place of what was asked for, with the fields that were sent."""
    own_page = request.endpoint == CHECK
    if any(file.filename for file in request.files.values()):
        flash(_("A file can't be kept meanwhile: choose it again afterwards."), "warning")
        return redirect(_page(request.referrer), 303)
    fields = [(k, v) for k, v in request.form.items(multi=True) if k not in OWN][:MOST_FIELDS]
    action = url_for(ASK) if own_page else local_path(request.full_path)
    return _written(action, fields, status, error)


def _written(action: str, fields: Any, status: int, error: Any = None) -> ResponseReturnValue:
    visit = current_visit()
    assert visit is not None
    known = factors.passkeys_of(visit.user.id)
    body = render_template(
        "account/confirm.html",
        action=action,
        fields=fields.items() if isinstance(fields, dict) else fields,
        keeps_fields=request.method not in SAFE_METHODS and request.endpoint != CHECK,
        error=error,
        person=visit.user,
        passkey=passkeys.offer(passkeys.CONFIRM, visit.user, known),
    )
    response = make_response(body, status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _of_htmx(page: str | None) -> ResponseReturnValue:
    response = make_response("", 401)
    response.headers["HX-Redirect"] = _page(page)
    return response


def _page(after: str | None) -> str:
    return url_for(ASK, next=local_path(after))


def _hide_own_fields() -> None:
    kept = [(k, v) for k, v in request.form.items(multi=True) if k == "csrf_token" or k not in OWN]
    request.__dict__["form"] = ImmutableMultiDict(kept)
