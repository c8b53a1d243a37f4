"""/account/security: what one signs in with, set up, named and removed by oneself."""

import time
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from orion.contracts.errors import Conflict, Invalid
from orion.contracts.forms import Form, TextField, done
from orion.contracts.pages import render
from orion.contracts.permissions import Place
from orion.data.database import session
from orion.identity import factors, passkeys, trail
from orion.identity.agents import device
from orion.identity.confirm import fresh
from orion.identity.links import local_path
from orion.identity.models import User
from orion.identity.notices import notify
from orion.identity.services import end_sessions
from orion.identity.visit import SECOND_FACTOR, Visit, current_visit

blueprint = Blueprint("security", __name__, url_prefix="/security")
SHOW = "account.security.show"


class PasskeyForm(Form):
    """A new passkey: `credential` is the browser's answer to what `state` notes."""

    name = TextField(
        _l("Name of a new passkey"), required=True, most=80, hint=_l("So that you know it again.")
    )
    state = HiddenField()
    credential = HiddenField()


class NameForm(Form):
    """Another name."""

    name = TextField(_l("Name"), required=True, most=80)


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Everything one signs in with. `next` is where somebody was going who needs a second factor first."""
    return page()


@blueprint.post("/passkeys")
@fresh
def add_passkey() -> ResponseReturnValue:
    """Keep a passkey that the browser has just made."""
    user, form = me().user, PasskeyForm()
    if form.sent():
        begins = not factors.factors_of(user.id).any
        try:
            factors.refuse_more(user)
            passkeys.register(user, form.name.data, form.state.data or "", form.credential.data or "")
        except (Conflict, Invalid) as error:
            form.refuse({}, error.message)
        else:
            return added(user, begins, "passkey", _("The passkey has been added."))
    return page(form)


@blueprint.post("/passkeys/<public_id>/name")
@fresh
def rename_passkey(public_id: str) -> ResponseReturnValue:
    """Another name for a passkey."""
    form = NameForm()
    if not form.sent():
        return page(form)
    factors.rename_passkey(me().user, public_id, form.name.data)
    session().commit()
    return done(_("The passkey has a new name."), url_for(SHOW))


@blueprint.post("/passkeys/<public_id>/remove")
@fresh
def remove_passkey(public_id: str) -> ResponseReturnValue:
    """A passkey opens nothing any longer."""
    user = me().user
    try:
        factors.remove_passkey(user, public_id, required())
    except Conflict as error:
        return page(refused=error)
    return removed(user, "passkey", _("The passkey has been removed."))


@blueprint.post("/recovery-codes")
@fresh
def renew_codes() -> ResponseReturnValue:
    """New recovery codes in place of the old ones, shown this once."""
    user = me().user
    if not factors.factors_of(user.id).any:
        return redirect(url_for(SHOW), 303)
    codes = factors.new_codes(user)
    session().commit()
    trail.note(trail.CODES_RENEWED, user)
    notify(user.email, _("You have new recovery codes"), "factors_changed")
    return codes_page(codes)


@blueprint.post("/recovery-codes/file")
@fresh
def codes_file() -> ResponseReturnValue:
    """The codes that the page has just shown, as a file: only what are good codes of this person."""
    codes = factors.own_codes(me().user, request.form.getlist("recovery_code")[: factors.CODES])
    response = Response("".join(f"{code}\r\n" for code in codes), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="orion-recovery-codes.txt"'
    return response


# -- pages -----------------------------------------------------------------------------------------


def page(wrong: Form | None = None, refused: Conflict | None = None) -> ResponseReturnValue:
    """The page, with what was wrong with a form, or why something was not done."""
    user = me().user
    found = factors.factors_of(user.id)
    form = wrong if isinstance(wrong, PasskeyForm) else PasskeyForm(formdata=None)
    form.name.data = form.name.data or device(request.user_agent.string)
    return render(
        "account/security.html",
        refused.status if refused else wrong.answer_status if wrong else 200,
        factors=found,
        codes=factors.CODES,
        new=passkeys.offer_new(user, found.passkeys),
        form=form,
        wrong=wrong,
        messages=[refused.message] if refused else [],
        required=required(),
        urls=here,
    )


def codes_page(codes: list[str]) -> ResponseReturnValue:
    """New recovery codes, and the way on."""
    after = local_path(request.args.get("next"))
    go_on = after if after != "/" else url_for(SHOW)
    return render("account/codes.html", codes=codes, after=go_on)


def here(endpoint: str, **values: Any) -> str:
    """An address of these pages that still knows where somebody was going."""
    return url_for(endpoint, next=request.args.get("next"), **values)


# -- what comes of it ------------------------------------------------------------------------------


def added(user: User, begins: bool, kind: str, message: str) -> ResponseReturnValue:
    """A factor more. The first one brings recovery codes, and ends the sessions that came without it."""
    visit = me()
    codes = factors.new_codes(user) if begins else []
    if begins:
        end_sessions(user.id, but=visit.row.id_hash)
        web_session[SECOND_FACTOR] = time.time()
    session().commit()
    trail.note(trail.FACTOR_ADDED, user, after={"way": kind})
    notify(user.email, _("A way to sign in was added"), "factors_changed")
    return codes_page(codes) if begins else done(message, url_for(SHOW))


def removed(user: User, kind: str, message: str) -> ResponseReturnValue:
    """A factor less."""
    if not factors.factors_of(user.id).any:
        web_session.pop(SECOND_FACTOR, None)
    session().commit()
    trail.note(trail.FACTOR_REMOVED, user, before={"way": kind})
    notify(user.email, _("A way to sign in was removed"), "factors_changed")
    return done(message, url_for(SHOW))


def required() -> bool:
    """Whether a role of this person, wherever it is, asks for a second factor."""
    source = current_app.extensions["orion"].permission_source
    if source is None:
        return False
    return bool(source.access(me().rights, Place(), g.registry.permissions).second_factor)


def me() -> Visit:
    """Who is signed in; these pages are for nobody else."""
    visit = current_visit()
    assert visit is not None
    return visit
