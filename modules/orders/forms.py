"""Forms of the order pages."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.orders.models import Line, Order
from modules.orders.services import Entry, EntryLine, RefundLine
from orion.contracts.errors import Invalid
from orion.contracts.forms import (
    ChoiceField,
    DecimalField,
    EmailField,
    FieldList,
    FlagField,
    Form,
    FormField,
    LinesField,
    MoneyField,
    Part,
    QuantityField,
    TextField,
    VersionField,
    countries,
)

#: Rows that an entry begins with, and that "More lines" adds.
ROWS = 4
MOST_ROWS = 200


class EntryPart(Part):
    """One line of an order that is entered. A row without anything in it is no line."""

    sku = TextField(_l("SKU"), most=120)
    title = TextField(_l("Item"), most=300)
    quantity = QuantityField(_l("Quantity"), least=1, most=1_000_000)
    unit_price = MoneyField(_l("Unit price"))
    tax_rate = DecimalField(_l("Tax in percent"), most=Decimal(100), places=2)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(field.data not in (None, "") for field in self)


class EntryForm(Form):
    """An order that is entered by hand."""

    platform = ChoiceField(_l("Platform"), required=True)
    customer_name = TextField(_l("Customer"), most=200)
    email = EmailField(_l("E-mail address"), hint=_l("A customer with this address gets the order."))
    country = ChoiceField(_l("Country"), options=countries, search=True)
    ship_to = LinesField(_l("Ship to"), most=600, rows=4)
    lines = FieldList(FormField(EntryPart), _l("Line"), min_entries=ROWS, max_entries=MOST_ROWS)
    find = TextField(_l("Find a product"), most=120)
    version = VersionField()

    def entry(self) -> Entry:
        """What was typed. Raises Invalid (`errors` by field) for a line that lacks something."""
        errors: dict[str, list[str]] = {}
        lines = []
        for part in (entry.form for entry in self.lines if not entry.form.is_blank):
            for field, words in ((part.quantity, _("How many?")), (part.unit_price, _("At what price?"))):
                if field.data is None:
                    errors[field.name] = [words]
            if not (part.title.data or part.sku.data):
                errors[part.title.name] = [_("What is sold?")]
            lines.append(
                (part.title.data, part.quantity.data, part.unit_price.data, part.sku.data, part.tax_rate.data)
            )
        if errors:
            raise Invalid(errors=errors)
        return Entry(
            platform=self.platform.data,
            currency=self.money_in,
            lines=[
                EntryLine(title or sku, quantity, price, sku, rate)
                for title, quantity, price, sku, rate in lines
            ],
            customer_name=self.customer_name.data,
            email=self.email.data,
            country=self.country.data or "",
            ship_to=self.ship_to.data,
        )

    def add_rows(self) -> None:
        """Some more empty lines."""
        for _row in range(min(ROWS, MOST_ROWS - len(self.lines))):
            self.lines.append_entry()

    def add_line(self, picked: Mapping[str, Any]) -> None:
        """Put a product into the first empty row: `{sku, title, unit_price, tax_rate}`."""
        if all(not entry.form.is_blank for entry in self.lines):
            self.add_rows()
        free = next((entry.form for entry in self.lines if entry.form.is_blank), None)
        if free is not None:
            free.process(data={"quantity": 1, **picked})
            for field in free:
                field.raw_data = None  # The row was sent empty; now it says what was picked.


class ShipPart(Part):
    """How many units of one line go into the parcel."""

    quantity = QuantityField(_l("Units"), most=1_000_000_000)


class ShipForm(Form):
    """A parcel: what is in it, and how to follow it."""

    carrier = TextField(_l("Carrier"), most=80)
    tracking = TextField(_l("Tracking number"), most=120)
    lines = FieldList(FormField(ShipPart))


class RefundPart(Part):
    """How many units of one line are taken back, and for how much money."""

    quantity = QuantityField(_l("Units"), most=1_000_000_000)
    amount = MoneyField(_l("Amount"), hint=_l("Empty: what the units cost"))

    def line(self, position: int) -> RefundLine:
        """What was typed for the line at a position."""
        return RefundLine(position, self.quantity.data or 0, self.amount.data)


class RefundForm(Form):
    """Money that goes back."""

    reason = TextField(_l("Reason"), most=300)
    restock = FlagField(_l("Put what came back on the shelf again"))
    lines = FieldList(FormField(RefundPart))


class CancelForm(Form):
    """Why an order is cancelled."""

    reason = TextField(_l("Reason"), most=300)


class NoteForm(Form):
    """Something for the timeline."""

    text = LinesField(_l("Note"), most=2000, rows=2, required=True)


@contextmanager
def by_place(lines: Sequence[Line]) -> Iterator[None]:
    """Say what a service refuses of a line (`line-<position>`) at the line's row in the form."""
    try:
        yield
    except Invalid as error:
        rows = {f"line-{line.position}": f"lines-{row}-quantity" for row, line in enumerate(lines)}
        errors = {rows.get(name, name): sentences for name, sentences in error.errors.items()}
        raise Invalid(error.message, errors) from None


def entry_form(
    order: Order | None, lines: Sequence[Line], platforms: Sequence[tuple[str, str]], **about: Any
) -> EntryForm:
    """The form of a new order, or of a draft. `about` may know the customer."""
    only = platforms[0][0] if len(platforms) == 1 else None
    rows = [_as_typed(line) for line in lines]
    form = EntryForm(obj=order, data={"platform": only, **about, "lines": rows})
    form.platform.options = list(platforms)
    form.platform.data = form.platform.data or only
    return form


def _as_typed(line: Line) -> dict[str, Any]:
    net = line.total - (line.tax or 0)
    rate = None if line.tax is None or not net else (Decimal(line.tax) * 100 / net).quantize(Decimal("0.1"))
    price = line.total // line.quantity if line.quantity else line.total
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": price,
        "tax_rate": rate,
    }
