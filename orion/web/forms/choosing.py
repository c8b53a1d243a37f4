"""Fields to choose from: one of some options, or any of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation

from orion.contracts.models import normalise
from orion.web.formats import listed
from orion.web.forms.fields import TypedField
from orion.web.forms.typed import one_line, printable
from orion.web.forms.widgets import ChecksInput, PickInput

Options = Iterable[tuple[Any, object]]
Groups = Iterable[tuple[object, Options]]


class ChoiceField(TypedField):
    """One of some options: (value, label) pairs, or a function that gives them. `data` is the value.

    Many options (`search=True`, or more than 40) become a field that is searched by typing; it takes
    the label as well as the value.
    """

    widget = PickInput()
    direction = ""

    def __init__(
        self,
        label: object = None,
        *,
        options: Options | Callable[[], Options] = (),
        search: bool | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(label, **kw)
        self.options: list[tuple[Any, object]] = list(options() if callable(options) else options)
        self._search = search

    @property
    def search(self) -> bool:
        """Whether one types to find an option."""
        return len(self.options) > 40 if self._search is None else self._search

    def read(self, text: str) -> Any:
        return one_line(text)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is not None:
            self.data = self._found(self.data)

    def _found(self, wanted: Any) -> Any:
        """The option that is meant. The options may have been set after the form was read."""
        for value, _label in self.options:
            if str(value) == str(wanted):
                return value
        if self.search:
            text = normalise(str(wanted))
            meant = [value for value, label in self.options if normalise(str(label)) == text]
            if len(meant) == 1:
                return meant[0]
        raise StopValidation(_("Choose one of the list."))

    def written(self, value: Any) -> str:
        return next((str(label) for v, label in self.options if str(v) == str(value)), str(value))

    def _value(self) -> str:
        if not self.search:
            return "" if self.data is None else str(self.data)
        return self.written(self.data) if self.data is not None else printable(self.typed or "")

    def missing(self) -> str:
        return _("Choose something for “%(field)s”.", field=self.label.text)


class ChoicesField(Field):
    """Any of some options, as boxes to check. `data` is a list of values in the options' order.

    `groups` gives the same options under headings: (heading, [(value, label), …]), or is a function that
    does; a label may be (label, hint). Many short ones stand `in_columns`.
    """

    widget = ChecksInput()

    def __init__(
        self,
        label: object = None,
        *,
        options: Options | Callable[[], Options] = (),
        groups: Groups | Callable[[], Groups] = (),
        hint: object = "",
        required: bool = False,
        in_columns: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(label, description=hint, **kw)
        self.in_columns = in_columns
        found = list(options() if callable(options) else options)
        grouped = groups() if callable(groups) else groups
        self.groups = [(heading, list(under)) for heading, under in grouped] or (
            [("", found)] if found else []
        )
        self.required = required

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())

    def process_formdata(self, values: Sequence[Any]) -> None:
        self.data = [str(value) for value in values]

    def pre_validate(self, form: Any) -> None:
        chosen = {str(value) for value in self.data or ()}
        offered = [value for _heading, under in self.groups for value, _label in under]
        if chosen - {str(value) for value in offered}:
            self.data = [value for value in offered if str(value) in chosen]
            raise StopValidation(_("Choose from the list."))
        self.data = [value for value in offered if str(value) in chosen]
        if self.required and not self.data:
            raise StopValidation(_("Choose something for “%(field)s”.", field=self.label.text))

    def shown(self) -> str:
        """The labels of what is chosen."""
        chosen = {str(value) for value in self.data or ()}
        labels = [lab for _h, under in self.groups for value, lab in under if str(value) in chosen]
        return listed(label[0] if isinstance(label, tuple) else label for label in labels)
