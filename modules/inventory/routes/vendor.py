"""Stock pages for a vendor's team."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.catalog.api import Found, Product, Word
from modules.inventory import forms, queries, services
from modules.inventory.lists import PAGES
from modules.inventory.views import about
from orion.contracts.forms import Form, Undo, done, form_page
from orion.contracts.lists import answer_list
from orion.contracts.pages import Pages, render
from orion.contracts.scope import Scope
from orion.contracts.words import found_by, terms

pages = Pages(__name__)
BOTH = ("GET", "POST")


def _now() -> datetime:
    return datetime.now(UTC)


def _at(public_id: str) -> str:
    return url_for("inventory_vendor.variant", public_id=public_id)


@pages.page("/inventory", permission="inventory.view")
def items(scope: Scope) -> ResponseReturnValue:
    """Everything that this vendor counts."""
    return answer_list(PAGES["vendor"], scope, "inventory/items.html", may=scope.allows)


@pages.page("/inventory/<public_id>", permission="inventory.view")
def variant(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One variant's stock."""
    return render("inventory/variant.html", **about(scope, public_id, "vendor"))


@pages.page("/inventory/<public_id>/receive", permission="inventory.move", methods=BOTH)
def receive(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Pieces have come in."""
    return _moved(scope, public_id, forms.Receive(), _("Receive goods"), services.receive)


@pages.page("/inventory/<public_id>/adjust", permission="inventory.move", methods=BOTH)
def adjust(scope: Scope, public_id: str) -> ResponseReturnValue:
    """There are more pieces or fewer."""
    return _moved(scope, public_id, forms.Adjust(), _("Adjust the stock"), services.adjust)


@pages.page("/inventory/<public_id>/transfer", permission="inventory.move", methods=BOTH)
def transfer(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Pieces went from one location to another."""
    return _moved(scope, public_id, forms.Transfer(), _("Transfer"), services.transfer)


@pages.page("/inventory/<public_id>/threshold", permission="inventory.move", methods=BOTH)
def threshold(scope: Scope, public_id: str) -> ResponseReturnValue:
    """When a variant's stock is low."""
    item, variant, product = queries.variant(scope, public_id)
    form = forms.Threshold(obj=item)
    if form.sent():
        with form.attempt():
            services.warn_at(scope, variant.id, form.threshold.data)
            return done(_("Warning saved."), _at(public_id))
    return form_page(form, title=_("Warn when low"), **_around(public_id, Found(variant, product)))


def _moved(
    scope: Scope, public_id: str, form: Form, title: str, service: Callable[..., str]
) -> ResponseReturnValue:
    _item, variant, product = queries.variant(scope, public_id)
    _suggest(form)
    if form.sent():
        with form.attempt():
            given = {name: _place(scope, name, value) for name, value in form.given().items()}
            batch = service(scope, variant.id, **given, now=_now())
            return done(_("Stock changed."), _at(public_id), Undo("inventory.movement", batch=batch))
    return form_page(form, title=title, **_around(public_id, Found(variant, product)))


def _suggest(form: Form) -> None:
    """The first location is most often the right one."""
    if request.method == "GET" and "location" in form:
        form["location"].data = form["location"].options[0][0]


def _place(scope: Scope, name: str, value: Any) -> Any:
    """Goods need a place to lie in: the first of them make it."""
    first = name == "location" and value == forms.FIRST
    return services.first_location(scope).public_id if first else value


def _around(public_id: str, found: Found) -> dict[str, object]:
    trail = [(_("Stock"), url_for("inventory_vendor.items")), (found.title, _at(public_id))]
    return {"intro": found.title, "trail": trail, "back": _at(public_id)}


# -- locations and counting -----------------------------------------------------------------------


@pages.page("/inventory/locations", permission="inventory.view")
def locations(scope: Scope) -> ResponseReturnValue:
    """Where goods lie."""
    return render("inventory/locations.html", locations=queries.locations(scope), may=scope.allows)


@pages.page("/inventory/locations/new", permission="inventory.move", methods=BOTH)
def new_location(scope: Scope) -> ResponseReturnValue:
    """A new location."""
    form = forms.Place()
    del form.active
    if form.sent():
        with form.attempt():
            services.add_location(scope, form.name.data)
            return done(_("Location created."), url_for("inventory_vendor.locations"))
    return form_page(form, title=_("New location"), **_of_locations())


@pages.page("/inventory/locations/<public_id>", permission="inventory.move", methods=BOTH)
def location(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A location's name, and whether it is open."""
    found = services.location_of(public_id)
    form = forms.Place(obj=found)
    if form.sent():
        with form.attempt():
            services.change_location(scope, public_id, form.name.data, form.active.data)
            return done(_("Location saved."), url_for("inventory_vendor.locations"))
    return form_page(form, title=found.name, **_of_locations())


@pages.page("/inventory/locations/<public_id>/count", permission="inventory.move", methods=BOTH)
def count(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A sheet to count a location with; `q` narrows it."""
    place, typed = services.location_of(public_id), terms(request.args.get("q", "")[:200])
    rows = queries.sheet(scope, place, [found_by(Word, Product.id, typed)] if typed else [])
    form = forms.sheet_form(rows[: queries.SHEET])
    if form.sent():
        with form.attempt():
            wanted = forms.counted(form, rows[: queries.SHEET])
            batch = services.count(scope, public_id, wanted, now=_now(), note=form["note"].data)
            said = ngettext("%(num)s variant counted.", "%(num)s variants counted.", len(wanted))
            undo = Undo("inventory.movement", batch=batch) if batch else None
            return done(said, request.full_path.rstrip("?"), undo)
    more = len(rows) > queries.SHEET
    return form_page(
        form,
        "inventory/count.html",
        place=place,
        rows=rows[: queries.SHEET],
        more=more,
        q=" ".join(typed),
        **_of_locations(),
    )


def _of_locations() -> dict[str, object]:
    at = url_for("inventory_vendor.locations")
    return {"trail": [(_("Stock"), url_for("inventory_vendor.items")), (_("Locations"), at)], "back": at}
