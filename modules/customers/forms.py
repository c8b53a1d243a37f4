"""Forms of the customer pages."""

from flask_babel import lazy_gettext as _l

from orion.contracts.forms import (
    ChoiceField,
    EmailField,
    Form,
    LinesField,
    TagsField,
    TextField,
    VersionField,
    countries,
)


class CustomerForm(Form):
    """Who a customer is."""

    name = TextField(_l("Name"), most=200)
    email = EmailField(_l("E-mail address"))
    phone = TextField(_l("Phone"), most=40)
    country = ChoiceField(_l("Country"), options=countries, search=True)
    locale = ChoiceField(_l("Language"), hint=_l("Of invoices and packing slips; without one, your own."))
    reference = TextField(_l("Reference"), most=120, hint=_l("The customer's number in your own system."))
    version = VersionField()


class AddressForm(Form):
    """Where a customer lives."""

    line1 = TextField(_l("Street and number"), most=200)
    line2 = TextField(_l("Further details"), most=200)
    postcode = TextField(_l("Postcode"), most=20)
    city = TextField(_l("City"), most=120)
    region = TextField(_l("Region"), most=120)
    country = ChoiceField(_l("Country"), options=countries, search=True)
    version = VersionField()


class TagsForm(Form):
    """The words on a customer."""

    tags = TagsField(_l("Tags"), hint=_l("Separate them by commas."))


class TagForm(Form):
    """One word for many customers."""

    name = TextField(_l("Tag"), most=40, required=True)


class NoteForm(Form):
    """Something about a customer."""

    text = LinesField(_l("Note"), most=2000, rows=3, required=True)


class MergeForm(Form):
    """The other row of the same person."""

    other = TextField(
        _l("Reference or e-mail address of the other entry"),
        most=254,
        required=True,
        hint=_l("What it holds comes here, its orders too, and then it is gone."),
    )


class SegmentForm(Form):
    """A name for the conditions of the list."""

    name = TextField(_l("Name"), most=80, required=True)
