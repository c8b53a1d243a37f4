"""What people do for themselves: accepting an invitation."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.tenancy import services
from modules.tenancy.forms import AcceptForm
from orion.contracts.data import system_scope
from orion.contracts.forms import Form, done, form_page
from orion.contracts.pages import Pages
from orion.contracts.people import User, create_user, person_here
from orion.contracts.scope import Scope

pages = Pages(__name__)


@pages.page("/invitations/<token>", public=True, methods=("GET", "POST"))
def invitation(scope: Scope, token: str) -> ResponseReturnValue:
    """The page behind the link of an invitation."""
    offer, person = services.offer(token), person_here()
    if person is not None or offer.known:
        return _for_somebody(token, offer, person)
    form = AcceptForm()
    if form.sent():
        with form.attempt(under=system_scope("sign_in")):
            user = create_user(offer.email, form.name.data, form.password.data)
            services.accept(system_scope("sign_in"), token, user)
            return done(
                _("Welcome. Sign in with your new password."), url_for("security.login", next=offer.home)
            )
    return form_page(form, "tenancy/accept.html", offer=offer, state="new")


def _for_somebody(token: str, offer: services.Offer, person: User | None) -> ResponseReturnValue:
    """Somebody who has an account accepts as themselves, and nobody accepts for another person."""
    form = Form()
    state = "sign_in" if person is None else "mine" if person.email == offer.email else "other"
    if state == "mine" and form.sent():
        with form.attempt(under=system_scope("sign_in")):
            services.accept(system_scope("sign_in"), token, person)  # type: ignore[arg-type]
            return redirect(offer.home, 303)
    here = url_for("tenancy_account.invitation", token=token)
    return form_page(form, "tenancy/accept.html", offer=offer, state=state, here=here, person=person)
