"""What the pages of product feeds are made of."""

from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.marketplace import outlets as service
from modules.marketplace.views import now, trail
from orion.contracts.errors import NotFound
from orion.contracts.forms import Form, TextField, done, form_page
from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.contracts.texts import Tongue, translated_into


class OutletForm(Form):
    """What a feed needs to know."""

    link = TextField(
        _l("Address of a product's page"),
        required=True,
        most=300,
        hint=_l("In your shop, with {handle} where the name of the product stands in it."),
    )


def outlets(scope: Scope) -> ResponseReturnValue:
    """Every platform with its feed."""
    return render("marketplace/outlets.html", rows=service.offered(scope), trail=trail())


def outlet(scope: Scope, code: str) -> ResponseReturnValue:
    """Ask where products are, and tell the new address: this once."""
    found = next(((p, one) for p, one in service.offered(scope) if p.code == code), None)
    if found is None:
        raise NotFound()
    platform, there = found
    here = url_for("marketplace_vendor.outlets")
    form = OutletForm(data={"link": there.link} if there else None)
    if form.sent():
        with form.attempt():
            _outlet, secret = service.open_(scope, code, form.link.data or "", now())
            at = partial(url_for, "marketplace_shop.feed", secret=secret, platform=None, _external=True)
            return render(
                "marketplace/outlet_made.html",
                platform=platform,
                address=at(lang=None),
                languages=[Tongue(tag, at(lang=tag)) for tag in translated_into(scope)],
                back=here,
                trail=trail(),
            )
    return form_page(
        form,
        "marketplace/outlet.html",
        title=_("Product feed of %(platform)s", platform=platform.name),
        submit=_("Make a new address") if there else _("Make the address"),
        there=there,
        back=here,
        trail=[*trail(), (_("Product feeds"), here)],
    )


def close(scope: Scope, code: str) -> ResponseReturnValue:
    """Make an address void."""
    service.close(scope, code)
    return done(
        _("The address is void: nobody can read this feed any more."), url_for("marketplace_vendor.outlets")
    )
