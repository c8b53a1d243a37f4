"""Forms: what a module declares, and how its views answer (docs/forms.md)."""

from wtforms import FieldList, FormField

from orion.web.forms.answers import confirm_page, done, form_page
from orion.web.forms.base import Confirm, Form, Part
from orion.web.forms.choosing import ChoiceField, ChoicesField
from orion.web.forms.fields import (
    DateField,
    EmailField,
    FlagField,
    LinesField,
    PasswordField,
    TagsField,
    TextField,
    TypedField,
    VersionField,
)
from orion.web.forms.lists import countries, currencies, languages, zones
from orion.web.forms.numbers import DecimalField, MoneyField, QuantityField
from orion.web.undo import Undo, undoes

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "Confirm",
    "DateField",
    "DecimalField",
    "EmailField",
    "FieldList",
    "FlagField",
    "Form",
    "FormField",
    "LinesField",
    "MoneyField",
    "Part",
    "PasswordField",
    "QuantityField",
    "TagsField",
    "TextField",
    "TypedField",
    "Undo",
    "VersionField",
    "confirm_page",
    "countries",
    "currencies",
    "done",
    "form_page",
    "languages",
    "undoes",
    "zones",
]
