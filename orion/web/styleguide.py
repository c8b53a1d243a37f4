"""The living style guide: every class and macro that a module's author may use, on one page."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, render_template

from orion.contracts.forms import (
    ChoiceField,
    ChoicesField,
    DateField,
    FieldList,
    FlagField,
    Form,
    FormField,
    LinesField,
    MoneyField,
    Part,
    QuantityField,
    TagsField,
    TextField,
    VersionField,
    countries,
)
from orion.web.forms.base import Difference

blueprint = Blueprint("styleguide", __name__)


class ExamplePart(Part):
    """A line of the example."""

    sku = TextField("SKU", most=40, required=True)
    price = MoneyField("Price", required=True)


class ExampleForm(Form):
    """Every kind of field."""

    title = TextField("Title", most=120, required=True, hint="As it stands on the invoice.")
    description = LinesField("Description")
    status = ChoiceField("Status", options=[("draft", "Draft"), ("active", "Active")], required=True)
    country = ChoiceField("Country", options=countries, search=True)
    price = MoneyField("Price", required=True)
    stock = QuantityField("Pieces in stock", required=True)
    available_on = DateField("Available from")
    tags = TagsField("Tags", hint="Between commas.")
    shown_on = ChoicesField(
        "Shown on", options=[("web", ("Web shop", "For everybody")), ("till", ("Till", "For the team"))]
    )
    gift = FlagField("May be wrapped as a gift")
    variants = FieldList(FormField(ExamplePart, label="Variant"))
    version = VersionField()


EXAMPLE = SimpleNamespace(
    title="Desk lamp",
    description="Brass, with a dimmer.",
    status="active",
    country="LU",
    price=8900,
    stock=12,
    available_on=date(2026, 11, 23),
    tags=["brass", "desk"],
    shown_on=["web"],
    gift=True,
    variants=[{"sku": "LAMP-1", "price": 8900}],
    version=3,
    currency="EUR",
)


def init_app(app: Flask) -> None:
    """Serve it at /_styleguide."""
    app.register_blueprint(blueprint)


@blueprint.get("/_styleguide")
def page() -> str:
    """The page."""
    return render_template("styleguide.html", **examples())


def examples() -> dict[str, Any]:
    """What the page shows: a form with errors, and one that somebody else was quicker with."""
    return {"form": _example(), "clashing": _clashing(), "sent_at": datetime(2026, 11, 23, 14, 5, tzinfo=UTC)}


def _example() -> Form:
    form = ExampleForm(obj=EXAMPLE, prefix="sg", formdata=None, meta={"csrf": False})
    form.refuse({"sg-price": ["Not less than €0.00."]}, "A sentence about the whole form.")
    return form


def _clashing() -> Form:
    form = Form(prefix="clash", formdata=None, meta={"csrf": False})
    form.differences = [Difference("Title", "Desk lamp, brass", "Desk lamp with dimmer")]
    return form
