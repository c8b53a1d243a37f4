"""Fields that people need. Each turns what was typed into one type, or says in a sentence why it can't."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, EmailInput, HiddenInput, PasswordInput, TextInput

from orion.contracts.errors import Invalid
from orion.contracts.models import normalise
from orion.contracts.periods import read_date
from orion.web.forms.typed import (
    many_lines,
    one_line,
    printable,
    shorter,
)
from orion.web.forms.widgets import AreaInput, DateInput


class TypedField(Field):
    """What all fields share. `required` asks for something; `hint` stands below the label.

    A field reads text with `read(text)`, which raises Invalid; `data` is None where nothing was
    typed. What was typed stays in the field when it was wrong.
    """

    widget = TextInput()
    #: What an empty field gives.
    nothing: Any = None
    #: Attributes of its own.
    attributes: Mapping[str, str] = {}
    #: What is written in it reads in its own direction; empty where the browser has a control of its own.
    direction = "auto"

    def __init__(self, label: object = None, *, required: bool = False, hint: object = "", **kw: Any) -> None:
        super().__init__(label, validators=(), description=hint, render_kw=dict(self.attributes), **kw)
        if required:
            self.flags.required = True

    def __call__(self, **kwargs: Any) -> Any:
        own = {"dir": self.direction} if self.direction and self._value() else {}
        return super().__call__(**{**own, **kwargs})

    @property
    def optional(self) -> bool:
        """Whether it may stay empty."""
        return "required" not in self.flags

    @property
    def typed(self) -> str | None:
        """What somebody typed, as it came; None where the form was not sent."""
        return str(self.raw_data[0]) if self.raw_data else None

    def process_formdata(self, values: Sequence[Any]) -> None:
        text = str(values[0]) if values else ""
        self.data = self.nothing
        if text.strip():
            try:
                self.data = self.read(text)
            except Invalid as error:
                raise ValueError(error.message) from None

    def read(self, text: str) -> Any:
        """The value of a text that isn't blank. Raises Invalid."""
        return one_line(text)

    def written(self, value: Any) -> str:
        """A value as the field shows it."""
        return str(value)

    def _value(self) -> str:
        if self.typed is not None:
            return printable(self.typed)
        return "" if self.data is None else self.written(self.data)

    def shown(self) -> str:
        """The value in words, for people who compare."""
        return "" if self.data is None else self.written(self.data)

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()
        if self.flags.required and self.data in (None, "", (), []):
            raise StopValidation(self.missing())

    def missing(self) -> str:
        """What is said where something must be typed."""
        return _("Fill in “%(field)s”.", field=self.label.text)


class TextField(TypedField):
    """One line of text, without spaces around it. `most` characters at the most."""

    nothing = ""

    def __init__(self, label: object = None, *, most: int = 200, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.flags.maxlength = self.most = most

    def read(self, text: str) -> str:
        return shorter(one_line(text), self.most)


class LinesField(TextField):
    """Text of several lines."""

    widget = AreaInput()

    def __init__(self, label: object = None, *, most: int = 10_000, rows: int = 4, **kw: Any) -> None:
        super().__init__(label, most=most, **kw)
        self.rows = rows

    def read(self, text: str) -> str:
        return shorter(many_lines(text), self.most)


class EmailField(TextField):
    """An e-mail address in its normal form and lower case. Nothing is asked of the network."""

    widget = EmailInput()

    def __init__(self, label: object = None, *, most: int = 254, **kw: Any) -> None:
        super().__init__(label, most=most, **kw)

    def read(self, text: str) -> str:
        try:
            found = validate_email(one_line(text), check_deliverability=False)
        except EmailNotValidError:
            raise Invalid(_("This is not an e-mail address.")) from None
        return shorter(found.normalized.lower(), self.most)


class PasswordField(TextField):
    """A secret: never sent back to the page, and taken exactly as it was typed."""

    widget = PasswordInput(hide_value=True)
    attributes: Mapping[str, str] = {"autocomplete": "new-password"}

    def __init__(self, label: object = None, *, most: int = 1000, **kw: Any) -> None:
        super().__init__(label, most=most, **kw)

    def read(self, text: str) -> str:
        return shorter(text, self.most)


class DateField(TypedField):
    """A local date."""

    widget = DateInput()
    direction = ""

    def read(self, text: str) -> date:
        return read_date(text.strip())

    def written(self, value: Any) -> str:
        return str(value.isoformat())


class FlagField(Field):
    """Yes or no."""

    widget = CheckboxInput()

    def __init__(self, label: object = None, *, hint: object = "", **kw: Any) -> None:
        super().__init__(label, description=hint, **kw)

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, values: Sequence[Any]) -> None:
        self.data = bool(values) and values[0] not in ("", "0", "no", "false")

    def _value(self) -> str:
        return "yes"

    def shown(self) -> str:
        """The value in words."""
        return _("Yes") if self.data else _("No")


class TagsField(TypedField):
    """Words or phrases between commas of any script; `data` is a list, each once, whatever its case."""

    def __init__(self, label: object = None, *, most: int = 20, longest: int = 40, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.most, self.longest = most, longest

    def process_formdata(self, values: Sequence[Any]) -> None:
        self.data = []
        super().process_formdata(values)
        self.data = self.data or []

    def read(self, text: str) -> list[str]:
        tags: dict[str, str] = {}
        for tag in map(one_line, re.split(r"[,;،؛\n]", text)):
            tags.setdefault(normalise(tag), tag)
        found = [tag for key, tag in tags.items() if key]
        if len(found) > self.most:
            raise Invalid(ngettext("At most one tag.", "At most %(num)s tags.", self.most))
        for tag in found:
            shorter(tag, self.longest)
        return found

    def written(self, value: Any) -> str:
        return ", ".join(value)


class VersionField(Field):
    """The version of the row that somebody began to edit (see Form)."""

    widget = HiddenInput()

    def process_formdata(self, values: Sequence[Any]) -> None:
        text = str(values[0]) if values else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)
