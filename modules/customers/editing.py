"""The pages on which something is done to customers."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from modules.customers import profiles, queries
from modules.customers import segments as kept
from modules.customers.forms import AddressForm, CustomerForm, MergeForm, NoteForm, SegmentForm, TagsForm
from modules.customers.lists import label
from modules.customers.models import Customer
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.forms import Confirm, Undo, confirm_page, done, form_page, languages
from orion.contracts.locales import locales
from orion.contracts.scope import Scope


def offers(scope: Scope, args: "MultiDict[str, str]") -> dict[str, Any]:
    """What the list's page offers besides the list."""
    segmenting = scope.has("customers.customer_segmentation")
    conditions = kept.conditions(args) if segmenting and scope.allows("customers.edit") else ""
    return {
        "may_add": scope.allows("customers.edit"),
        "segments_url": url_for(".segments") if segmenting else "",
        "keep_url": kept.under(url_for(".segments"), conditions) if conditions else "",
    }


def create(scope: Scope) -> ResponseReturnValue:
    """The page of a new customer."""
    form = _form()
    if form.sent():
        with form.attempt():
            made = profiles.create(scope, now=_now(), **_facts(form))
            return done(_("%(name)s is a customer now.", name=label(made)), _at(made))
    return form_page(form, title=_("New customer"), back=url_for(".customers"), trail=_trail())


def edit(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page of who a customer is."""
    customer = _customer(scope, public_id)
    form = _form(customer)
    if form.sent():
        with form.attempt():
            profiles.edit(scope, customer, **_facts(form))
            return done(_("Saved."), _at(customer))
    return _page(form, customer, _("Edit %(name)s", name=label(customer)))


def tags(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page of a customer's tags."""
    customer = _customer(scope, public_id)
    form = TagsForm(data={"tags": [tag.name for tag in queries.tags(scope, customer)]})
    if form.sent():
        with form.attempt():
            profiles.set_tags(scope, customer, form.tags.data)
            return done(_("Saved."), _at(customer))
    return _page(form, customer, _("Tags of %(name)s", name=label(customer)))


def note(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page of a note."""
    customer, form = _customer(scope, public_id), NoteForm()
    if form.sent():
        with form.attempt():
            profiles.add_note(scope, customer, form.text.data, now=_now())
            return done(_("The note is written."), _at(customer))
    return _page(form, customer, _("Note on %(name)s", name=label(customer)))


def address(scope: Scope, public_id: str, address_id: str) -> ResponseReturnValue:
    """The page of an address; without an id it is a new one."""
    customer = _customer(scope, public_id)
    there = profiles.address(scope, customer, address_id) if address_id else None
    form = AddressForm(obj=there)
    if form.sent():
        with form.attempt():
            lines = {name: getattr(form, name).data or "" for name in profiles.ADDRESS_LINES}
            profiles.save_address(scope, customer, there, **lines)
            return done(_("Saved."), _at(customer))
    title = _("Address of %(name)s", name=label(customer)) if there else _("Add an address")
    return _page(form, customer, title)


def delete_address(scope: Scope, public_id: str, address_id: str) -> ResponseReturnValue:
    """Delete an address; it can be taken back."""
    customer = _customer(scope, public_id)
    lines = profiles.delete_address(scope, profiles.address(scope, customer, address_id))
    undo = Undo("customers.put_address", customer=public_id, lines=lines)
    return done(_("The address is deleted."), _at(customer), undo)


def merge(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page on which another entry of the same person is named."""
    customer, form = _customer(scope, public_id), MergeForm()
    if form.sent():
        with form.attempt():
            other = queries.by_reference_or_email(scope, form.other.data)
            if other is None:
                raise Invalid(errors={"other": [_("There is no such customer.")]})
            profiles.merge(scope, customer, other)
            return done(_("The two are one now."), _at(customer))
    title = _("Merge into %(name)s", name=label(customer))
    return _page(form, customer, title, submit=_("Merge"), intro=_("This can't be undone."))


def file(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Everything about one person, as JSON."""
    customer = _customer(scope, public_id)
    text = json.dumps(profiles.file_of(scope, customer), default=str, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="customer-{public_id}.json"'}
    return Response(text, mimetype="application/json", headers=headers)


def erase(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The page that asks before a person is erased."""
    customer, form = _customer(scope, public_id), Confirm()
    if form.sent():
        with form.attempt():
            profiles.erase(scope, customer, now=_now())
            return done(_("Everything personal about this customer is wiped."), url_for(".customers"))
    return confirm_page(
        form,
        title=_("Erase %(name)s", name=label(customer)),
        text=_("Everything personal that is known of this customer is wiped, in every module."),
        points=[
            _("Name, e-mail address, phone, addresses, notes and tags are gone."),
            _("Orders and figures stay, without a name."),
            _("Invoices stay as they were written, as the law asks."),
            _("This can't be undone."),
        ],
        submit=_("Erase the customer"),
        back=_at(customer),
    )


def segments(scope: Scope) -> ResponseReturnValue:
    """The page of segments; with conditions in the address, one can be kept."""
    form, asked = SegmentForm(), kept.conditions(request.args)
    if form.sent() and scope.allows("customers.edit"):
        with form.attempt():
            made = kept.save(scope, form.name.data, asked)
            return done(_("The segment “%(name)s” is kept.", name=made.name), url_for(".segments"))
    back = url_for(".customers")
    found = kept.segments(scope)
    rows = [(one, kept.under(back, one.query), kept.how_many(scope, one)) for one in found]
    may = scope.allows("customers.edit")
    back = kept.under(back, asked) if asked else ""
    return form_page(form, "customers/segments.html", rows=rows, back=back, may=may)


def delete_segment(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Forget a segment; the customers stay."""
    one = kept.segment(scope, public_id)
    session().delete(one)
    return done(_("The segment “%(name)s” is gone.", name=one.name), url_for(".segments"))


def _customer(scope: Scope, public_id: str) -> Customer:
    return queries.customer(scope, public_id)[0]


def _form(customer: Customer | None = None) -> CustomerForm:
    form = CustomerForm(obj=customer)
    own = {customer.locale} if customer is not None and customer.locale else set()
    form.locale.options = languages(sorted({*locales(), *own}))
    return form


def _facts(form: CustomerForm) -> dict[str, str]:
    return {name: getattr(form, name).data or "" for name in profiles.FACTS}


def _at(customer: Customer) -> str:
    return url_for(".customer", public_id=customer.public_id)


def _trail() -> list[tuple[str, str]]:
    return [(_("Customers"), url_for(".customers"))]


def _page(form: Any, customer: Customer, title: str, **context: Any) -> ResponseReturnValue:
    trail = [*_trail(), (label(customer), _at(customer))]
    return form_page(form, title=title, back=_at(customer), trail=trail, **context)


def _now() -> datetime:
    return datetime.now(UTC)
